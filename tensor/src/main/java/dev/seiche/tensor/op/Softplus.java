package dev.seiche.tensor.op;

/** {@code y = ln(1 + e^x)}, computed as {@code max(x,0) + log1p(e^-|x|)}. Derivative sigmoid(x). */
public record Softplus() implements Unary {}
