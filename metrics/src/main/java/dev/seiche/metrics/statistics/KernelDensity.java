package dev.seiche.metrics.statistics;

import java.util.Arrays;

/**
 * A Gaussian kernel density: f(x) = mean over the points of N(x; point, h^2), in units of 1/point. Immutable.
 */
public final class KernelDensity {
    private final double[] points;
    private final double bandwidth;

    private KernelDensity(double[] points, double bandwidth) {
        this.points = points;
        this.bandwidth = bandwidth;
    }

    /**
     * With Scott's bandwidth h = s n^(-1/5), s the standard deviation: the default of SciPy. NaN entries are left out.
     *
     * @throws IllegalArgumentException when fewer than two points differ
     */
    public static KernelDensity of(double... points) {
        Moments moments =
                Moments.of(Arrays.stream(points).filter(p -> !Double.isNaN(p)).toArray());
        return of(moments.deviation() * Math.pow((double) moments.count(), -0.2), points);
    }

    /** With this bandwidth, above 0, in the points' unit. NaN entries are left out. */
    public static KernelDensity of(double bandwidth, double[] points) {
        if (!(bandwidth > 0)) {
            throw new IllegalArgumentException(
                    "kernel density: the bandwidth must be above 0, got " + bandwidth + "; do the points differ?");
        }
        return new KernelDensity(
                Arrays.stream(points).filter(p -> !Double.isNaN(p)).toArray(), bandwidth);
    }

    public double bandwidth() {
        return bandwidth;
    }

    /** The density at x. */
    public double at(double x) {
        double sum = 0;
        for (double point : points) {
            double z = (x - point) / bandwidth;
            sum += Math.exp(-0.5 * z * z);
        }
        return sum / (points.length * bandwidth * Math.sqrt(2 * Math.PI));
    }

    /** The density at n equally spaced places from {@code from} to {@code to}, both included. */
    public double[] on(double from, double to, int n) {
        double[] out = new double[n];
        for (int i = 0; i < n; i++) {
            out[i] = at(from + (to - from) * i / (n - 1));
        }
        return out;
    }
}
