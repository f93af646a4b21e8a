package dev.seiche.nn;

import dev.seiche.autograd.Dual;
import dev.seiche.autograd.DualNumber;
import dev.seiche.autograd.Gradients;
import dev.seiche.autograd.Tape;
import dev.seiche.autograd.Var;
import dev.seiche.autograd.sample.SampleGradients;
import dev.seiche.nn.data.Batch;
import dev.seiche.nn.data.BatchPlan;
import dev.seiche.nn.data.Dataset;
import dev.seiche.tensor.DType;
import dev.seiche.tensor.Eager;
import dev.seiche.tensor.Ops;
import dev.seiche.tensor.Rng;
import dev.seiche.tensor.Scope;
import dev.seiche.tensor.Shape;
import dev.seiche.tensor.Tensor;
import dev.seiche.tensor.Value;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The mean loss of a network over some data, as a function of the weights: its value, gradient and Hessian-vector product.
 * An immutable description; the data lives as long as the scope it was made in. Confined to the thread of that scope.
 *
 * <p>The data is cut into micro-batches in a fixed order, and each is worked on in a scope of its own, so memory depends on
 * the micro-batch and not on the data. Losses are summed in f64 sample by sample, gradients in f64 over micro-batches: the
 * cut changes a result only by what the kernels round within a micro-batch, a few units in the last place of the largest
 * partial sum. The same cut gives the same bits.
 */
public final class Objective {
    private final Network network;
    private final PerSampleLoss loss;
    private final List<Batch> batches;
    private final Mode mode;

    /**
     * How forward passes run.
     *
     * @param coupled samples may be coupled within micro-batches only
     */
    private record Mode(
            @Nullable Statistics statistics,
            boolean training,
            @Nullable Rng rng,
            boolean coupled) {}

    private Objective(Network network, PerSampleLoss loss, List<Batch> batches, Mode mode) {
        this.network = network;
        this.loss = loss;
        this.batches = List.copyOf(batches);
        this.mode = mode;
        if (samples() == 0) {
            throw new IllegalArgumentException("objective: there is no sample to take the mean over");
        }
    }

    /** Over these micro-batches, evaluating. */
    public static Objective of(Network network, PerSampleLoss loss, List<Batch> batches) {
        return new Objective(network, loss, batches, new Mode(null, false, null, false));
    }

    /**
     * Over a data set in its own order, evaluating; copies the data into {@code scope}.
     *
     * @param microBatch samples worked on at once; the last one may have fewer
     */
    public static Objective of(
            Network network, PerSampleLoss loss, Dataset data, int microBatch, Scope scope, DType dtype) {
        List<Batch> batches = BatchPlan.fixed(data.size(), Math.min(microBatch, data.size())).epoch(0).stream()
                .map(examples -> data.batch(scope, dtype, examples))
                .toList();
        return of(network, loss, batches);
    }

    /** The same, with the running statistics that evaluating reads and training updates. */
    public Objective withStatistics(Statistics statistics) {
        return new Objective(network, loss, batches, new Mode(statistics, mode.training, mode.rng, mode.coupled));
    }

    /**
     * The loss in training: batch norm uses its batch, dropout drops.
     *
     * @param rng key of what is drawn; the same key draws the same again, so fold it with the step
     */
    public Objective training(Rng rng) {
        return new Objective(network, loss, batches, new Mode(mode.statistics, true, rng, mode.coupled));
    }

    /** The loss with running statistics and nothing dropped. */
    public Objective evaluating() {
        return new Objective(network, loss, batches, new Mode(mode.statistics, false, null, mode.coupled));
    }

    /**
     * Lets batch norm normalise within each micro-batch in training ("ghost batch norm"). Another loss than that of the
     * whole batch, which is why it must be asked for.
     */
    public Objective normalisingPerMicroBatch() {
        return new Objective(network, loss, batches, new Mode(mode.statistics, mode.training, mode.rng, true));
    }

    public Network network() {
        return network;
    }

    /** The loss of each sample. */
    public PerSampleLoss lossFunction() {
        return loss;
    }

    /** True when in training mode. */
    public boolean isTraining() {
        return mode.training;
    }

    /** Number of samples that the mean is over. */
    public int samples() {
        return batches.stream().mapToInt(Batch::size).sum();
    }

    /** The mean loss at these weights. */
    public double loss(ParameterVector weights) {
        return measure(weights).loss();
    }

    /** The losses and the accuracy at these weights, without a gradient. */
    public Measurement measure(ParameterVector weights) {
        requireUncoupled();
        Reading reading = new Reading(samples());
        for (int k = 0; k < batches.size(); k++) {
            try (Scope step = batches.get(k).inputs().scope().child("measure")) {
                Eager ops = step.ops();
                List<Tensor> running = statistics(weights.dtype(), step).tensors();
                reading.add(run(ops, weights.tensors(), running, k), batches.get(k), step);
            }
        }
        return reading.measurement();
    }

    /** The losses, the accuracy and the gradient of the mean loss, which is born in {@code into}. */
    public Evaluation evaluate(ParameterVector weights, Scope into) {
        requireUncoupled();
        Reading reading = new Reading(samples());
        Map<String, Tensor> updates = new HashMap<>();
        try (GradientSum sum = new GradientSum(network.parameters(), batches.size(), into)) {
            for (int k = 0; k < batches.size(); k++) {
                try (Scope step = into.child("micro-batch")) {
                    Tape<Tensor> tape = new Tape<>(step.ops());
                    List<Var<Tensor>> leaves =
                            weights.tensors().stream().map(tape::watch).toList();
                    Statistics running = statistics(weights.dtype(), step).with(updates);
                    Result<Var<Tensor>> result = run(tape, leaves, lift(tape, running), k);
                    result.updates.forEach((name, value) -> updates.put(name, into.adopt(value.value())));
                    reading.add(result.map(Var::value), batches.get(k), step);
                    Tensor share = step.ops().fill(result.losses.type(), 1.0 / samples());
                    var gradients = tape.backward(result.losses, share);
                    sum.add(leaves.stream().map(gradients::of).toList(), weights.dtype(), step);
                }
            }
            return new Evaluation(reading.measurement(), sum.sum(weights.dtype()), updates);
        }
    }

    /** The gradient of the mean loss, born in {@code into}. */
    public ParameterVector gradient(ParameterVector weights, Scope into) {
        return evaluate(weights, into).gradient();
    }

    /**
     * The Hessian of the mean loss at {@code weights} times {@code direction}, born in {@code into}: exact up to rounding,
     * forward mode over reverse mode.
     */
    public ParameterVector hvp(ParameterVector weights, ParameterVector direction, Scope into) {
        requireUncoupled();
        try (GradientSum sum = new GradientSum(network.parameters(), batches.size(), into)) {
            for (int k = 0; k < batches.size(); k++) {
                try (Scope step = into.child("micro-batch")) {
                    sum.add(hvpOf(k, weights, direction, step), weights.dtype(), step);
                }
            }
            return sum.sum(weights.dtype());
        }
    }

    /**
     * The generalised Gauss-Newton matrix of the mean loss times {@code direction}, born in {@code into}: J' (d2 loss / d
     * output2) J, with J the Jacobian of the outputs. Positive semi-definite where the loss is convex in the output; for
     * cross-entropy and squared error it is the Fisher matrix of the model. N. Schraudolph 2002; J. Martens 2014.
     */
    public ParameterVector gaussNewton(ParameterVector weights, ParameterVector direction, Scope into) {
        return product(weights, into, (tape, leaves, result, k) -> {
            Ops<Tensor> ops = tape.inner();
            Tensor moved = tape.forward(result.output, leaves, direction.tensors(), ops);
            Dual<Tensor> dual = new Dual<>(ops);
            Tape<DualNumber<Tensor>> outer = new Tape<>(dual);
            Var<DualNumber<Tensor>> output = outer.watch(dual.of(result.output.value(), moved));
            Var<DualNumber<Tensor>> losses =
                    loss.perSample(outer, output, outer.lift(batches.get(k).targets()));
            Tensor bent = outer.backward(losses, dual.fill(losses.type(), 1.0 / samples()))
                    .of(output)
                    .tangent();
            return tape.backward(result.output, bent == null ? ops.fill(result.output.type(), 0.0) : bent);
        });
    }

    /**
     * The empirical Fisher matrix, (1/N) sum of g_i g_i', times {@code direction}, born in {@code into}; g_i is the gradient
     * of sample i's loss at its given target. Not the Fisher matrix: F. Kunstner, L. Balles, P. Hennig 2019. Where batch
     * norm couples samples in training, row i is the derivative of loss i through all of them.
     */
    public ParameterVector empiricalFisher(ParameterVector weights, ParameterVector direction, Scope into) {
        return product(weights, into, (tape, leaves, result, k) -> {
            Ops<Tensor> ops = tape.inner();
            Tensor along = tape.forward(result.losses, leaves, direction.tensors(), ops);
            return tape.backward(result.losses, ops.scale(along, 1.0 / samples()));
        });
    }

    /** A product with a matrix over the samples of one micro-batch, from the record of its forward pass. */
    @FunctionalInterface
    private interface Product {
        Gradients<Tensor> of(Tape<Tensor> tape, List<Var<Tensor>> leaves, Result<Var<Tensor>> result, int k);
    }

    private ParameterVector product(ParameterVector weights, Scope into, Product product) {
        requireUncoupled();
        try (GradientSum sum = new GradientSum(network.parameters(), batches.size(), into)) {
            for (int k = 0; k < batches.size(); k++) {
                try (Scope step = into.child("micro-batch")) {
                    Tape<Tensor> tape = new Tape<>(step.ops());
                    List<Var<Tensor>> leaves =
                            weights.tensors().stream().map(tape::watch).toList();
                    Statistics running = statistics(weights.dtype(), step);
                    Result<Var<Tensor>> result = run(tape, leaves, lift(tape, running), k);
                    Gradients<Tensor> gradients = product.of(tape, leaves, result, k);
                    sum.add(leaves.stream().map(gradients::of).toList(), weights.dtype(), step);
                }
            }
            return sum.sum(weights.dtype());
        }
    }

    /**
     * The gradients of the losses of the first samples, at once: nothing dropped, and batch norm frozen at its running
     * statistics, whatever the mode. What they are kept in is born in {@code scope}; memory grows with the samples asked for.
     *
     * @param most samples; fewer if there are no more
     */
    public SampleGradients perSample(ParameterVector weights, int most, Scope scope) {
        PerSample perSample = PerSample.of(network, loss);
        return (mode.statistics == null ? perSample : perSample.withStatistics(mode.statistics))
                .at(weights, first(most, scope), scope);
    }

    /** The first samples as one batch; fewer if there are no more. Born in {@code scope}, but for a whole micro-batch. */
    public Batch first(int most, Scope scope) {
        List<Tensor> inputs = new ArrayList<>();
        List<Tensor> targets = new ArrayList<>();
        int left = most;
        for (Batch batch : batches) {
            int taken = Math.min(left, batch.size());
            if (taken > 0) {
                boolean all = taken == batch.size();
                inputs.add(all ? batch.inputs() : scope.ops().slice(batch.inputs(), 0, 0, taken));
                targets.add(all ? batch.targets() : scope.ops().slice(batch.targets(), 0, 0, taken));
            }
            left -= taken;
        }
        return inputs.size() == 1
                ? new Batch(inputs.get(0), targets.get(0))
                : new Batch(scope.ops().concat(0, inputs), scope.ops().concat(0, targets));
    }

    private List<@Nullable Tensor> hvpOf(int k, ParameterVector weights, ParameterVector direction, Scope step) {
        Dual<Tensor> dual = new Dual<>(step.ops());
        Tape<DualNumber<Tensor>> tape = new Tape<>(dual);
        List<Var<DualNumber<Tensor>>> leaves = new ArrayList<>();
        for (int i = 0; i < weights.tensors().size(); i++) {
            leaves.add(tape.watch(dual.of(weights.get(i), direction.get(i))));
        }
        Statistics running = statistics(weights.dtype(), step);
        Var<DualNumber<Tensor>> losses = run(tape, leaves, lift(tape, running), k).losses;
        var gradients = tape.backward(losses, dual.fill(losses.type(), 1.0 / samples()));
        List<@Nullable Tensor> tangents = new ArrayList<>();
        for (Var<DualNumber<Tensor>> leaf : leaves) {
            tangents.add(gradients.of(leaf).tangent());
        }
        return tangents;
    }

    /** What the forward pass over one micro-batch gave. */
    private record Result<T>(T output, T losses, Map<String, T> updates) {
        <S> Result<S> map(Function<T, S> f) {
            return new Result<>(f.apply(output), f.apply(losses), Map.of());
        }
    }

    private <T extends Value> Result<T> run(Ops<T> ops, List<T> weights, List<T> running, int k) {
        // each micro-batch draws under its own number, so no two drop the same elements
        Rng rng = mode.rng == null ? null : mode.rng.fold(k);
        Forward<T> pass = mode.training
                ? network.training(ops, weights, running, rng)
                : network.evaluating(ops, weights, running);
        T output = network.forward(pass, ops.lift(batches.get(k).inputs()));
        T losses = loss.perSample(ops, output, ops.lift(batches.get(k).targets()));
        if (!losses.shape().equals(Shape.of(batches.get(k).size()))) {
            throw new IllegalArgumentException("objective: " + loss + " gave " + losses.describe() + " for "
                    + batches.get(k).size() + " samples; a loss gives one number per sample");
        }
        return new Result<>(output, losses, pass.updates());
    }

    private static <T extends Value> List<T> lift(Ops<T> ops, Statistics statistics) {
        return statistics.tensors().stream().map(ops::lift).toList();
    }

    private Statistics statistics(DType dtype, Scope step) {
        if (mode.statistics != null) {
            return mode.statistics;
        }
        if (!mode.training && !network.statistics().isEmpty()) {
            throw new IllegalStateException("objective: the network has running statistics ("
                    + network.statistics().get(0).name()
                    + ", ...), but got none; use withStatistics(...) or training(...)");
        }
        return network.initStatistics(step, dtype);
    }

    private void requireUncoupled() {
        if (mode.training
                && batches.size() > 1
                && !mode.coupled
                && !network.couplings().isEmpty()) {
            throw new IllegalStateException("objective: " + network.couplings() + " couple the samples of a batch in "
                    + "training, but the data is in " + batches.size()
                    + " micro-batches, so this would be another loss;"
                    + " use one micro-batch of " + samples() + ", or ask for it by normalisingPerMicroBatch()");
        }
    }

    /** Losses and hits, read to the host micro-batch by micro-batch. */
    private static final class Reading {
        private final double[] losses;
        private int filled;
        private final double[] hits;

        Reading(int samples) {
            this.losses = new double[samples];
            this.hits = new double[samples];
            Arrays.fill(hits, Double.NaN);
        }

        void add(Result<Tensor> result, Batch batch, Scope step) {
            double[] part = result.losses.toDoubles();
            System.arraycopy(part, 0, losses, filled, part.length);
            if (batch.targets().dtype() == DType.I32) {
                int[] guesses = step.ops().argMax(result.output, -1).toInts();
                int[] wanted = batch.targets().toInts();
                int positions = wanted.length / part.length;
                for (int i = 0; i < part.length; i++) {
                    int right = 0;
                    for (int t = i * positions; t < (i + 1) * positions; t++) {
                        right += guesses[t] == wanted[t] ? 1 : 0;
                    }
                    hits[filled + i] = right / (double) positions;
                }
            }
            filled += part.length;
        }

        Measurement measurement() {
            return new Measurement(losses, hits);
        }
    }
}
