package dev.seiche.metrics;

import dev.seiche.nn.NamedTensors;
import dev.seiche.nn.train.Schedule;
import dev.seiche.nn.train.Step;
import dev.seiche.tensor.Scope;
import dev.seiche.tensor.Tensor;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/** Several metrics as one, each at its own schedule, in order. Closes them. */
public final class MetricSet implements Metric {
    private final List<Metric> metrics;

    private MetricSet(List<Metric> metrics) {
        this.metrics = List.copyOf(metrics);
        Set<String> names = new HashSet<>();
        for (Metric metric : this.metrics) {
            if (!names.add(metric.name())) {
                throw new IllegalArgumentException("metrics: two are called '" + metric.name() + "'");
            }
        }
    }

    /** These metrics, which the set closes. */
    public static MetricSet of(Metric... metrics) {
        return new MetricSet(List.of(metrics));
    }

    /** This and one more. */
    public MetricSet and(Metric metric) {
        return new MetricSet(Stream.concat(metrics.stream(), Stream.of(metric)).toList());
    }

    /** In order. */
    public List<Metric> metrics() {
        return metrics;
    }

    @Override
    public String name() {
        return "metrics";
    }

    @Override
    public Schedule schedule() {
        return step -> metrics.stream().anyMatch(metric -> metric.schedule().at(step));
    }

    /** All that any of them needs at some step. */
    @Override
    public Set<Need> needs() {
        Set<Need> all = new HashSet<>();
        metrics.forEach(metric -> all.addAll(metric.needs()));
        return all;
    }

    /** What the metrics that are due at a step need. */
    public Set<Need> needs(long step) {
        Set<Need> all = new HashSet<>();
        metrics.stream().filter(metric -> metric.schedule().at(step)).forEach(metric -> all.addAll(metric.needs()));
        return all;
    }

    @Override
    public void observe(Step step) {
        for (Metric metric : metrics) {
            if (metric.schedule().at(step.index())) {
                metric.observe(step);
            }
        }
    }

    @Override
    public Map<String, Tensor> capture(Scope into) {
        Map<String, Tensor> state = new LinkedHashMap<>();
        metrics.forEach(metric -> state.putAll(NamedTensors.prefixed(metric.name() + "/", metric.capture(into))));
        return state;
    }

    @Override
    public void restore(Map<String, Tensor> captured) {
        metrics.forEach(metric -> metric.restore(NamedTensors.under(metric.name() + "/", captured)));
    }

    @Override
    public void close() {
        for (int i = metrics.size() - 1; i >= 0; i--) {
            metrics.get(i).close();
        }
    }
}
