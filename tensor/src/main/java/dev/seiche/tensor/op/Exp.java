package dev.seiche.tensor.op;

/** {@code y = e^x}. Overflows to infinity above about 88.7 (f32) and 709.8 (f64). */
public record Exp() implements Unary {}
