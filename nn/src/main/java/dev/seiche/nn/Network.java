package dev.seiche.nn;

import dev.seiche.autograd.Shapes;
import dev.seiche.tensor.DType;
import dev.seiche.tensor.Ops;
import dev.seiche.tensor.Rng;
import dev.seiche.tensor.Scope;
import dev.seiche.tensor.Tensor;
import dev.seiche.tensor.TensorType;
import dev.seiche.tensor.Value;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A module as the root of the names of its weights. Immutable and without data: {@link #init} makes weights, and every
 * forward pass is given some, so the same network is evaluated at any point of weight space.
 *
 * <pre>{@code
 * Network network = Network.of(Mlp.of(784, 50, 10));
 * ParameterVector weights = network.init(model, DType.F32, Rng.seed(1));
 * Tensor logits = network.predict(step, weights, network.initStatistics(model, DType.F32), images);
 * }</pre>
 */
public final class Network {
    private final Module module;
    private final List<Parameter> parameters;
    private final List<Statistic> statistics;
    private final List<String> couplings;

    private Network(Module module, Declaration declared) {
        this.module = module;
        this.parameters = declared.parameters();
        this.statistics = declared.statistics();
        this.couplings = declared.couplings();
    }

    /**
     * Walks the module and gives every parameter its name.
     *
     * @throws IllegalArgumentException when two get the same
     */
    public static Network of(Module module) {
        Declaration declaration = Declaration.root();
        module.declare(declaration);
        return new Network(module, declaration);
    }

    public Module module() {
        return module;
    }

    /** In the order in which the modules declare them. */
    public List<Parameter> parameters() {
        return parameters;
    }

    public List<Statistic> statistics() {
        return statistics;
    }

    /** Paths of the modules that in training couple the samples of a batch, as batch norm does. */
    public List<String> couplings() {
        return couplings;
    }

    /** Number of weights. */
    public long size() {
        return parameters.stream().mapToLong(p -> p.shape().size()).sum();
    }

    /** First weights, born in {@code scope}. Each parameter draws from its own key, which depends on its name only. */
    public ParameterVector init(Scope scope, DType dtype, Rng rng) {
        return ParameterVector.of(parameters, p -> {
            double[] values = p.init().values(rng.fold(p.name()), p.shape(), p.fans());
            return scope.tensor(dtype, p.shape(), values);
        });
    }

    /** Running statistics at their first values, born in {@code scope}. */
    public Statistics initStatistics(Scope scope, DType dtype) {
        return Statistics.initial(statistics, scope, dtype);
    }

    /**
     * A forward pass in training: batch norm uses its batch, dropout drops.
     *
     * @param weights one value per parameter, in order
     * @param statistics one value per running statistic, in order
     * @param rng the key of this pass, folded with the step; may be null where nothing is drawn
     */
    public <T extends Value> Forward<T> training(Ops<T> ops, List<T> weights, List<T> statistics, @Nullable Rng rng) {
        return Forward.root(ops, byName(weights, statistics), true, rng);
    }

    /** A forward pass that uses the running statistics and drops nothing. */
    public <T extends Value> Forward<T> evaluating(Ops<T> ops, List<T> weights, List<T> statistics) {
        return Forward.root(ops, byName(weights, statistics), false, null);
    }

    /** The output of the root module. */
    public <T extends Value> T forward(Forward<T> pass, T x) {
        return module.forward(pass, x);
    }

    /** The output for some inputs, evaluating; born in {@code scope}. */
    public Tensor predict(Scope scope, ParameterVector weights, Statistics running, Tensor x) {
        return forward(evaluating(scope.ops(), weights.tensors(), running.tensors()), x);
    }

    /**
     * The type of the evaluating output for inputs of this type, from shapes alone. Weights are of the inputs' dtype, or f32
     * where inputs are ids.
     *
     * @throws dev.seiche.tensor.ShapeException when they do not fit the network
     */
    public TensorType outputType(TensorType inputs) {
        DType dtype = inputs.dtype().floating() ? inputs.dtype() : DType.F32;
        List<TensorType> weights =
                parameters.stream().map(p -> new TensorType(dtype, p.shape())).toList();
        List<TensorType> running =
                statistics.stream().map(s -> new TensorType(dtype, s.shape())).toList();
        return forward(evaluating(new Shapes(), weights, running), inputs);
    }

    private <T> Map<String, T> byName(List<T> weights, List<T> running) {
        if (weights.size() != parameters.size() || running.size() != statistics.size()) {
            throw new IllegalArgumentException("network: has " + parameters.size() + " parameters and "
                    + statistics.size() + " statistics, the pass got " + weights.size() + " and " + running.size());
        }
        Map<String, T> values = new HashMap<>();
        for (int i = 0; i < weights.size(); i++) {
            values.put(parameters.get(i).name(), weights.get(i));
        }
        for (int i = 0; i < running.size(); i++) {
            values.put(statistics.get(i).name(), running.get(i));
        }
        return values;
    }

    /** One line per parameter: name and shape. */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder("network of ").append(size()).append(" weights");
        parameters.forEach(p -> text.append("\n  ").append(p));
        return text.toString();
    }
}
