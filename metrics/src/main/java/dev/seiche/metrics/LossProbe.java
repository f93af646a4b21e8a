package dev.seiche.metrics;

import dev.seiche.nn.train.Schedule;
import dev.seiche.nn.train.Step;
import java.util.Set;

/** Emits {@code loss}, the mean over the step's batch before the weights move, and {@code accuracy} where targets are labels. */
public final class LossProbe implements StatelessMetric {
    private final Schedule schedule;
    private final MetricSink sink;

    public LossProbe(Schedule schedule, MetricSink sink) {
        this.schedule = schedule;
        this.sink = sink;
    }

    @Override
    public String name() {
        return "loss";
    }

    @Override
    public Schedule schedule() {
        return schedule;
    }

    @Override
    public Set<Need> needs() {
        return Set.of(Need.LOSS);
    }

    @Override
    public void observe(Step step) {
        sink.put(step.index(), "loss", step.loss());
        double accuracy = step.measurement().accuracy();
        if (!Double.isNaN(accuracy)) {
            sink.put(step.index(), "accuracy", accuracy);
        }
    }
}
