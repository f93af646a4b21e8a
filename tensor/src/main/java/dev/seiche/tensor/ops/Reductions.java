package dev.seiche.tensor.ops;

import dev.seiche.tensor.Shape;
import dev.seiche.tensor.Value;
import dev.seiche.tensor.op.ArgMax;
import dev.seiche.tensor.op.Max;
import dev.seiche.tensor.op.Moments;
import dev.seiche.tensor.op.Reshape;
import dev.seiche.tensor.op.Sum;
import java.util.List;

/** Ops that fold axes. Axes count from the front, or from the end when negative; none named means all. */
public interface Reductions<T extends Value> extends Elementwise<T> {
    /** Sum over these axes, which are dropped; over all when none is named. */
    default T sum(T x, int... axes) {
        return apply(new Sum(Axes.of(x, axes), false), List.of(x));
    }

    /** Sum over these axes, kept at size 1; over all when none is named. */
    default T sumKeep(T x, int... axes) {
        return apply(new Sum(Axes.of(x, axes), true), List.of(x));
    }

    /** Mean over these axes, which are dropped; over all when none is named. NaN over no elements. */
    default T mean(T x, int... axes) {
        return scale(sum(x, axes), 1.0 / Axes.count(x, axes));
    }

    /** Mean over these axes, kept at size 1. */
    default T meanKeep(T x, int... axes) {
        return scale(sumKeep(x, axes), 1.0 / Axes.count(x, axes));
    }

    /** Mean (first) and biased variance (second) over these axes, which are dropped: [2, ...]; over all when none is named. */
    default T moments(T x, int... axes) {
        return apply(new Moments(Axes.of(x, axes)), List.of(x));
    }

    /** Maximum over these axes, which are dropped; over all when none is named. */
    default T max(T x, int... axes) {
        return apply(new Max(Axes.of(x, axes), false), List.of(x));
    }

    /** Maximum over these axes, kept at size 1. */
    default T maxKeep(T x, int... axes) {
        return apply(new Max(Axes.of(x, axes), true), List.of(x));
    }

    /** Minimum over these axes, which are dropped. */
    default T min(T x, int... axes) {
        return neg(max(neg(x), axes));
    }

    /** Index (i32) of the first largest element along an axis, which is dropped. */
    default T argMax(T x, int axis) {
        return apply(new ArgMax(x.shape().axis(axis)), List.of(x));
    }

    /** {@code ln sum e^x} over one axis, which is dropped, without overflow. */
    default T logSumExp(T x, int axis) {
        T top = stopGradient(maxKeep(x, axis));
        return add(log(sum(exp(sub(x, top)), axis)), sum(top, axis));
    }

    /** The inner product of two tensors of one shape, as a scalar. */
    default T dot(T a, T b) {
        return sum(mul(a, b));
    }

    /** x summed down to {@code to}, a shape that broadcasts to x's: the adjoint of broadcasting. */
    default T sumTo(T x, Shape to) {
        if (x.shape().equals(to)) {
            return x;
        }
        List<Integer> axes = Axes.stretched(to, x.shape());
        T summed = axes.isEmpty() ? x : apply(new Sum(axes, false), List.of(x));
        return summed.shape().equals(to) ? summed : apply(new Reshape(to), List.of(summed));
    }
}
