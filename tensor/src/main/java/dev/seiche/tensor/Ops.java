package dev.seiche.tensor;

import dev.seiche.tensor.ops.Convolution;
import dev.seiche.tensor.ops.LinearAlgebra;
import dev.seiche.tensor.ops.Losses;
import dev.seiche.tensor.ops.Randomness;

/**
 * The one op set. Networks, losses and derivative rules are written against it, and an interpreter gives it meaning:
 * {@link Eager} computes, a tape records, a dual carries tangents, a shape checker computes nothing. Interpreters stack.
 *
 * @param <T> what the interpreter computes with
 */
public interface Ops<T extends Value> extends Losses<T>, Convolution<T>, LinearAlgebra<T>, Randomness<T> {}
