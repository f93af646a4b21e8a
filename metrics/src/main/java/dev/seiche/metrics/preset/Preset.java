package dev.seiche.metrics.preset;

import dev.seiche.metrics.BatchGradients;
import dev.seiche.metrics.LossProbe;
import dev.seiche.metrics.Metric;
import dev.seiche.metrics.MetricSet;
import dev.seiche.metrics.MetricSink;
import dev.seiche.metrics.coherence.SampleProbe;
import dev.seiche.metrics.confusion.BatchPairs;
import dev.seiche.metrics.confusion.ConfusionProbe;
import dev.seiche.metrics.curvature.CurvatureProbe;
import dev.seiche.metrics.curvature.SharpnessProbe;
import dev.seiche.metrics.landscape.LossChangeProbe;
import dev.seiche.metrics.landscape.StepScanProbe;
import dev.seiche.metrics.oscillation.OscillationProbe;
import dev.seiche.metrics.tail.TailProbe;
import dev.seiche.nn.Parameter;
import dev.seiche.nn.train.Schedule;
import dev.seiche.tensor.Rng;
import dev.seiche.tensor.Scope;
import java.util.ArrayList;
import java.util.List;

/**
 * How much to measure during a training run. What a preset costs depends on network and batch; {@code docs/metrics.md} says
 * what each need takes of a step.
 *
 * <p>Opposing signals and forgetting events are in none: they need full batches, or say nothing. Add them with
 * {@link MetricSet#and}.
 */
public enum Preset {
    /** Loss, gradient norms and adjacent cosines at every step: nothing that training does not compute anyway. */
    ECONOMY,
    /** And at every 50th step sample gradients, two Hessian eigenvalues, the loss along the step. */
    BUSINESS,
    /** And curvature along the gradient and loss change by layer at every step; traces, mini-batch pairs, tails at every 50th. */
    FULL;

    private static final int PERIOD = 50;
    private static final int SAMPLES = 64;
    private static final int MOST_IN_A_BATCH = 128;
    private static final int PAIRS = 100;

    /**
     * Opens the metrics; close them before {@code parent}.
     *
     * @param source network, loss and data that are trained
     * @param parent outlives the metrics
     * @param sink   takes the measurements; the catalogue says what they are
     */
    public MetricSet open(BatchGradients source, Scope parent, MetricSink sink) {
        List<Parameter> parameters = source.network().parameters();
        Schedule now = Schedule.every(PERIOD);
        List<Metric> metrics = new ArrayList<>();
        Rng rng = Rng.seed(0);
        Schedule prediction = this == FULL ? Schedule.everyStep() : null;
        metrics.add(new LossProbe(Schedule.everyStep(), sink));
        metrics.add(
                new OscillationProbe(parameters, new OscillationProbe.Options(1, 0, prediction), rng, parent, sink));
        if (this != ECONOMY) {
            metrics.add(SharpnessProbe.every(PERIOD, parameters, parent, sink));
            metrics.add(new SampleProbe(SAMPLES, now, sink));
            metrics.add(new StepScanProbe(now, sink));
        }
        if (this == FULL) {
            int batch = Math.min(MOST_IN_A_BATCH, source.data().size() / 4);
            metrics.add(new LossChangeProbe(parameters, parent, sink));
            metrics.add(new CurvatureProbe(CurvatureProbe.Options.defaults(), now, rng, sink));
            if (batch > 0) { // else there are no two mini-batches to compare
                metrics.add(new ConfusionProbe(source, new BatchPairs(batch, PAIRS), now, rng, sink));
                metrics.add(new TailProbe(source, TailProbe.Options.of(batch), now, rng, sink));
            }
        }
        return MetricSet.of(metrics.toArray(Metric[]::new));
    }
}
