package dev.seiche.metrics.tail;

import dev.seiche.metrics.statistics.Summary;

/**
 * A symmetric alpha-stable law fitted to the empirical characteristic function: ln(-ln|phi(t)|^2) = ln(2 scale^alpha) +
 * alpha ln t is a straight line in ln t; its slope is alpha. Koutrouvelis, "Regression-type estimation of the parameters of
 * stable laws", 1980, in its symmetric form with one pass. Uses the middle of the law more than its tail. The mean need not
 * be removed: |phi| does not see it.
 *
 * @param alpha slope; may pass 2 by noise
 * @param scale in the unit of the draws
 */
public record CharacteristicFit(double alpha, double scale) {
    private static final int POINTS = 10;

    /**
     * Fits draws in any order.
     *
     * @throws IllegalArgumentException when half of them or more are equal, so that they have no scale
     */
    public static CharacteristicFit of(double... x) {
        double middle = Summary.median(x);
        double[] distances = new double[x.length];
        for (int i = 0; i < x.length; i++) {
            distances[i] = Math.abs(x[i] - middle);
        }
        double unit = Summary.median(distances); // 0.95 to 1 scales for alpha from 2 to 1
        if (!(unit > 0)) {
            throw new IllegalArgumentException("characteristic fit: half of the " + x.length + " draws are equal to "
                    + middle + "; leave out what is exactly 0");
        }
        double sx = 0;
        double sy = 0;
        double sxx = 0;
        double sxy = 0;
        for (int k = 1; k <= POINTS; k++) {
            double t = k / (double) POINTS; // where |phi| is between 0.9 and 0.37: neither 1 nor lost in noise
            double logT = Math.log(t);
            double y = Math.log(-Math.log(squaredModulus(x, middle, t / unit)));
            sx += logT;
            sy += y;
            sxx += logT * logT;
            sxy += logT * y;
        }
        double alpha = (POINTS * sxy - sx * sy) / (POINTS * sxx - sx * sx);
        double intercept = (sy - alpha * sx) / POINTS;
        return new CharacteristicFit(alpha, unit * Math.pow(Math.exp(intercept) / 2, 1 / alpha));
    }

    private static double squaredModulus(double[] x, double middle, double t) {
        double cosines = 0;
        double sines = 0;
        for (double each : x) {
            cosines += Math.cos(t * (each - middle));
            sines += Math.sin(t * (each - middle));
        }
        double n = x.length;
        return (cosines / n) * (cosines / n) + (sines / n) * (sines / n);
    }
}
