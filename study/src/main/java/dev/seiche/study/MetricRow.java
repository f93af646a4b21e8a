package dev.seiche.study;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The measurements of one step: metric name to number. Names group with {@code /}, as in {@code lr=0.1/grad/cos}.
 *
 * <p>Values may be NaN or infinite. Filled by one thread and then handed over.
 */
public final class MetricRow {
    private final long step;
    private final Map<String, Double> values = new LinkedHashMap<>();

    /** @param step the step that was measured, from 0 */
    public MetricRow(long step) {
        if (step < 0) {
            throw new IllegalArgumentException("metric row: step must be at least 0, got " + step);
        }
        this.step = step;
    }

    /**
     * Adds one measurement.
     *
     * @param name  not empty, no blanks or control characters, not {@code step}, not used before in this row
     * @param value any double
     * @return this row
     */
    public MetricRow put(String name, double value) {
        if (name.isEmpty() || name.equals("step") || name.chars().anyMatch(c -> c <= ' ' || c == '"' || c == '\\')) {
            throw new IllegalArgumentException("metric row: '" + name + "' cannot be a metric's name");
        }
        if (values.putIfAbsent(name, value) != null) {
            throw new IllegalArgumentException("metric row: '" + name + "' was given twice for step " + step);
        }
        return this;
    }

    /** The step that was measured. */
    public long step() {
        return step;
    }

    /** The measurements, in the order in which they were put. */
    public Map<String, Double> values() {
        return Collections.unmodifiableMap(values);
    }
}
