package dev.seiche.tensor.op;

/** {@code y = 1} where a >= b, else 0, in the operands' dtype. NaN compares false. Derivative zero. */
public record GreaterEqual() implements Binary {}
