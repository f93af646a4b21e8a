package dev.seiche.tensor.op;

/** {@code y = a - b}. */
public record Sub() implements Binary {}
