package dev.seiche.tensor.op;

/** {@code y = min(a, b)}. Where equal, each operand gets half the derivative. NaN if either is NaN. */
public record Minimum() implements Binary {}
