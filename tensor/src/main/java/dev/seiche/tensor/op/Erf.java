package dev.seiche.tensor.op;

/** {@code y = 2/sqrt(pi) * integral of e^(-t^2) from 0 to x}. Derivative {@code 2/sqrt(pi) e^(-x^2)}. */
public record Erf() implements Unary {}
