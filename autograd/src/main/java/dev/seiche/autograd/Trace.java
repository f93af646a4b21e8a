package dev.seiche.autograd;

import dev.seiche.tensor.Value;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a {@link Tape} has recorded so far: one number per variable, in recording order, so that inputs come before results.
 * A view of the tape, confined to its thread.
 *
 * @param <T> what the interpreter under the tape computes with
 */
public final class Trace<T extends Value> {
    /** The number of every constant, which a tape knows nothing about. */
    public static final int CONSTANT = Var.CONSTANT;

    private final Tape<T> tape;
    private final List<@Nullable Step<T>> steps;

    Trace(Tape<T> tape, List<? extends @Nullable Step<T>> steps) {
        this.tape = tape;
        this.steps = Collections.unmodifiableList(steps);
    }

    /** The number of a variable of this tape, or {@link #CONSTANT}. */
    public int number(Var<T> variable) {
        tape.requireMine(variable, "trace");
        return variable.id();
    }

    /** The number of a watched leaf; throws for another variable. */
    public int leaf(Var<T> variable) {
        tape.requireLeaf(variable);
        return variable.id();
    }

    /** The op that made the variable of this number; null for a watched leaf. */
    public @Nullable Step<T> step(int number) {
        return steps.get(number);
    }
}
