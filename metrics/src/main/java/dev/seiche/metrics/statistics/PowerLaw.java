package dev.seiche.metrics.statistics;

import java.util.Arrays;

/**
 * The tail p(x) ~ x^-alpha for x >= from, fitted to positive values by maximum likelihood; the tail begins where the fit is
 * nearest to the values by Kolmogorov's distance. Clauset, Shalizi, Newman, "Power-law distributions in empirical data", 2009.
 * Says how steep a power law would be, not that there is one.
 *
 * @param alpha    above 1: 1 + n / sum ln(x_i / from) over the tail; NaN for fewer than 2 positive values that differ
 * @param from     smallest value of the tail, in the unit of the values
 * @param count    values in the tail, n
 * @param distance largest difference of the two distribution functions over the tail, in [0, 1]
 */
public record PowerLaw(double alpha, double from, int count, double distance) {
    /** A tail of fewer values fits anything. */
    private static final int LEAST = 10;

    /** Of the positive ones among some values. Work: the square of their number. */
    public static PowerLaw fit(double... values) {
        double[] sorted = Arrays.stream(values).filter(x -> x > 0).sorted().toArray();
        PowerLaw best = new PowerLaw(Double.NaN, Double.NaN, sorted.length, Double.POSITIVE_INFINITY);
        int last = Math.max(0, sorted.length - LEAST);
        for (int first = 0; first <= last && first < sorted.length; first++) {
            PowerLaw fit = from(sorted, first);
            if (fit.distance < best.distance) {
                best = fit;
            }
        }
        return best;
    }

    private static PowerLaw from(double[] sorted, int first) {
        int n = sorted.length - first;
        double sum = 0;
        for (int i = first; i < sorted.length; i++) {
            sum += Math.log(sorted[i] / sorted[first]);
        }
        if (sum == 0) {
            return new PowerLaw(Double.NaN, sorted[first], n, Double.POSITIVE_INFINITY);
        }
        double exponent = n / sum;
        double distance = 0;
        for (int i = first; i < sorted.length; i++) {
            double law = 1 - Math.pow(sorted[i] / sorted[first], -exponent);
            double below = (double) (i - first) / n;
            distance = Math.max(distance, Math.max(Math.abs(law - below), Math.abs(law - below - 1.0 / n)));
        }
        return new PowerLaw(1 + exponent, sorted[first], n, distance);
    }

    /**
     * The exponent s of values that fall like rank^-s: minus the slope of ln x over ln rank by least squares, over values
     * above 1e-9 of the largest. NaN for fewer than 2.
     */
    public static double ofRanks(double... values) {
        double[] sorted = Arrays.stream(values).sorted().toArray();
        double largest = sorted.length == 0 ? 0 : sorted[sorted.length - 1];
        Moments ranks = Moments.EMPTY;
        double products = 0;
        double sum = 0;
        for (int k = 1; k <= sorted.length && sorted[sorted.length - k] > 1e-9 * largest; k++) {
            double value = Math.log(sorted[sorted.length - k]);
            ranks = ranks.plus(Math.log(k));
            products += Math.log(k) * value;
            sum += value;
        }
        double squares = ranks.variance() * (ranks.count() - 1);
        return -(products - ranks.mean() * sum) / squares;
    }
}
