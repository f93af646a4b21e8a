package dev.seiche.tensor.op;

/** {@code y = x} above 0, else {@code slope * x}; the derivative at 0 is the slope. NaN stays NaN. */
public record LeakyRelu(double slope) implements Unary {}
