package dev.seiche.tensor.op;

/** {@code y = x + offset}. Derivative 1. */
public record Shift(double offset) implements Unary {}
