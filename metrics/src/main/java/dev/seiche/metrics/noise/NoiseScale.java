package dev.seiche.metrics.noise;

/**
 * Unbiased estimates of the trace of the covariance of sample gradients and of the squared norm of the true gradient, and
 * their ratio, the simple noise scale. McCandlish, Kaplan, Amodei, "An empirical model of large-batch training", 2018. Streaming
 * and mergeable: add the estimates of many steps, then take the ratio; the mean of ratios would be biased.
 *
 * @param count     estimates added up
 * @param traceSum  sum of estimates of tr(Sigma), in squared units of the gradient; a single one may be negative
 * @param signalSum sum of estimates of |G|^2; a single one may be negative
 */
public record NoiseScale(long count, double traceSum, double signalSum) {
    /** Of nothing. */
    public static final NoiseScale EMPTY = new NoiseScale(0, 0, 0);

    /**
     * From the squared norms of a gradient over few samples and of one over more, at the same weights: |G|^2 = (B |g_B|^2 -
     * b |g_b|^2) / (B - b), tr Sigma = (|g_b|^2 - |g_B|^2) / (1/b - 1/B).
     *
     * @param small        b, samples of the smaller one
     * @param squaredSmall |g_b|^2, or its mean over several
     * @param large        B, above b
     * @param squaredLarge |g_B|^2
     */
    public static NoiseScale ofTwoBatches(double small, double squaredSmall, double large, double squaredLarge) {
        if (!(small >= 1 && large > small)) {
            throw new IllegalArgumentException(
                    "noise scale: needs batch sizes 1 <= small < large, got " + small + " and " + large);
        }
        double signal = (large * squaredLarge - small * squaredSmall) / (large - small);
        double trace = (squaredSmall - squaredLarge) / (1 / small - 1 / large);
        return new NoiseScale(1, trace, signal);
    }

    /**
     * From the gradients of n samples: the same with b = 1 and B = n, which is the usual unbiased variance.
     *
     * @param samples     n, 2 or more
     * @param squaredMean squared norm of their mean
     * @param meanSquare  mean of their squared norms
     */
    public static NoiseScale ofSamples(int samples, double squaredMean, double meanSquare) {
        return ofTwoBatches(1, meanSquare, samples, squaredMean);
    }

    /** Both together. */
    public NoiseScale merge(NoiseScale other) {
        return new NoiseScale(count + other.count, traceSum + other.traceSum, signalSum + other.signalSum);
    }

    /** tr(Sigma), in squared units of the gradient. */
    public double trace() {
        return traceSum / count;
    }

    /** |G|^2, in squared units of the gradient. */
    public double signal() {
        return signalSum / count;
    }

    /**
     * B_simple = tr(Sigma) / |G|^2, in samples: batches far below it are mostly noise, far above it mostly waste. Negative or
     * huge where the signal drowns: then the data cannot tell.
     */
    public double simple() {
        return traceSum / signalSum;
    }
}
