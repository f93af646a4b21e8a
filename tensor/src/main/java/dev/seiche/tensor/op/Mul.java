package dev.seiche.tensor.op;

/** {@code y = a * b}. Bilinear. */
public record Mul() implements Binary {}
