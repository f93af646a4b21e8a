package dev.seiche.metrics.statistics;

import dev.seiche.tensor.Rng;
import java.util.Arrays;
import java.util.function.DoubleUnaryOperator;
import java.util.function.ToDoubleFunction;

/**
 * Percentile intervals by resampling with replacement (Efron 1979): the draws must be independent of each other, the
 * statistic may be any function of them. Deterministic in the key.
 *
 * @param estimate of all draws
 * @param low      lower end, in the statistic's unit
 * @param high     upper end
 */
public record Bootstrap(double estimate, double low, double high) {

    /**
     * The interval of a statistic of n independent draws.
     *
     * @param draws     number of draws, n
     * @param statistic of the draws with these numbers, 0 to n - 1, some repeated
     * @param level     probability that the interval should cover, in (0, 1)
     * @param times     resamples; 1,000 settle a 95% interval to a few percent of its width
     */
    public static Bootstrap of(int draws, ToDoubleFunction<int[]> statistic, double level, int times, Rng rng) {
        if (draws < 2 || times < 1 || !(level > 0 && level < 1)) {
            throw new IllegalArgumentException(
                    "bootstrap: needs 2 draws, 1 resample and a level in (0, 1), got %d, %d, %s"
                            .formatted(draws, times, level));
        }
        double[] values = new double[times];
        int[] some = new int[draws];
        for (int t = 0; t < times; t++) {
            Rng key = rng.fold(t);
            for (int i = 0; i < draws; i++) {
                some[i] = key.below(i, draws);
            }
            values[t] = statistic.applyAsDouble(some);
        }
        Arrays.setAll(some, i -> i);
        double tail = (1 - level) / 2;
        return new Bootstrap(
                statistic.applyAsDouble(some), Summary.quantile(values, tail), Summary.quantile(values, 1 - tail));
    }

    /** The interval of a function of the mean of independent numbers. */
    public static Bootstrap ofMean(double[] numbers, DoubleUnaryOperator of, double level, int times, Rng rng) {
        return of(
                numbers.length,
                some -> {
                    double sum = 0;
                    for (int i : some) {
                        sum += numbers[i];
                    }
                    return of.applyAsDouble(sum / some.length);
                },
                level,
                times,
                rng);
    }
}
