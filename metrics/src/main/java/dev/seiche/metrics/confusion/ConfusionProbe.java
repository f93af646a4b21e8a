package dev.seiche.metrics.confusion;

import dev.seiche.metrics.BatchGradients;
import dev.seiche.metrics.MetricSink;
import dev.seiche.metrics.Need;
import dev.seiche.metrics.StatelessMetric;
import dev.seiche.metrics.noise.NoiseScale;
import dev.seiche.metrics.statistics.Summary;
import dev.seiche.nn.train.Schedule;
import dev.seiche.nn.train.Step;
import dev.seiche.tensor.Rng;

/**
 * Measures confusion of mini-batches during training, at frozen weights and with the published protocol: {@code
 * confusion/batch/min_cos} and so on. Two gradients for each pair; schedule it once an epoch. Confusion of samples is in
 * {@link dev.seiche.metrics.coherence.SampleProbe}.
 */
public final class ConfusionProbe extends StatelessMetric {
    private final BatchGradients source;
    private final BatchPairs pairs;
    private final Rng rng;

    public ConfusionProbe(BatchGradients source, BatchPairs pairs, Schedule schedule, Rng rng, MetricSink sink) {
        super("confusion", schedule, sink, Need.MORE_GRADIENTS);
        this.source = source;
        this.pairs = pairs;
        this.rng = rng.fold("confusion");
    }

    @Override
    public void observe(Step step) {
        long t = step.index();
        Confusion found = pairs.measure(source, step.weights(), rng.fold(t), step.scope());
        emit(t, "confusion/batch", found, sink);
        sink.put(t, "confusion/batch/disparity", Summary.mean(found.distances()));
        NoiseScale noise = found.noiseScale(pairs.batch());
        sink.put(t, "noise/two_batches/trace", noise.trace());
        sink.put(t, "noise/two_batches/signal", noise.signal());
        sink.put(t, "noise/two_batches/scale", noise.simple());
    }

    /** Puts the numbers of some pairs under {@code prefix/...}. */
    public static void emit(long step, String prefix, Confusion found, MetricSink sink) {
        Summary cosines = found.summary();
        sink.put(step, prefix + "/bound", found.bound());
        sink.put(step, prefix + "/min_cos", cosines.min());
        sink.put(step, prefix + "/p5_cos", cosines.p5());
        sink.put(step, prefix + "/median_cos", cosines.median());
        sink.put(step, prefix + "/mean_cos", cosines.mean());
        sink.put(step, prefix + "/sd_cos", cosines.deviation());
        sink.put(step, prefix + "/negative", found.negative());
    }
}
