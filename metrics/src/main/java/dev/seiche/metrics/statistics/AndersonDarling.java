package dev.seiche.metrics.statistics;

import java.util.Arrays;

/**
 * The test of Anderson and Darling (1954) whether numbers are from some normal distribution, mean and variance estimated
 * from the same numbers: A^2 = -n - (1/n) sum (2i - 1) (ln F(z_i) + ln(1 - F(z_{n+1-i}))). It weighs the tails. The p-value
 * is the approximation of D'Agostino and Stephens (1986) to A*^2 = A^2 (1 + 0.75/n + 2.25/n^2), whose critical values are
 * 0.631, 0.752, 0.873 and 1.035 at 10%, 5%, 2.5% and 1%.
 */
public final class AndersonDarling {
    private AndersonDarling() {}

    /**
     * Tests 8 or more numbers, in any order.
     *
     * @return A^2, not yet corrected for n, and the p-value
     * @throws IllegalArgumentException for fewer than 8 numbers, or when all are equal
     */
    public static TestResult of(double... values) {
        int n = values.length;
        if (n < 8) {
            throw new IllegalArgumentException("anderson-darling: takes 8 numbers or more, got " + n);
        }
        Moments moments = Moments.of(values);
        if (!(moments.m2() > 0)) {
            throw new IllegalArgumentException("anderson-darling: needs numbers that differ, all are " + values[0]);
        }
        double[] z = new double[n];
        for (int i = 0; i < n; i++) {
            z[i] = (values[i] - moments.mean()) / moments.deviation();
        }
        Arrays.sort(z);
        double sum = 0;
        for (int i = 0; i < n; i++) {
            sum += (2 * i + 1) * (Normal.logCdf(z[i]) + Normal.logCdf(-z[n - 1 - i]));
        }
        double a = -n - sum / n;
        return new TestResult(a, probability(corrected(a, n)));
    }

    /** A*^2, which the critical values belong to, from A^2 of n numbers. */
    public static double corrected(double a, int n) {
        return a * (1 + 0.75 / n + 2.25 / ((double) n * n));
    }

    /** The p-value of A*^2. */
    static double probability(double a) {
        if (a >= 13) {
            return 0; // the fitted parabola turns up again beyond
        }
        if (a >= 0.6) {
            return Math.exp(1.2937 - 5.709 * a + 0.0186 * a * a);
        }
        if (a >= 0.34) {
            return Math.exp(0.9177 - 4.279 * a - 1.38 * a * a);
        }
        if (a >= 0.2) {
            return 1 - Math.exp(-8.318 + 42.796 * a - 59.938 * a * a);
        }
        return 1 - Math.exp(-13.436 + 101.14 * a - 223.73 * a * a);
    }
}
