package dev.seiche.autograd.rule;

import dev.seiche.tensor.Shape;
import dev.seiche.tensor.Value;

/**
 * What one use of a parameter adds to the gradients of all samples, without forming them where they are large.
 *
 * @param <T> what the tape computes with
 */
public sealed interface Factors<T extends Value> {
    int samples();

    /** Shape of the parameter. */
    Shape shape();

    /** The gradients themselves: [B, shape...]. For what is small, as biases and norms, and what has no factors. */
    record Rows<T extends Value>(T value) implements Factors<T> {
        @Override
        public int samples() {
            return value.shape().dim(0);
        }

        @Override
        public Shape shape() {
            return value.shape().slice(1, value.shape().rank());
        }
    }

    /**
     * {@code G_i[l, g, r] = sum over positions t of left_i[t, g, l] right_i[t, g, r]}: the parameter in row-major order is
     * the array [left size, groups, right size].
     */
    record Outer<T extends Value>(Side<T> left, Side.Dense<T> right, Shape shape) implements Factors<T> {
        public Outer {
            long size = (long) left.size() * left.groups() * right.size();
            if (left.samples() != right.samples()
                    || left.positions() != right.positions()
                    || left.groups() != right.groups()
                    || size != shape.size()) {
                throw new IllegalArgumentException(
                        "factors: " + left + " and " + right + " do not make gradients of a parameter " + shape);
            }
        }

        @Override
        public int samples() {
            return left.samples();
        }

        /** Positions of one sample. */
        public int positions() {
            return left.positions();
        }

        public int groups() {
            return left.groups();
        }
    }
}
