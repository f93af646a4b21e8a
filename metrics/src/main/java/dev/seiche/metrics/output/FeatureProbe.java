package dev.seiche.metrics.output;

import dev.seiche.metrics.BatchGradients;
import dev.seiche.metrics.MetricSink;
import dev.seiche.metrics.Need;
import dev.seiche.metrics.StatelessMetric;
import dev.seiche.metrics.statistics.Summary;
import dev.seiche.nn.train.Schedule;
import dev.seiche.nn.train.Step;
import java.util.Set;

/** Measures the lengths of the {@link Features} of the first examples: {@code features/norm_mean} and so on. Stateless. */
public final class FeatureProbe implements StatelessMetric {
    private final BatchGradients source;
    private final int most;
    private final Schedule schedule;
    private final MetricSink sink;

    /** @param most examples, the first ones of the data */
    public FeatureProbe(BatchGradients source, int most, Schedule schedule, MetricSink sink) {
        this.source = source;
        this.most = most;
        this.schedule = schedule;
        this.sink = sink;
    }

    @Override
    public String name() {
        return "features";
    }

    @Override
    public Schedule schedule() {
        return schedule;
    }

    @Override
    public Set<Need> needs() {
        return Set.of(Need.OUTPUTS);
    }

    @Override
    public void observe(Step step) {
        Summary norms = Summary.of(Features.norms(source, step.weights(), step.scope(), source.first(most)));
        sink.put(step.index(), "features/norm_mean", norms.mean());
        sink.put(step.index(), "features/norm_sd", norms.deviation());
        sink.put(step.index(), "features/norm_max", norms.max());
    }
}
