package dev.seiche.metrics.tail;

import dev.seiche.metrics.statistics.Moments;
import dev.seiche.tensor.Rng;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.IntStream;

/**
 * Gradient noise at fixed weights: one row for each mini-batch, gradient minus centre, and one column for each coordinate of
 * the parameters, in their order. In f64. Immutable; arrays are shared and must not be changed.
 *
 * @param rows    [batches][coordinates]
 * @param columns what each coordinate belongs to
 */
@SuppressWarnings("ArrayRecordComponent") // large, numeric, handed on, never compared
public record GradientNoise(double[][] rows, List<Column> columns) {
    /**
     * Consecutive coordinates of one parameter.
     *
     * @param parameter its name
     * @param layer     the layer's name
     * @param count     coordinates
     */
    public record Column(String parameter, String layer, int count) {}

    public GradientNoise {
        columns = List.copyOf(columns);
        int width = columns.stream().mapToInt(Column::count).sum();
        if (rows.length < 2) {
            throw new IllegalArgumentException("gradient noise: needs 2 mini-batches, got " + rows.length);
        }
        for (double[] row : rows) {
            if (row.length != width) {
                throw new IllegalArgumentException(
                        "gradient noise: columns for " + width + " coordinates, but a row has " + row.length);
            }
        }
    }

    /** Of a single unnamed parameter: the whole row is one. */
    public static GradientNoise of(double[][] rows) {
        return new GradientNoise(rows, List.of(new Column("all", "all", rows[0].length)));
    }

    /** Number of mini-batches, P. */
    public int batches() {
        return rows.length;
    }

    /** Number of coordinates, M. */
    public int coordinates() {
        return rows[0].length;
    }

    /** All rows one after the other, P M numbers: as the published code pools them. */
    public double[] pooled() {
        double[] all = new double[Math.multiplyExact(batches(), coordinates())];
        for (int p = 0; p < batches(); p++) {
            System.arraycopy(rows[p], 0, all, p * coordinates(), coordinates());
        }
        return all;
    }

    /** The P draws of one coordinate. */
    public double[] coordinate(int j) {
        double[] draws = new double[batches()];
        for (int p = 0; p < draws.length; p++) {
            draws[p] = rows[p][j];
        }
        return draws;
    }

    /** The noise of each layer, in order. */
    public Map<String, GradientNoise> byLayer() {
        return by(Column::layer);
    }

    /** The noise of each parameter, in order. */
    public Map<String, GradientNoise> byParameter() {
        return by(Column::parameter);
    }

    private Map<String, GradientNoise> by(Function<Column, String> key) {
        Set<String> keys = new LinkedHashSet<>();
        columns.forEach(column -> keys.add(key.apply(column)));
        Map<String, GradientNoise> out = new LinkedHashMap<>();
        for (String each : keys) {
            List<Column> mine = new ArrayList<>();
            IntStream.Builder places = IntStream.builder();
            int at = 0;
            for (Column column : columns) {
                if (key.apply(column).equals(each)) {
                    mine.add(column);
                    IntStream.range(at, at + column.count).forEach(places::add);
                }
                at += column.count;
            }
            out.put(each, new GradientNoise(select(places.build().toArray()), mine));
        }
        return out;
    }

    /** The columns at these places, in this order. */
    double[][] select(int[] places) {
        double[][] out = new double[batches()][places.length];
        for (int p = 0; p < batches(); p++) {
            for (int j = 0; j < places.length; j++) {
                out[p][j] = rows[p][places[j]];
            }
        }
        return out;
    }

    /** Places of the coordinates that are not the same in all mini-batches. */
    public int[] varying() {
        return IntStream.range(0, coordinates())
                .filter(j -> IntStream.range(1, batches()).anyMatch(p -> rows[p][j] != rows[0][j]))
                .toArray();
    }

    /** Minus the mean of its own rows, as the published code centres. Sums over all P rows are then 0. */
    public GradientNoise centred() {
        double[] mean = new double[coordinates()];
        for (double[] row : rows) {
            for (int j = 0; j < mean.length; j++) {
                mean[j] += row[j] / batches();
            }
        }
        double[][] out = new double[batches()][coordinates()];
        for (int p = 0; p < batches(); p++) {
            for (int j = 0; j < mean.length; j++) {
                out[p][j] = rows[p][j] - mean[j];
            }
        }
        return new GradientNoise(out, columns);
    }

    /** Varying coordinates only, each divided by its root mean square over the mini-batches. Unnamed. */
    public GradientNoise standardised() {
        double[][] out = select(varying());
        for (int j = 0; j < out[0].length; j++) {
            double sum = 0;
            for (double[] row : out) {
                sum += row[j] * row[j];
            }
            double scale = Math.sqrt(sum / out.length);
            for (double[] row : out) {
                row[j] /= scale;
            }
        }
        return of(out);
    }

    /** Share of numbers that are exactly 0, in [0, 1]. */
    public double zeroShare() {
        long zeros = 0;
        for (double[] row : rows) {
            for (double each : row) {
                zeros += each == 0 ? 1 : 0;
            }
        }
        return zeros / ((double) batches() * coordinates());
    }

    /** Mean over varying coordinates of the excess kurtosis over mini-batches: 0 for Gaussian noise. NaN for none. */
    public double meanExcessKurtosis() {
        return IntStream.of(varying())
                .mapToDouble(j -> Moments.of(coordinate(j)).excessKurtosis())
                .average()
                .orElse(Double.NaN);
    }

    /**
     * Noise of the same shape that is exactly Gaussian and has this noise's covariance: every row is sum of z_p row_p /
     * sqrt(P), with independent z_p ~ N(0, 1). What any estimator reads on it is what it reads on Gaussian noise here.
     * Work: P^2 M.
     */
    public GradientNoise gaussianTwin(Rng rng) {
        double[][] out = new double[batches()][coordinates()];
        double[] weights = new double[batches()];
        for (int p = 0; p < batches(); p++) {
            rng.fold(p).normal(weights);
            for (int q = 0; q < batches(); q++) {
                double weight = weights[q] / Math.sqrt(batches());
                for (int j = 0; j < coordinates(); j++) {
                    out[p][j] += weight * rows[q][j];
                }
            }
        }
        return new GradientNoise(out, columns);
    }

    @Override
    public String toString() {
        return "gradient noise of " + batches() + " mini-batches in " + coordinates() + " coordinates";
    }
}
