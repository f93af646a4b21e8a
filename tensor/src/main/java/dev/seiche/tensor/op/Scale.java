package dev.seiche.tensor.op;

/** {@code y = factor * x}. Linear. */
public record Scale(double factor) implements Unary {}
