package dev.seiche.tensor.ops;

import dev.seiche.tensor.DType;
import dev.seiche.tensor.TensorType;
import dev.seiche.tensor.Value;
import dev.seiche.tensor.op.Abs;
import dev.seiche.tensor.op.Add;
import dev.seiche.tensor.op.Cast;
import dev.seiche.tensor.op.Clamp;
import dev.seiche.tensor.op.Div;
import dev.seiche.tensor.op.Equal;
import dev.seiche.tensor.op.Erf;
import dev.seiche.tensor.op.Exp;
import dev.seiche.tensor.op.Fill;
import dev.seiche.tensor.op.Greater;
import dev.seiche.tensor.op.GreaterEqual;
import dev.seiche.tensor.op.LeakyRelu;
import dev.seiche.tensor.op.Log;
import dev.seiche.tensor.op.Log1p;
import dev.seiche.tensor.op.Maximum;
import dev.seiche.tensor.op.Minimum;
import dev.seiche.tensor.op.Mul;
import dev.seiche.tensor.op.Neg;
import dev.seiche.tensor.op.Pow;
import dev.seiche.tensor.op.Relu;
import dev.seiche.tensor.op.Scale;
import dev.seiche.tensor.op.Shift;
import dev.seiche.tensor.op.Sigmoid;
import dev.seiche.tensor.op.Sign;
import dev.seiche.tensor.op.Softplus;
import dev.seiche.tensor.op.Sqrt;
import dev.seiche.tensor.op.StopGradient;
import dev.seiche.tensor.op.Sub;
import dev.seiche.tensor.op.Tanh;
import dev.seiche.tensor.op.Where;
import java.util.List;

/** Ops that treat each element by itself, with broadcasting; masks and constants. */
public interface Elementwise<T extends Value> extends Applies<T> {
    /** {@code a + b}, broadcasting. */
    default T add(T a, T b) {
        return apply(new Add(), List.of(a, b));
    }

    /** {@code a - b}, broadcasting. */
    default T sub(T a, T b) {
        return apply(new Sub(), List.of(a, b));
    }

    /** {@code a * b} elementwise, broadcasting. */
    default T mul(T a, T b) {
        return apply(new Mul(), List.of(a, b));
    }

    /** {@code a / b} elementwise, broadcasting. */
    default T div(T a, T b) {
        return apply(new Div(), List.of(a, b));
    }

    /** {@code -x}. */
    default T neg(T x) {
        return apply(new Neg(), List.of(x));
    }

    /** {@code factor * x}. */
    default T scale(T x, double factor) {
        return apply(new Scale(factor), List.of(x));
    }

    /** {@code x + offset}. */
    default T shift(T x, double offset) {
        return apply(new Shift(offset), List.of(x));
    }

    /** {@code |x|}. */
    default T abs(T x) {
        return apply(new Abs(), List.of(x));
    }

    /** -1, 0 or 1. */
    default T sign(T x) {
        return apply(new Sign(), List.of(x));
    }

    /** {@code e^x}. */
    default T exp(T x) {
        return apply(new Exp(), List.of(x));
    }

    /** {@code ln x}. */
    default T log(T x) {
        return apply(new Log(), List.of(x));
    }

    /** {@code ln(1 + x)}. */
    default T log1p(T x) {
        return apply(new Log1p(), List.of(x));
    }

    /** {@code sqrt(x)}. */
    default T sqrt(T x) {
        return apply(new Sqrt(), List.of(x));
    }

    /** {@code x^exponent} for a fixed exponent. */
    default T pow(T x, double exponent) {
        return apply(new Pow(exponent), List.of(x));
    }

    /** {@code x * x}, broadcasting nothing: the square without Pow. */
    default T square(T x) {
        return mul(x, x);
    }

    /** Hyperbolic tangent. */
    default T tanh(T x) {
        return apply(new Tanh(), List.of(x));
    }

    /** {@code 1 / (1 + e^-x)}. */
    default T sigmoid(T x) {
        return apply(new Sigmoid(), List.of(x));
    }

    /** {@code max(x, 0)}. */
    default T relu(T x) {
        return apply(new Relu(), List.of(x));
    }

    /** {@code x} above 0, else {@code slope * x}. */
    default T leakyRelu(T x, double slope) {
        return apply(new LeakyRelu(slope), List.of(x));
    }

    /** {@code ln(1 + e^x)}. */
    default T softplus(T x) {
        return apply(new Softplus(), List.of(x));
    }

    /** The error function. */
    default T erf(T x) {
        return apply(new Erf(), List.of(x));
    }

    /** {@code x * Phi(x)} with the exact normal distribution function: {@code x/2 (1 + erf(x / sqrt 2))}. */
    default T gelu(T x) {
        return mul(scale(x, 0.5), shift(erf(scale(x, Math.sqrt(0.5))), 1.0));
    }

    /** x limited to [low, high]. */
    default T clamp(T x, double low, double high) {
        return apply(new Clamp(low, high), List.of(x));
    }

    /** The larger, broadcasting. */
    default T maximum(T a, T b) {
        return apply(new Maximum(), List.of(a, b));
    }

    /** The smaller, broadcasting. */
    default T minimum(T a, T b) {
        return apply(new Minimum(), List.of(a, b));
    }

    /** Mask of {@code a > b}. */
    default T greater(T a, T b) {
        return apply(new Greater(), List.of(a, b));
    }

    /** Mask of {@code a >= b}. */
    default T greaterEqual(T a, T b) {
        return apply(new GreaterEqual(), List.of(a, b));
    }

    /** Mask of {@code a == b}. */
    default T equal(T a, T b) {
        return apply(new Equal(), List.of(a, b));
    }

    /** Mask of {@code a < b}. */
    default T less(T a, T b) {
        return greater(b, a);
    }

    /** Mask of {@code a <= b}. */
    default T lessEqual(T a, T b) {
        return greaterEqual(b, a);
    }

    /** a where the mask is not 0, else b; all broadcast. */
    default T where(T mask, T a, T b) {
        return apply(new Where(), List.of(mask, a, b));
    }

    /** x in another dtype; x itself where it has it already. */
    default T cast(T x, DType to) {
        return x.dtype() == to ? x : apply(new Cast(to), List.of(x));
    }

    /** The value of x as a constant: no derivative flows through. */
    default T stopGradient(T x) {
        return apply(new StopGradient(), List.of(x));
    }

    /** A tensor of one value. */
    default T fill(TensorType type, double value) {
        return apply(new Fill(type, value), List.of());
    }

    /** Zeros of x's type. */
    default T zerosLike(T x) {
        return fill(x.type(), 0.0);
    }

    /** Ones of x's type. */
    default T onesLike(T x) {
        return fill(x.type(), 1.0);
    }
}
