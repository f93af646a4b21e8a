package dev.seiche.tensor.op;

/** {@code y = -1, 0, 1} by the sign of x. Its derivative is zero everywhere it exists. NaN stays NaN. */
public record Sign() implements Unary {}
