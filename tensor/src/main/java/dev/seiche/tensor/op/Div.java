package dev.seiche.tensor.op;

/** {@code y = a / b}. IEEE: infinity or NaN where b is 0. */
public record Div() implements Binary {}
