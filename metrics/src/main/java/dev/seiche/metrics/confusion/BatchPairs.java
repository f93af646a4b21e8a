package dev.seiche.metrics.confusion;

import dev.seiche.metrics.BatchGradients;
import dev.seiche.nn.ParameterVector;
import dev.seiche.tensor.Rng;
import dev.seiche.tensor.Scope;

/**
 * Random pairs of mini-batches at frozen weights, as the paper draws them: not all pairs of a pool, but 100 fresh pairs. The
 * two of a pair share no sample, because a shared one would push their cosine up by about its share; that is our reading of
 * what the paper leaves open.
 *
 * @param batch samples in a mini-batch
 * @param pairs drawn
 */
public record BatchPairs(int batch, int pairs) {
    public BatchPairs {
        if (batch < 1 || pairs < 1) {
            throw new IllegalArgumentException(
                    "batch pairs: batch and pairs are at least 1, got " + batch + " and " + pairs);
        }
    }

    /** 100 pairs of 128. */
    public static BatchPairs asPublished() {
        return new BatchPairs(128, 100);
    }

    /**
     * Draws pairs and computes two gradients for each.
     *
     * @throws IllegalArgumentException when the data has fewer than two batches
     */
    public Confusion measure(BatchGradients source, ParameterVector weights, Rng rng, Scope scope) {
        double[] products = new double[pairs];
        double[] cosines = new double[pairs];
        double[] distances = new double[pairs];
        for (int k = 0; k < pairs; k++) {
            int[] both = draw(source.data().size(), k, rng);
            try (Scope step = scope.child("pair")) {
                ParameterVector a = source.of(weights, step, half(both, 0));
                ParameterVector b = source.of(weights, step, half(both, batch));
                double ab = a.dot(b);
                double aa = a.dot(a);
                double bb = b.dot(b);
                products[k] = ab;
                cosines[k] = Confusion.cosine(ab, aa, bb);
                distances[k] = Confusion.distance(ab, aa, bb);
            }
        }
        return new Confusion(products, cosines, distances);
    }

    /**
     * The same from the inner products of samples, whose means are those of mini-batches: no further gradient, so any number
     * of batch sizes can be compared at the same weights.
     *
     * @param gram [n][n], n at least 2 batch
     */
    public Confusion ofSamples(double[][] gram, Rng rng) {
        double[] products = new double[pairs];
        double[] cosines = new double[pairs];
        double[] distances = new double[pairs];
        for (int k = 0; k < pairs; k++) {
            int[] both = draw(gram.length, k, rng);
            int[] a = half(both, 0);
            int[] b = half(both, batch);
            double ab = mean(gram, a, b);
            products[k] = ab;
            cosines[k] = Confusion.cosine(ab, mean(gram, a, a), mean(gram, b, b));
            distances[k] = Confusion.distance(ab, mean(gram, a, a), mean(gram, b, b));
        }
        return new Confusion(products, cosines, distances);
    }

    private static double mean(double[][] gram, int[] a, int[] b) {
        double sum = 0;
        for (int i : a) {
            for (int j : b) {
                sum += gram[i][j];
            }
        }
        return sum / ((double) a.length * b.length);
    }

    private int[] half(int[] both, int from) {
        int[] out = new int[batch];
        System.arraycopy(both, from, out, 0, batch);
        return out;
    }

    private int[] draw(int samples, int pair, Rng rng) {
        if (2 * batch > samples) {
            throw new IllegalArgumentException("batch pairs: two disjoint mini-batches of " + batch + " need "
                    + 2 * batch + " samples, there are " + samples);
        }
        return rng.fold(pair).permutation(samples);
    }
}
