package dev.seiche.autograd;

import dev.seiche.tensor.Ops;
import dev.seiche.tensor.Value;
import java.util.Map;

/**
 * The cotangents that one backward pass brought to the watched leaves of a {@link Tape}. They live where the tape's
 * inner interpreter put them: over {@code Eager}, in its scope.
 *
 * @param <T> what the interpreter under the tape computes with
 */
public final class Gradients<T extends Value> {
    private final Tape<T> tape;
    private final Ops<T> ops;
    private final Map<Integer, T> byLeaf;

    Gradients(Tape<T> tape, Ops<T> ops, Map<Integer, T> byLeaf) {
        this.tape = tape;
        this.ops = ops;
        this.byLeaf = byLeaf;
    }

    /**
     * The gradient with respect to a watched leaf, of its type; zeros when the differentiated value does not depend on
     * it.
     *
     * @throws IllegalArgumentException when {@code leaf} was not made by {@link Tape#watch} of the tape that went back
     */
    public T of(Var<T> leaf) {
        tape.requireLeaf(leaf);
        T gradient = byLeaf.get(leaf.id());
        return gradient != null ? gradient : ops.fill(leaf.type(), 0.0);
    }

    /** True when a derivative arrived at this watched leaf, be it zero in value. */
    public boolean reaches(Var<T> leaf) {
        tape.requireLeaf(leaf);
        return byLeaf.containsKey(leaf.id());
    }
}
