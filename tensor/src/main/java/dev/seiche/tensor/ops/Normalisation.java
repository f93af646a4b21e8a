package dev.seiche.tensor.ops;

import dev.seiche.tensor.Shape;
import dev.seiche.tensor.Value;
import dev.seiche.tensor.op.LogSoftmax;
import dev.seiche.tensor.op.Softmax;
import dev.seiche.tensor.op.Standardise;
import java.util.List;
import java.util.stream.IntStream;

/** Softmax, and the norms composed of means and variances. Variances are biased (divided by n), as layers use them. */
public interface Normalisation<T extends Value> extends Reductions<T>, Movement<T> {
    /** Softmax along an axis. */
    default T softmax(T x, int axis) {
        return apply(new Softmax(x.shape().axis(axis)), List.of(x));
    }

    /** Log of softmax along an axis. */
    default T logSoftmax(T x, int axis) {
        return apply(new LogSoftmax(x.shape().axis(axis)), List.of(x));
    }

    /** {@code (x - mean) / sqrt(var + eps)} over these axes: zero mean and unit variance, any affine map left to the caller. */
    default T standardise(T x, double eps, int... axes) {
        return apply(new Standardise(eps, Axes.of(x, axes)), List.of(x));
    }

    /** Each position standardised over its last axis, times gamma[D] plus beta[D]. */
    default T layerNorm(T x, T gamma, T beta, double eps) {
        return add(mul(standardise(x, eps, -1), gamma), beta);
    }

    /**
     * Batch norm with the statistics of this batch: each channel (the last axis) standardised over all other axes, times
     * gamma[C] plus beta[C]. Couples the samples of a batch.
     */
    default T batchNorm(T x, T gamma, T beta, double eps) {
        int[] axes = IntStream.range(0, x.shape().rank() - 1).toArray();
        return add(mul(standardise(x, eps, axes), gamma), beta);
    }

    /** Batch norm with given statistics mean[C] and variance[C]: an affine map per channel. */
    default T batchNormFrozen(T x, T gamma, T beta, T mean, T variance, double eps) {
        T factor = div(gamma, sqrt(shift(variance, eps)));
        return add(mul(sub(x, mean), factor), beta);
    }

    /** Each sample's channels (the last axis, of size C) standardised in groups with all positions, times gamma[C] plus beta[C]. */
    default T groupNorm(T x, int groups, T gamma, T beta, double eps) {
        int channels = x.shape().dim(-1);
        if (groups < 1 || channels % groups != 0) {
            throw new IllegalArgumentException(
                    "group norm: " + channels + " channels do not divide into " + groups + " groups");
        }
        int batch = x.shape().dim(0);
        T grouped = reshape(x, Shape.of(batch, positions(x.shape()), groups, channels / groups));
        return add(mul(reshape(standardise(grouped, eps, 1, 3), x.shape()), gamma), beta);
    }

    private static int positions(Shape shape) {
        return Math.toIntExact(shape.slice(1, shape.rank() - 1).size());
    }
}
