package dev.seiche.tensor.op;

/** {@code y = 1 / (1 + e^-x)}, in [0, 1], without overflow for either sign. Derivative {@code y (1 - y)}. */
public record Sigmoid() implements Unary {}
