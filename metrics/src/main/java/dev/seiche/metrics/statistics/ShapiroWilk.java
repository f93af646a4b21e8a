package dev.seiche.metrics.statistics;

import java.util.Arrays;

/**
 * The test of Shapiro and Wilk (1965) whether numbers are from some normal distribution, by Royston's approximation (1995,
 * algorithm AS R94). The statistic W is in (0, 1], small where they are not. The p-value is an approximation fitted for 3 to
 * 5,000 numbers.
 */
public final class ShapiroWilk {
    private static final int MOST = 5000;
    private static final double[] LAST = {0, 0.221157, -0.147981, -2.07119, 4.434685, -2.706056};
    private static final double[] LAST_BUT_ONE = {0, 0.042981, -0.293762, -1.752461, 5.682633, -3.582633};
    private static final double[] SMALL_MEAN = {0.544, -0.39978, 0.025054, -6.714e-4};
    private static final double[] SMALL_LOG_SD = {1.3822, -0.77857, 0.062767, -0.0020322};
    private static final double[] LARGE_MEAN = {-1.5861, -0.31082, -0.083751, 0.0038915};
    private static final double[] LARGE_LOG_SD = {-0.4803, -0.082676, 0.0030302};
    private static final double[] SMALL_SHIFT = {-2.273, 0.459};

    private ShapiroWilk() {}

    /**
     * Tests numbers in any order.
     *
     * @throws IllegalArgumentException for fewer than 3 or more than 5,000 numbers, or when all are equal
     */
    public static TestResult of(double... values) {
        int n = values.length;
        if (n < 3 || n > MOST) {
            throw new IllegalArgumentException("shapiro-wilk: takes 3 to " + MOST + " numbers, got " + n);
        }
        double[] x = values.clone();
        Arrays.sort(x);
        if (!(x[n - 1] - x[0] > 0)) {
            throw new IllegalArgumentException("shapiro-wilk: needs numbers that differ, all are " + x[0]);
        }
        double[] a = weights(n);
        double range = x[n - 1] - x[0];
        double centre = Moments.of(x).mean();
        double weighted = 0;
        double squares = 0;
        double weightSquares = 0;
        for (int i = 0; i < n; i++) {
            // divided by the range, so that nothing overflows or underflows
            double deviation = (x[i] - centre) / range;
            double weight = i < n / 2 ? -a[i] : n - 1 - i < n / 2 ? a[n - 1 - i] : 0;
            weighted += weight * deviation;
            squares += deviation * deviation;
            weightSquares += weight * weight;
        }
        double root = Math.sqrt(weightSquares * squares);
        // 1 - W as a product, because W itself rounds to 1
        double rest = (root - weighted) * (root + weighted) / (weightSquares * squares);
        return new TestResult(1 - rest, p(Math.max(rest, 0), n));
    }

    /** Weights of the outer order statistics, from outside in; antisymmetric. */
    private static double[] weights(int n) {
        int half = n / 2;
        if (n == 3) {
            return new double[] {Math.sqrt(0.5)};
        }
        double[] m = new double[half];
        double sum = 0;
        for (int i = 0; i < half; i++) {
            m[i] = Normal.quantile((i + 1 - 0.375) / (n + 0.25));
            sum += 2 * m[i] * m[i];
        }
        double root = Math.sqrt(sum);
        double[] a = new double[half];
        a[0] = polynomial(LAST, 1 / Math.sqrt(n)) - m[0] / root;
        int first = 1;
        double numerator = sum - 2 * m[0] * m[0];
        double denominator = 1 - 2 * a[0] * a[0];
        if (n > 5) {
            a[1] = polynomial(LAST_BUT_ONE, 1 / Math.sqrt(n)) - m[1] / root;
            first = 2;
            numerator -= 2 * m[1] * m[1];
            denominator -= 2 * a[1] * a[1];
        }
        double factor = Math.sqrt(numerator / denominator);
        for (int i = first; i < half; i++) {
            a[i] = -m[i] / factor;
        }
        return a;
    }

    private static double p(double rest, int n) {
        if (n == 3) {
            double w = 1 - rest;
            return Math.max(0, 6 / Math.PI * (Math.asin(Math.sqrt(w)) - Math.asin(Math.sqrt(0.75))));
        }
        double y = Math.log(rest);
        double mean;
        double deviation;
        if (n <= 11) {
            double shift = polynomial(SMALL_SHIFT, n);
            if (y >= shift) {
                return 0;
            }
            y = -Math.log(shift - y);
            mean = polynomial(SMALL_MEAN, n);
            deviation = Math.exp(polynomial(SMALL_LOG_SD, n));
        } else {
            double logN = Math.log(n);
            mean = polynomial(LARGE_MEAN, logN);
            deviation = Math.exp(polynomial(LARGE_LOG_SD, logN));
        }
        return Normal.upper((y - mean) / deviation);
    }

    private static double polynomial(double[] coefficients, double x) {
        double sum = 0;
        for (int i = coefficients.length - 1; i >= 0; i--) {
            sum = sum * x + coefficients[i];
        }
        return sum;
    }
}
