package dev.seiche.metrics;

import dev.seiche.autograd.sample.SampleGradients;
import dev.seiche.nn.Network;
import dev.seiche.nn.Objective;
import dev.seiche.nn.ParameterVector;
import dev.seiche.nn.PerSample;
import dev.seiche.nn.PerSampleLoss;
import dev.seiche.nn.Statistics;
import dev.seiche.nn.data.Batch;
import dev.seiche.nn.data.BatchPlan;
import dev.seiche.nn.data.Dataset;
import dev.seiche.tensor.DType;
import dev.seiche.tensor.Ops;
import dev.seiche.tensor.Rng;
import dev.seiche.tensor.Scope;
import dev.seiche.tensor.Tensor;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Gradients of mini-batches of a data set at given weights, which stay as they are: the raw material of noise and confusion.
 * An immutable description. Evaluates unless told to train.
 */
public final class BatchGradients {
    private static final int MICRO_BATCH = 1024;

    private final Network network;
    private final PerSampleLoss loss;
    private final Dataset data;
    private final @Nullable Statistics statistics;
    private final @Nullable Rng training;

    private BatchGradients(
            Network network,
            PerSampleLoss loss,
            Dataset data,
            @Nullable Statistics statistics,
            @Nullable Rng training) {
        this.network = network;
        this.loss = loss;
        this.data = data;
        this.statistics = statistics;
        this.training = training;
    }

    /** Evaluating: nothing dropped, and running statistics where the network has some. */
    public static BatchGradients of(Network network, PerSampleLoss loss, Dataset data) {
        return new BatchGradients(network, loss, data, null, null);
    }

    /** With these running statistics. */
    public BatchGradients withStatistics(Statistics running) {
        return new BatchGradients(network, loss, data, running, training);
    }

    /** In training: batch norm uses its own batch, and running statistics are not updated; dropout draws from the key. */
    public BatchGradients training(Rng key) {
        return new BatchGradients(network, loss, data, statistics, key);
    }

    public Network network() {
        return network;
    }

    public PerSampleLoss loss() {
        return loss;
    }

    public Dataset data() {
        return data;
    }

    /** The running statistics that evaluating reads; null where there are none. */
    public @Nullable Statistics statistics() {
        return statistics;
    }

    /** The mean loss of these examples, as a function of the weights; its data is born in {@code scope}. */
    public Objective objective(ParameterVector weights, Scope scope, int... examples) {
        List<Batch> batches = new ArrayList<>();
        boolean coupled = training != null && !network.couplings().isEmpty();
        int micro = coupled ? examples.length : Math.min(MICRO_BATCH, examples.length);
        for (int start = 0; start < examples.length; start += micro) {
            int[] some = Arrays.copyOfRange(examples, start, Math.min(examples.length, start + micro));
            batches.add(data.batch(scope, weights.dtype(), some));
        }
        Objective objective = Objective.of(network, loss, batches);
        objective = statistics == null ? objective : objective.withStatistics(statistics);
        return training == null ? objective : objective.training(training);
    }

    /** The gradient of the mean loss of these examples, born in {@code into}. */
    public ParameterVector of(ParameterVector weights, Scope into, int... examples) {
        try (Scope scope = into.child("batch")) {
            return objective(weights, scope, examples).gradient(weights, scope).keep(into);
        }
    }

    /** The same as plain numbers, in the order of {@link ParameterVector#toDoubles}. */
    public double[] values(ParameterVector weights, Scope scope, int... examples) {
        try (Scope step = scope.child("values")) {
            return of(weights, step, examples).toDoubles();
        }
    }

    /** The gradients of the losses of these examples one by one, evaluating; what they are kept in is born in {@code scope}. */
    public SampleGradients samples(ParameterVector weights, Scope scope, int... examples) {
        PerSample perSample = PerSample.of(network, loss);
        return (statistics == null ? perSample : perSample.withStatistics(statistics))
                .at(weights, data.batch(scope, weights.dtype(), examples), scope);
    }

    /** The network's outputs for some inputs, evaluating; computed by {@code ops}. */
    public Tensor outputs(ParameterVector weights, Tensor inputs, Ops<Tensor> ops, Scope scope) {
        if (statistics == null && !network.statistics().isEmpty()) {
            throw new IllegalStateException("batch gradients: the network has running statistics ("
                    + network.statistics().get(0).name() + ", ...), but got none; use withStatistics(...)");
        }
        Statistics running = statistics == null ? network.initStatistics(scope, weights.dtype()) : statistics;
        return network.forward(network.evaluating(ops, weights.tensors(), running.tensors()), inputs);
    }

    /** The first examples, at most this many. */
    public int[] first(int most) {
        return IntStream.range(0, Math.min(most, data.size())).toArray();
    }

    /** Labels of these examples; empty where targets are no labels. */
    public int[] labels(int... examples) {
        if (data.targets().dtype(DType.F64) != DType.I32
                || data.targets().shape().rank() != 0) {
            return new int[0];
        }
        int[] labels = new int[examples.length];
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment one = arena.allocate(ValueLayout.JAVA_INT);
            for (int i = 0; i < labels.length; i++) {
                data.targets().write(examples[i], DType.I32, one);
                labels[i] = one.get(ValueLayout.JAVA_INT, 0);
            }
        }
        return labels;
    }

    /** The gradient of the mean loss of all examples. */
    public ParameterVector full(ParameterVector weights, Scope into) {
        return of(
                weights,
                into,
                BatchPlan.fixed(data.size(), data.size()).epoch(0).get(0));
    }

    /** This many different examples, drawn without replacement. */
    public int[] draw(int batch, Rng rng) {
        if (batch < 1 || batch > data.size()) {
            throw new IllegalArgumentException("batch gradients: a batch of " + batch + " cannot be drawn from the "
                    + data.size() + " examples of '" + data.name() + "'");
        }
        return Arrays.copyOf(rng.permutation(data.size()), batch);
    }
}
