package dev.seiche.metrics.oscillation;

import dev.seiche.metrics.MetricTable;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;

/**
 * One run of an experiment in which only the learning rate varies.
 *
 * @param name         unique in the experiment
 * @param learningRate eta, constant over the run, above 0
 * @param series       what was recorded at every step
 * @param sharpness    largest Hessian eigenvalue by row, at the rows where it was measured; may be empty
 */
public record OscillationArm(
        String name, double learningRate, OscillationSeries series, NavigableMap<Integer, Double> sharpness) {
    public OscillationArm {
        if (!(learningRate > 0)) {
            throw new IllegalArgumentException(
                    "arm '" + name + "': the learning rate is " + learningRate + ", needs to be above 0");
        }
        sharpness = Collections.unmodifiableNavigableMap(new TreeMap<>(sharpness));
    }

    /**
     * The arm that a run's measurements make, under the names of {@link OscillationNames}.
     *
     * @param table  has at least the loss, the gradient's norm and the adjacent cosine of steps 0, 1, ...; a loss of one
     *               more step is the loss after the last one
     * @throws IllegalArgumentException when it holds no adjacent cosine, or a loss or norm is missing
     */
    public static OscillationArm of(String name, double learningRate, MetricTable table) {
        NavigableMap<Long, Double> cosines = table.column(OscillationNames.COS);
        if (cosines.isEmpty()) {
            throw new IllegalArgumentException("arm '" + name + "': no measurement of '" + OscillationNames.COS + "'");
        }
        int rows = Math.toIntExact(cosines.lastKey() + 1);
        int losses = table.column(OscillationNames.LOSS).containsKey((long) rows) ? rows + 1 : rows;
        requireRows(name, OscillationNames.LOSS, table, losses);
        requireRows(name, OscillationNames.NORM, table, rows);
        Map<String, double[]> layers = new LinkedHashMap<>();
        for (String layer : table.under(OscillationNames.LAYER_COS)) {
            layers.put(layer, table.column(OscillationNames.LAYER_COS + layer, rows));
        }
        TreeMap<Integer, Double> sharpness = new TreeMap<>();
        table.column(OscillationNames.SHARPNESS).forEach((row, value) -> {
            if (Double.isFinite(value)) {
                sharpness.put(Math.toIntExact(row), value);
            }
        });
        OscillationSeries series = new OscillationSeries(
                table.column(OscillationNames.LOSS, losses),
                table.column(OscillationNames.NORM, rows),
                table.column(OscillationNames.COS, rows),
                layers);
        return new OscillationArm(name, learningRate, series, sharpness);
    }

    private static void requireRows(String arm, String column, MetricTable table, int rows) {
        int found = table.column(column).headMap((long) rows).size();
        if (found != rows) {
            throw new IllegalArgumentException(
                    "arm '%s': '%s' is measured at %d of the first %d steps".formatted(arm, column, found, rows));
        }
    }
}
