package dev.seiche.metrics.statistics;

import org.hipparchus.special.Erf;

/** The standard normal distribution. */
public final class Normal {
    private static final double ROOT_2 = Math.sqrt(2);
    private static final double LOG_ROOT_TWO_PI = 0.5 * Math.log(2 * Math.PI);

    /** Below this the probability underflows, and its logarithm is taken from the asymptotic series. */
    private static final double FAR = -30;

    private Normal() {}

    /** P(Z at most z). */
    public static double cdf(double z) {
        return 0.5 * Erf.erfc(-z / ROOT_2);
    }

    /** P(Z above z), without the cancellation of 1 - cdf. */
    public static double upper(double z) {
        return cdf(-z);
    }

    /** ln P(Z at most z), for any finite z. */
    public static double logCdf(double z) {
        return z > FAR ? Math.log(cdf(z)) : -0.5 * z * z - Math.log(-z) - LOG_ROOT_TWO_PI - 1 / (z * z);
    }

    /**
     * The z with cdf(z) = p.
     *
     * @param p in (0, 1)
     */
    public static double quantile(double p) {
        if (p > 0.5) {
            return -quantile(1 - p);
        }
        double z = -ROOT_2 * Erf.erfcInv(2 * p); // eight digits far out
        double density = Math.exp(-0.5 * z * z - LOG_ROOT_TWO_PI);
        return z - (cdf(z) - p) / density;
    }
}
