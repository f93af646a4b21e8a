package dev.seiche.metrics.statistics;

import java.util.Arrays;

/**
 * What a set of numbers looks like, in their own unit. NaN entries are left out and counted. Immutable.
 *
 * @param count     numbers that are not NaN
 * @param missing   NaN entries
 * @param mean      NaN for none
 * @param deviation standard deviation, divided by count - 1; NaN for fewer than two
 * @param min       the smallest
 * @param p5        5% quantile, by linear interpolation between order statistics
 * @param median    50% quantile
 * @param p95       95% quantile
 * @param max       the largest
 */
public record Summary(
        int count,
        int missing,
        double mean,
        double deviation,
        double min,
        double p5,
        double median,
        double p95,
        double max) {

    /** Of these numbers, in any order. */
    public static Summary of(double... values) {
        double[] sorted = sorted(values);
        Moments moments = Moments.of(sorted);
        return new Summary(
                sorted.length,
                values.length - sorted.length,
                moments.mean(),
                moments.deviation(),
                quantileOfSorted(sorted, 0),
                quantileOfSorted(sorted, 0.05),
                quantileOfSorted(sorted, 0.5),
                quantileOfSorted(sorted, 0.95),
                quantileOfSorted(sorted, 1));
    }

    /**
     * The p-quantile by linear interpolation between order statistics, R's type 7; NaN entries are left out, NaN for none.
     *
     * @param p in [0, 1]
     */
    public static double quantile(double[] values, double p) {
        return quantileOfSorted(sorted(values), p);
    }

    /** The middle, NaN entries left out. */
    public static double median(double... values) {
        return quantile(values, 0.5);
    }

    /** The mean, NaN entries left out. */
    public static double mean(double... values) {
        return Moments.of(sorted(values)).mean();
    }

    private static double quantileOfSorted(double[] sorted, double p) {
        if (sorted.length == 0) {
            return Double.NaN;
        }
        double place = p * (sorted.length - 1);
        int low = (int) Math.floor(place);
        int high = Math.min(low + 1, sorted.length - 1);
        double share = place - low;
        return share == 0 ? sorted[low] : sorted[low] + share * (sorted[high] - sorted[low]);
    }

    private static double[] sorted(double[] values) {
        double[] numbers = Arrays.stream(values).filter(v -> !Double.isNaN(v)).toArray();
        Arrays.sort(numbers);
        return numbers;
    }
}
