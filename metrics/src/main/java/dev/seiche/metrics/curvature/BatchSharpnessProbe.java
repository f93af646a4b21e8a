package dev.seiche.metrics.curvature;

import dev.seiche.metrics.BatchGradients;
import dev.seiche.metrics.MetricSink;
import dev.seiche.metrics.Need;
import dev.seiche.metrics.StatelessMetric;
import dev.seiche.nn.train.Schedule;
import dev.seiche.nn.train.Step;
import dev.seiche.tensor.Rng;

/** Emits {@code sharpness/batch} and {@code eta_sharpness/batch}: {@link DirectionalSharpness#batch}. Stateless. */
public final class BatchSharpnessProbe extends StatelessMetric {
    private final BatchGradients source;
    private final int batch;
    private final int batches;
    private final Rng rng;

    /**
     * @param batch   samples in a mini-batch
     * @param batches drawn: a gradient and a product of the Hessian each
     */
    public BatchSharpnessProbe(
            BatchGradients source, int batch, int batches, Schedule schedule, Rng rng, MetricSink sink) {
        super("batch-sharpness", schedule, sink, Need.MORE_GRADIENTS, Need.HVP);
        this.source = source;
        this.batch = batch;
        this.batches = batches;
        this.rng = rng.fold("batch sharpness");
    }

    @Override
    public void observe(Step step) {
        long t = step.index();
        double mean = DirectionalSharpness.batch(source, step.weights(), batch, batches, rng.fold(t), step.scope())
                .mean();
        sink.put(t, "sharpness/batch", mean);
        sink.put(t, "eta_sharpness/batch", step.rate() * mean);
    }
}
