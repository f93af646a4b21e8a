package dev.seiche.tensor.op;

/** {@code y = ln x}. -infinity at 0, NaN below. */
public record Log() implements Unary {}
