package dev.seiche.autograd.rule;

import dev.seiche.tensor.Op;

/** A derivative was asked of an op that has none. The message names the op, the reason and a way out. */
public final class NonDifferentiableException extends RuntimeException {
    private static final long serialVersionUID = 1;

    NonDifferentiableException(Op op, String why) {
        super(op.name() + ": has no derivative: " + why
                + "; where only its value is wanted, wrap its input in stopGradient");
    }
}
