package dev.seiche.metrics;

import dev.seiche.nn.train.Schedule;
import dev.seiche.nn.train.Step;

/** Emits {@code loss}, the mean over the step's batch before the weights move, and {@code accuracy} where targets are labels. */
public final class LossProbe extends StatelessMetric {
    public LossProbe(Schedule schedule, MetricSink sink) {
        super("loss", schedule, sink, Need.LOSS);
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
