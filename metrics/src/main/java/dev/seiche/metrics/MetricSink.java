package dev.seiche.metrics;

/**
 * Takes measurements as they are made: into a file, a table, a terminal. Called on the trainer's thread, step by step;
 * within a step every name comes at most once, and the order of names is always the same.
 */
@FunctionalInterface
public interface MetricSink {
    /**
     * One measurement.
     *
     * @param step  the step it belongs to, from 0
     * @param name  groups with {@code /}, as in {@code grad/cos/fc1}
     * @param value any double; NaN where nothing can be said
     */
    void put(long step, String name, double value);

    /** Hands every measurement to both. */
    default MetricSink and(MetricSink other) {
        return (step, name, value) -> {
            put(step, name, value);
            other.put(step, name, value);
        };
    }

    /** The same measurements under names that begin with {@code prefix}. */
    default MetricSink prefixed(String prefix) {
        return (step, name, value) -> put(step, prefix + name, value);
    }
}
