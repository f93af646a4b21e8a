package dev.seiche.tensor.op;

/** {@code y = x^(1/2)}. NaN below 0; the derivative is infinite at 0. */
public record Sqrt() implements Unary {}
