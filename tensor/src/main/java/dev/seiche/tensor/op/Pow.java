package dev.seiche.tensor.op;

/** {@code y = x^exponent} for a fixed exponent, as Math.pow: NaN for x below 0 and a fractional exponent. */
public record Pow(double exponent) implements Unary {}
