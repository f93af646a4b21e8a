package dev.seiche.metrics.output;

import dev.seiche.metrics.BatchGradients;
import dev.seiche.metrics.MetricSink;
import dev.seiche.metrics.Need;
import dev.seiche.metrics.StatelessMetric;
import dev.seiche.metrics.statistics.Summary;
import dev.seiche.nn.train.Schedule;
import dev.seiche.nn.train.Step;

/** Measures the lengths of the {@link Features} of the first examples: {@code features/norm_mean} and so on. Stateless. */
public final class FeatureProbe extends StatelessMetric {
    private final BatchGradients source;
    private final int most;

    /** @param most examples, the first ones of the data */
    public FeatureProbe(BatchGradients source, int most, Schedule schedule, MetricSink sink) {
        super("features", schedule, sink, Need.OUTPUTS);
        this.source = source;
        this.most = most;
    }

    @Override
    public void observe(Step step) {
        Summary norms = Summary.of(Features.norms(source, step.weights(), step.scope(), source.first(most)));
        sink.put(step.index(), "features/norm_mean", norms.mean());
        sink.put(step.index(), "features/norm_sd", norms.deviation());
        sink.put(step.index(), "features/norm_max", norms.max());
    }
}
