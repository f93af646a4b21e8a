package dev.seiche.metrics.oscillation;

import java.util.Arrays;

/** Order statistics of finite numbers. */
public final class Quantiles {
    private Quantiles() {}

    /** Middle of sorted numbers, the mean of the two middle ones for an even count; NaN for none. */
    public static double median(double[] sorted) {
        int n = sorted.length;
        return n == 0 ? Double.NaN : n % 2 == 1 ? sorted[n / 2] : (sorted[n / 2 - 1] + sorted[n / 2]) / 2;
    }

    /** The smallest number that at least the share p of all does not exceed; NaN for none. */
    static double quantile(double[] values, double p) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        return sorted.length == 0 ? Double.NaN : sorted[Math.max(0, (int) Math.ceil(p * sorted.length) - 1)];
    }
}
