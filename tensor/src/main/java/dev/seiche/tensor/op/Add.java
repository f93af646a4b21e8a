package dev.seiche.tensor.op;

/** {@code y = a + b}. */
public record Add() implements Binary {}
