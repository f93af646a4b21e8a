package dev.seiche.metrics.tail;

import dev.seiche.metrics.statistics.Summary;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The tail index of the iterates of SGD rather than of its noise: with a constant learning rate their stationary law has
 * power tails, heavier for a larger ratio of rate to batch size. Gurbuzbalaban, Simsekli, Zhu, "The heavy-tail phenomenon in
 * SGD", ICML 2021.
 */
public final class IterateTail {
    private static final List<Integer> RUN_BLOCKS = List.of(2, 5, 10, 20, 50, 100, 40);
    private static final List<Integer> LAYER_BLOCKS = List.of(2, 5, 10, 20, 50, 100, 500, 1000);

    private IterateTail() {}

    /**
     * From many independent runs, as published: averages over each run's late iterates, minus the least-squares solution (or
     * any common centre); the median of the multivariate estimate over K1 in {2, 5, 10, 20, 40, 50, 100}. Blocks larger than
     * half the runs are left out.
     *
     * @param averages [runs][dimensions]
     * @param centre   [dimensions]
     */
    public static double ofRuns(double[][] averages, double[] centre) {
        double[][] deviations = new double[averages.length][centre.length];
        for (int run = 0; run < averages.length; run++) {
            for (int j = 0; j < centre.length; j++) {
                deviations[run][j] = averages[run][j] - centre[j];
            }
        }
        return TailIndex.medianOfVectors(
                deviations, RUN_BLOCKS.stream().mapToInt(Integer::intValue).toArray());
    }

    /**
     * From the averaged late iterate of one run of a network, one layer at a time, as published: the layer's weights minus
     * their mean, and the median over K1 in {2, 5, 10, 20, 50, 100, 500, 1000}. Pools coordinates as if of one law; see
     * {@link Pooling} for what that does.
     */
    public static double ofLayer(double[] weights) {
        double mean = Arrays.stream(weights).average().orElse(Double.NaN);
        double[] deviations = Arrays.stream(weights).map(w -> w - mean).toArray();
        List<Double> estimates = new ArrayList<>();
        for (int k1 : LAYER_BLOCKS) {
            if (k1 <= weights.length / 2) {
                estimates.add(TailIndex.ofBlocks(deviations, k1));
            }
        }
        return Summary.median(
                estimates.stream().mapToDouble(Double::doubleValue).toArray());
    }
}
