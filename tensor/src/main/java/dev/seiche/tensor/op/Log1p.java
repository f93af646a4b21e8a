package dev.seiche.tensor.op;

/** {@code y = ln(1 + x)}, accurate for small x. NaN below -1. */
public record Log1p() implements Unary {}
