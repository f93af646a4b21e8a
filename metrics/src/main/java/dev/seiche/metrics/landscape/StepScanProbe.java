package dev.seiche.metrics.landscape;

import dev.seiche.metrics.MetricSink;
import dev.seiche.metrics.Need;
import dev.seiche.metrics.StatelessMetric;
import dev.seiche.nn.train.Schedule;
import dev.seiche.nn.train.Step;

/**
 * Scans the loss of a step along its gradient at 1/4, 1/2, 1 and 2 learning rates: predictiveness, effective smoothness,
 * relative progress of plain gradient descent at the step's rate. Four gradients. Stateless.
 */
public final class StepScanProbe extends StatelessMetric {
    private static final int AT_RATE = 2;

    public StepScanProbe(Schedule schedule, MetricSink sink) {
        super("landscape", schedule, sink, Need.GRADIENT, Need.MORE_GRADIENTS);
    }

    @Override
    public void observe(Step step) {
        double[] rates = {step.rate() / 4, step.rate() / 2, step.rate(), 2 * step.rate()};
        StepScan scan =
                StepScan.of(step.objective(), step.weights(), step.loss(), step.gradient(), rates, step.scope());
        sink.put(step.index(), "landscape/predictiveness", scan.predictiveness());
        sink.put(step.index(), "landscape/effective_smoothness", scan.effectiveSmoothness());
        sink.put(step.index(), "landscape/relative_progress", scan.relativeProgress(AT_RATE));
    }
}
