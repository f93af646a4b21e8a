package dev.seiche.tensor.op;

/** {@code y = -x}. Linear. */
public record Neg() implements Unary {}
