package dev.seiche.nn;

import dev.seiche.autograd.Tape;
import dev.seiche.autograd.Var;
import dev.seiche.autograd.sample.Coupling;
import dev.seiche.autograd.sample.Planner;
import dev.seiche.autograd.sample.SampleGradients;
import dev.seiche.nn.data.Batch;
import dev.seiche.tensor.DType;
import dev.seiche.tensor.Rng;
import dev.seiche.tensor.Scope;
import dev.seiche.tensor.Shape;
import dev.seiche.tensor.Tensor;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The gradient of every sample's loss with respect to the weights of a network. An immutable description; say which
 * weights and which batch with {@link #at}.
 *
 * <pre>{@code
 * try (Scope step = model.child("samples")) {
 *   SampleGradients gradients = PerSample.of(network, Loss.CROSS_ENTROPY).at(weights, batch, step);
 *   double[] norms = gradients.norms();
 *   double[][] cosines = gradients.gram().cosines();
 *   double[] along = gradients.dot(direction.tensors());
 * }
 * }</pre>
 *
 * <p>Evaluates unless told to train. The leaves are the network's parameters in their order.
 */
public final class PerSample {
    private final Network network;
    private final PerSampleLoss loss;
    private final @Nullable Statistics running;
    private final boolean training;
    private final @Nullable Rng rng;
    private final Coupling coupling;
    private final Planner planner;

    private PerSample(
            Network network,
            PerSampleLoss loss,
            @Nullable Statistics running,
            boolean training,
            @Nullable Rng rng,
            Coupling coupling,
            Planner planner) {
        this.network = network;
        this.loss = loss;
        this.running = running;
        this.training = training;
        this.rng = rng;
        this.coupling = coupling;
        this.planner = planner;
    }

    /** Evaluating: nothing dropped, and batch norm FROZEN at its running statistics. */
    public static PerSample of(Network network, PerSampleLoss loss) {
        return new PerSample(network, loss, null, false, null, Coupling.FROZEN, Planner.standard());
    }

    /** With these running statistics. */
    public PerSample withStatistics(Statistics statistics) {
        return new PerSample(network, loss, statistics, training, rng, coupling, planner);
    }

    /**
     * In training: dropout drops, and batch norm uses its batch, so that samples meet in it.
     *
     * @param key of what is drawn, as in {@link Objective#training}
     * @param meaning of a sample's gradient where samples meet; FROZEN refuses a network where they do
     */
    public PerSample training(Rng key, Coupling meaning) {
        return new PerSample(network, loss, running, true, key, meaning, planner);
    }

    /** Questions answered as this planner says. */
    public PerSample with(Planner other) {
        return new PerSample(network, loss, running, training, rng, coupling, other);
    }

    /**
     * The gradients of the losses of a batch, by one forward and one reverse pass. What they are kept in is born in
     * {@code scope} and dies with it.
     */
    public SampleGradients at(ParameterVector weights, Batch batch, Scope scope) {
        Tape<Tensor> tape = new Tape<>(scope.ops());
        List<Var<Tensor>> leaves = weights.tensors().stream().map(tape::watch).toList();
        List<Var<Tensor>> values = statistics(weights.dtype(), scope).tensors().stream()
                .map(tape::constant)
                .toList();
        Forward<Var<Tensor>> pass =
                training ? network.training(tape, leaves, values, rng) : network.evaluating(tape, leaves, values);
        Var<Tensor> output = network.forward(pass, tape.constant(batch.inputs()));
        Var<Tensor> losses = loss.perSample(tape, output, tape.constant(batch.targets()));
        if (!losses.shape().equals(Shape.of(batch.size()))) {
            throw new IllegalArgumentException("per sample: " + loss + " gave " + losses.describe() + " for "
                    + batch.size() + " samples; a loss gives one number per sample");
        }
        return SampleGradients.of(tape, losses, leaves, coupling).with(planner);
    }

    /** Gradients from {@link #at} layer by layer, in the network's order. */
    public Map<String, SampleGradients> byLayer(SampleGradients gradients) {
        Map<String, List<Integer>> places = new LinkedHashMap<>();
        List<Parameter> parameters = network.parameters();
        for (int i = 0; i < parameters.size(); i++) {
            places.computeIfAbsent(parameters.get(i).layer(), layer -> new ArrayList<>())
                    .add(i);
        }
        Map<String, SampleGradients> out = new LinkedHashMap<>();
        places.forEach((layer, of) -> out.put(
                layer, gradients.select(of.stream().mapToInt(Integer::intValue).toArray())));
        return out;
    }

    private Statistics statistics(DType dtype, Scope scope) {
        if (running != null) {
            return running;
        }
        if (!training && !network.statistics().isEmpty()) {
            throw new IllegalStateException("per sample: the network has running statistics ("
                    + network.statistics().get(0).name()
                    + ", ...), but got none; use withStatistics(...) or training(...)");
        }
        return network.initStatistics(scope, dtype);
    }
}
