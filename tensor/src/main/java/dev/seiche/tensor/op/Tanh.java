package dev.seiche.tensor.op;

/** {@code y = tanh x}, in [-1, 1]. Derivative {@code 1 - y^2}. */
public record Tanh() implements Unary {}
