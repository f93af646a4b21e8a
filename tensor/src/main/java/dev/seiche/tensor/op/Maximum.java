package dev.seiche.tensor.op;

/** {@code y = max(a, b)}. Where equal, each operand gets half the derivative. NaN if either is NaN. */
public record Maximum() implements Binary {}
