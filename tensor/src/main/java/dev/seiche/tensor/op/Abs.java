package dev.seiche.tensor.op;

/** {@code y = |x|}. Derivative sign(x), taken as 0 at 0. NaN stays NaN. */
public record Abs() implements Unary {}
