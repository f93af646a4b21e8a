package dev.seiche.metrics.statistics;

/**
 * Count, mean and central moments up to the fourth, of a stream: one number at a time, or pieces merged. Merging gives the
 * moments of all, up to rounding. Immutable. P. Pebay, "Formulas for robust, one-pass parallel computation of covariances
 * and arbitrary-order statistical moments", 2008.
 *
 * @param count numbers seen
 * @param mean  0 for none; ask {@link #mean()}
 * @param m2    sum of squared deviations from the mean
 * @param m3    sum of cubed deviations
 * @param m4    sum of fourth powers of deviations
 */
public record Moments(long count, double mean, double m2, double m3, double m4) {
    /** Of nothing. */
    public static final Moments EMPTY = new Moments(0, 0, 0, 0, 0);

    /** Of these numbers. */
    public static Moments of(double... values) {
        Moments all = EMPTY;
        for (double value : values) {
            all = all.plus(value);
        }
        return all;
    }

    /** With one more number. */
    public Moments plus(double value) {
        return merge(new Moments(1, value, 0, 0, 0));
    }

    /** Of both together. */
    public Moments merge(Moments other) {
        if (count == 0) {
            return other;
        }
        if (other.count == 0) {
            return this;
        }
        double n = (double) count + other.count;
        double a = count / n;
        double b = other.count / n;
        double d = other.mean - mean;
        double mixed = a * b * n * d * d;
        return new Moments(
                count + other.count,
                mean + d * b,
                m2 + other.m2 + mixed,
                m3 + other.m3 + mixed * d * (a - b) + 3 * d * (a * other.m2 - b * m2),
                m4
                        + other.m4
                        + mixed * d * d * (a * a - a * b + b * b)
                        + 6 * d * d * (a * a * other.m2 + b * b * m2)
                        + 4 * d * (a * other.m3 - b * m3));
    }

    /** NaN for none. */
    @Override
    public double mean() {
        return count == 0 ? Double.NaN : mean;
    }

    /** Sum of squared deviations by count - 1; NaN for fewer than two. */
    public double variance() {
        return count < 2 ? Double.NaN : m2 / (count - 1);
    }

    public double deviation() {
        return Math.sqrt(variance());
    }

    /** Fourth standardised moment minus 3: 0 for a Gaussian, 3 for Laplace. NaN for a constant. */
    public double excessKurtosis() {
        return count * m4 / (m2 * m2) - 3;
    }

    /** Third standardised moment; 0 where symmetric. NaN for a constant. */
    public double skewness() {
        return Math.sqrt((double) count) * m3 / Math.pow(m2, 1.5);
    }
}
