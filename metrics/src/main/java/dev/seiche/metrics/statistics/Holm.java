package dev.seiche.metrics.statistics;

import java.util.Comparator;
import java.util.stream.IntStream;

/**
 * Holm's correction (1979) for many tests: with it, the chance of one or more false rejections among all tests is at most the
 * level, whatever their dependence.
 */
public final class Holm {
    private Holm() {}

    /**
     * Adjusted p-values, in the order given: the i-th smallest (from 0) of n is multiplied by n - i, never below a smaller
     * one's, and at most 1. Reject where the adjusted value is at most the level.
     */
    public static double[] adjust(double... p) {
        int[] order = IntStream.range(0, p.length)
                .boxed()
                .sorted(Comparator.comparingDouble(i -> p[i]))
                .mapToInt(Integer::intValue)
                .toArray();
        double[] adjusted = new double[p.length];
        double before = 0;
        for (int i = 0; i < order.length; i++) {
            before = Math.max(before, Math.min(1, (p.length - i) * p[order[i]]));
            adjusted[order[i]] = before;
        }
        return adjusted;
    }
}
