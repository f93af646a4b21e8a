package dev.seiche.study.gram;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a run found, as it stands in {@code run.json}. All cosines are of pairs of two different samples.
 *
 * @param samples N
 * @param plan how it was computed
 * @param layers all parameters together under {@code all}, then layer by layer
 * @param classes names of the classes
 * @param classMeans mean cosine of pairs by the classes of the two; null without a pair
 * @param classLowest smallest cosine of such pairs
 * @param screening the extremes where not all pairs were computed, with layers and classes empty; else null
 */
public record GramResults(
        int samples,
        long tiles,
        List<String> plan,
        List<Cosines> layers,
        List<String> classes,
        List<List<Double>> classMeans,
        List<List<Double>> classLowest,
        @Nullable Screening screening) {

    /**
     * The extremes of all pairs, found by computing few.
     *
     * @param buckets numbers of each sample's sketch
     * @param deviations within which of an estimate a pair was computed
     */
    public record Screening(int buckets, double deviations, Extreme lowest, Extreme highest) {}

    /**
     * An extreme cosine.
     *
     * @param cosine exact; NaN without a pair
     * @param pair places in the data set
     * @param screened pairs that were estimated
     * @param computed pairs that were computed exactly
     * @param failure bound on the probability that another pair is more extreme
     */
    public record Extreme(double cosine, List<Integer> pair, long screened, long computed, double failure) {}

    /**
     * Cosines of many pairs.
     *
     * @param undefined pairs without a cosine, because a gradient is zero
     * @param quantiles at {@link #SHARES}, each off by at most 1/128 of its value
     * @param histogram counts in equally wide bins from -1 to 1
     */
    public record Cosines(
            String name,
            long pairs,
            long undefined,
            double mean,
            double negativeShare,
            double lowest,
            List<Integer> lowestPair,
            double highest,
            List<Integer> highestPair,
            List<Double> quantiles,
            List<Long> histogram) {
        /** Which quantiles are kept. */
        static final List<Double> SHARES = List.of(0.001, 0.01, 0.05, 0.25, 0.5, 0.75, 0.95, 0.99, 0.999);
    }
}
