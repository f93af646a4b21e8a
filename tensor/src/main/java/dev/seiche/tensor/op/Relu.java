package dev.seiche.tensor.op;

/** {@code y = max(x, 0)}. Derivative 1 above 0, else 0; at 0 it is 0. NaN stays NaN. */
public record Relu() implements Unary {}
