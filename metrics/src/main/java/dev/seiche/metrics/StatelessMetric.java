package dev.seiche.metrics;

import dev.seiche.nn.train.Schedule;
import dev.seiche.tensor.Scope;
import dev.seiche.tensor.Tensor;
import java.util.Map;
import java.util.Set;

/** A metric of single steps: it keeps nothing between them, so there is nothing to save and nothing to free. */
public abstract class StatelessMetric implements Metric {
    /** Takes what it measures. */
    protected final MetricSink sink;

    private final String name;
    private final Schedule schedule;
    private final Set<Need> needs;

    /**
     * What every such metric has.
     *
     * @param name     unique in a run
     * @param schedule steps that it looks at
     * @param sink     takes what it measures
     * @param needs    what it asks those steps for
     */
    protected StatelessMetric(String name, Schedule schedule, MetricSink sink, Need... needs) {
        this.name = name;
        this.schedule = schedule;
        this.sink = sink;
        this.needs = Set.of(needs);
    }

    @Override
    public final String name() {
        return name;
    }

    @Override
    public final Schedule schedule() {
        return schedule;
    }

    @Override
    public final Set<Need> needs() {
        return needs;
    }

    @Override
    public final Map<String, Tensor> capture(Scope into) {
        return Map.of();
    }

    @Override
    public final void restore(Map<String, Tensor> captured) {}

    @Override
    public final void close() {}
}
