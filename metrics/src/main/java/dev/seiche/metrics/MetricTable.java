package dev.seiche.metrics;

import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;

/**
 * Measurements in memory, by name and step: what a run wrote, or is writing. Filled by one thread. Names keep the order of
 * their first measurement, which for layers is the network's.
 */
public final class MetricTable implements MetricSink {
    private final Map<String, NavigableMap<Long, Double>> columns = new LinkedHashMap<>();

    /** Adds a measurement, or replaces the one of the same step and name. */
    @Override
    public void put(long step, String name, double value) {
        columns.computeIfAbsent(name, key -> new TreeMap<>()).put(step, value);
    }

    /** Names that begin with {@code prefix}, without it, in the order of their first measurement. */
    public List<String> under(String prefix) {
        return columns.keySet().stream()
                .filter(name -> name.startsWith(prefix))
                .map(name -> name.substring(prefix.length()))
                .toList();
    }

    /** The measurements of this name, by step; empty when there is none. */
    public NavigableMap<Long, Double> column(String name) {
        return Collections.unmodifiableNavigableMap(columns.getOrDefault(name, new TreeMap<>()));
    }

    /** The measurements of this name at steps 0 .. rows - 1; NaN where there is none. */
    public double[] column(String name, int rows) {
        double[] values = new double[rows];
        Arrays.fill(values, Double.NaN);
        column(name).headMap((long) rows).forEach((step, value) -> values[Math.toIntExact(step)] = value);
        return values;
    }
}
