package dev.seiche.tensor.op;

/**
 * {@code y = a + factor b}, broadcasting: what {@code add(a, scale(b, factor))} computes. A step of gradient descent is
 * {@code AddScaled(-rate)} of weights and gradient, into the weights; a momentum is {@code AddScaled(mu)} of the gradient
 * and itself, into itself.
 */
public record AddScaled(double factor) implements Binary, FusedOp {}
