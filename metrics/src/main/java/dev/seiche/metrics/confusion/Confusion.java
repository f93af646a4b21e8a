package dev.seiche.metrics.confusion;

import dev.seiche.autograd.sample.Gram;
import dev.seiche.metrics.noise.NoiseScale;
import dev.seiche.metrics.statistics.KernelDensity;
import dev.seiche.metrics.statistics.Summary;
import java.util.Arrays;
import java.util.function.IntPredicate;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;

/**
 * What some pairs of gradients say: their inner products and cosines, pair by pair. The minimum of n cosines is an extreme
 * value: for n = 100 independent N(m, s^2) it is about m - 2.5 s, so compare minima of equal n only. Immutable; arrays are
 * shared and must not be changed.
 *
 * @param products  inner products, in squared units of the gradient
 * @param cosines   in [-1, 1]; NaN where a gradient is 0
 * @param distances |g_a - g_b|, in units of the gradient: the gradient disparity of Forouzesh and Thiran 2021
 */
@SuppressWarnings("ArrayRecordComponent") // numeric, handed on, never compared
public record Confusion(double[] products, double[] cosines, double[] distances) {

    /** The pairs that {@code first[k]} and {@code second[k]} name, from all inner products. */
    static Confusion of(double[][] inner, int[] first, int[] second) {
        double[] products = new double[first.length];
        double[] cosines = new double[first.length];
        double[] distances = new double[first.length];
        for (int k = 0; k < first.length; k++) {
            double a = inner[first[k]][first[k]];
            double b = inner[second[k]][second[k]];
            double ab = inner[first[k]][second[k]];
            products[k] = ab;
            cosines[k] = cosine(ab, a, b);
            distances[k] = distance(ab, a, b);
        }
        return new Confusion(products, cosines, distances);
    }

    /** From the inner product and the squared norms. */
    static double cosine(double product, double squaredA, double squaredB) {
        return Gram.cosine(product, Math.sqrt(squaredA), Math.sqrt(squaredB));
    }

    static double distance(double product, double squaredA, double squaredB) {
        return Math.sqrt(Math.max(0, squaredA + squaredB - 2 * product));
    }

    /** All pairs of different samples, each once. */
    public static Confusion ofSamples(Gram gram) {
        return ofSamples(gram.toArray());
    }

    /** All pairs of different samples, from their inner products [n][n]. */
    public static Confusion ofSamples(double[][] gram) {
        return ofSamples(gram, pair -> true);
    }

    /** Pairs of samples of the same class. */
    public static Confusion within(double[][] gram, int[] labels) {
        return ofSamples(gram, pair -> labels[pair / gram.length] == labels[pair % gram.length]);
    }

    /** Pairs of samples of different classes. */
    public static Confusion between(double[][] gram, int[] labels) {
        return ofSamples(gram, pair -> labels[pair / gram.length] != labels[pair % gram.length]);
    }

    private static Confusion ofSamples(double[][] gram, IntPredicate wanted) {
        int n = gram.length;
        int[] pairs = IntStream.range(0, n * n)
                .filter(pair -> pair / n < pair % n && wanted.test(pair))
                .toArray();
        return of(
                gram,
                Arrays.stream(pairs).map(pair -> pair / n).toArray(),
                Arrays.stream(pairs).map(pair -> pair % n).toArray());
    }

    /** The pairs of this and of the other: of another run, as the paper pools five. */
    public Confusion merge(Confusion other) {
        return new Confusion(
                concat(products, other.products), concat(cosines, other.cosines), concat(distances, other.distances));
    }

    private static double[] concat(double[] a, double[] b) {
        return DoubleStream.concat(Arrays.stream(a), Arrays.stream(b)).toArray();
    }

    /** Number of pairs. */
    public int pairs() {
        return products.length;
    }

    /** eta of Def. 2.1, max(0, -min of the inner products), in squared units of the gradient; 0 is none. NaN for no pair. */
    public double bound() {
        return pairs() == 0
                ? Double.NaN
                : Math.max(0, -Arrays.stream(products).min().orElse(Double.NaN));
    }

    /** Minimum, quantiles, mean, deviation of the cosines. */
    public Summary summary() {
        return Summary.of(cosines);
    }

    /** Share of pairs with a negative inner product, in [0, 1]. */
    public double negative() {
        return Arrays.stream(products).filter(p -> p < 0).count() / (double) pairs();
    }

    /** The mean of the signs of the inner products, in [-1, 1]: the sign stiffness of Fort et al. 2019. */
    public double signStiffness() {
        return Arrays.stream(products).map(Math::signum).average().orElse(Double.NaN);
    }

    /** The mean cosine, in [-1, 1]: the cosine stiffness of Fort et al. 2019. */
    public double cosineStiffness() {
        return Summary.mean(cosines);
    }

    /**
     * The noise scale that pairs of mini-batches tell, each batch against both together.
     *
     * @param batch samples in a mini-batch
     */
    public NoiseScale noiseScale(int batch) {
        NoiseScale sum = NoiseScale.EMPTY;
        for (int k = 0; k < pairs(); k++) {
            double squares = distances[k] * distances[k] + 2 * products[k]; // |a|^2 + |b|^2
            double both = (squares + 2 * products[k]) / 4;
            sum = sum.merge(NoiseScale.ofTwoBatches(batch, squares / 2, 2.0 * batch, both));
        }
        return sum;
    }

    /** The density of the cosines, as the paper plots it. */
    public KernelDensity density() {
        return KernelDensity.of(cosines);
    }

    @Override
    public String toString() {
        Summary cos = summary();
        return "%d pairs: bound %.3g, cosines min %.3f, median %.3f, negative %.0f%%"
                .formatted(pairs(), bound(), cos.min(), cos.median(), 100 * negative());
    }
}
