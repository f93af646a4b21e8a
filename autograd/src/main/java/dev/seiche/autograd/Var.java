package dev.seiche.autograd;

import dev.seiche.tensor.TensorType;
import dev.seiche.tensor.Value;

/**
 * A value on a {@link Tape}: either tracked, when it is a watched leaf or was computed from one, or a constant. Made by
 * its tape only, and used with that tape only.
 *
 * @param <T> what the interpreter under the tape computes with
 */
public final class Var<T extends Value> implements Value {
    /** The id of a constant, which the tape knows nothing about. */
    static final int CONSTANT = -1;

    private final Tape<T> tape;
    private final T value;
    private final int id;

    Var(Tape<T> tape, T value, int id) {
        this.tape = tape;
        this.value = value;
        this.id = id;
    }

    /** What the interpreter under the tape computed. */
    public T value() {
        return value;
    }

    /** True when a derivative can flow through this variable to a watched leaf. */
    public boolean tracked() {
        return id != CONSTANT;
    }

    Tape<T> tape() {
        return tape;
    }

    /** Position in recording order, or {@link #CONSTANT}. */
    int id() {
        return id;
    }

    @Override
    public TensorType type() {
        return value.type();
    }

    @Override
    public String describe() {
        return value.describe();
    }

    @Override
    public String toString() {
        return (tracked() ? "var " : "constant ") + value;
    }
}
