package dev.seiche.metrics.example;

import dev.seiche.autograd.sample.Gram;
import dev.seiche.metrics.BatchGradients;
import dev.seiche.metrics.Metric;
import dev.seiche.metrics.MetricSink;
import dev.seiche.metrics.Need;
import dev.seiche.nn.NamedTensors;
import dev.seiche.nn.train.Schedule;
import dev.seiche.nn.train.Step;
import dev.seiche.tensor.DType;
import dev.seiche.tensor.Scope;
import dev.seiche.tensor.Shape;
import dev.seiche.tensor.Tensor;
import java.util.Map;
import java.util.Set;

/**
 * Follows {@link TracIn} of the first examples on each other: every measured step stands for the steps until the next one, each
 * of which takes an example with weight 1 by the number of samples of the step. Emits {@code tracin/self_mean} and so on.
 */
public final class TracInProbe implements Metric {
    private final BatchGradients source;
    private final int most;
    private final long every;
    private final MetricSink sink;
    private TracIn tracin;

    /**
     * @param most  examples, the first ones of the data: work and memory grow with their square
     * @param every steps between measurements
     */
    public TracInProbe(BatchGradients source, int most, long every, MetricSink sink) {
        this.source = source;
        this.most = Math.min(most, source.data().size());
        this.every = every;
        this.sink = sink;
        this.tracin = new TracIn(this.most, this.most);
    }

    @Override
    public String name() {
        return "tracin";
    }

    @Override
    public Schedule schedule() {
        return Schedule.every(every);
    }

    @Override
    public Set<Need> needs() {
        return Set.of(Need.SAMPLE_GRADIENTS);
    }

    /** The influences so far. */
    public TracIn influences() {
        return tracin;
    }

    @Override
    public void observe(Step step) {
        int[] examples = source.first(most);
        try (Scope scope = step.scope().child("tracin")) {
            Gram gram = source.samples(step.weights(), scope, examples).gram();
            tracin.observe(step.rate() * every / step.objective().samples(), gram);
        }
        PairMeans.of(tracin.toArray(), source.labels(examples)).emit(step.index(), "tracin", sink);
    }

    @Override
    public Map<String, Tensor> capture(Scope into) {
        double[] flat = new double[most * most];
        for (int i = 0; i < most; i++) {
            System.arraycopy(tracin.toArray()[i], 0, flat, i * most, most);
        }
        return Map.of("sums", into.tensor(DType.F64, Shape.of(flat.length), flat));
    }

    @Override
    public void restore(Map<String, Tensor> captured) {
        double[] flat = NamedTensors.require(captured, "sums").toDoubles();
        double[][] sums = new double[most][most];
        for (int i = 0; i < most; i++) {
            System.arraycopy(flat, i * most, sums[i], 0, most);
        }
        tracin = new TracIn(sums);
    }

    @Override
    public void close() {}
}
