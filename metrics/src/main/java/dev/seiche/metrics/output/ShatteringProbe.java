package dev.seiche.metrics.output;

import dev.seiche.metrics.BatchGradients;
import dev.seiche.metrics.MetricSink;
import dev.seiche.metrics.Need;
import dev.seiche.metrics.StatelessMetric;
import dev.seiche.nn.train.Schedule;
import dev.seiche.nn.train.Step;
import dev.seiche.tensor.Scope;
import dev.seiche.tensor.Tensor;

/**
 * Measures how alike {@link InputGradients} are at places 1, 4 and 16 apart among 64 on the line between the first two
 * examples: {@code inputs/autocorrelation/<lag>}. Stateless.
 */
public final class ShatteringProbe extends StatelessMetric {
    private static final int POINTS = 64;
    private static final int[] LAGS = {1, 4, 16};

    private final BatchGradients source;

    public ShatteringProbe(BatchGradients source, Schedule schedule, MetricSink sink) {
        super("shattering", schedule, sink, Need.MORE_GRADIENTS);
        this.source = source;
    }

    @Override
    public void observe(Step step) {
        try (Scope scope = step.scope().child("shattering")) {
            Tensor line =
                    InputGradients.line(source, 0, 1, POINTS, step.weights().dtype(), scope);
            double[][] gradients = InputGradients.of(source, step.weights(), line, scope);
            for (int lag : LAGS) {
                sink.put(step.index(), "inputs/autocorrelation/" + lag, InputGradients.autocorrelation(gradients, lag));
            }
        }
    }
}
