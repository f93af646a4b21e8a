package dev.seiche.metrics.tail;

import dev.seiche.metrics.Metric;
import dev.seiche.metrics.MetricSink;
import dev.seiche.metrics.Need;
import dev.seiche.nn.NamedTensors;
import dev.seiche.nn.Parameter;
import dev.seiche.nn.ParameterVector;
import dev.seiche.nn.train.Step;
import dev.seiche.tensor.DType;
import dev.seiche.tensor.Scope;
import dev.seiche.tensor.Shape;
import dev.seiche.tensor.Tensor;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.DoubleStream;
import org.jspecify.annotations.Nullable;

/**
 * Measures the tail index of averaged iterates, layer by layer, by {@link IterateTail#ofLayer}: at every {@code window}-th step
 * that of the mean over the last {@code window} iterates, as {@code iterates/<layer>}. It must see every step. Memory: one
 * vector of weights.
 */
public final class IterateProbe implements Metric {
    private final List<Parameter> parameters;
    private final int window;
    private final Scope home;
    private final MetricSink sink;
    private @Nullable ParameterVector sum;
    private long count;

    /** @param window steps that are averaged; the paper has the last 1,000 */
    public IterateProbe(List<Parameter> parameters, int window, Scope parent, MetricSink sink) {
        this.parameters = List.copyOf(parameters);
        this.window = window;
        this.home = parent.child("iterates");
        this.sink = sink;
    }

    @Override
    public String name() {
        return "iterates";
    }

    @Override
    public Set<Need> needs() {
        return Set.of(Need.LOSS);
    }

    @Override
    public void observe(Step step) {
        if (sum == null) {
            sum = step.weights().keep(home);
        } else if (count == 0) {
            sum.copyFrom(step.weights());
        } else {
            sum.copyFrom(sum.add(step.weights(), step.scope()));
        }
        count++;
        if (count == window) {
            Map<String, double[]> layers = new LinkedHashMap<>();
            for (int i = 0; i < parameters.size(); i++) {
                double[] mean = Arrays.stream(sum.get(i).toDoubles())
                        .map(each -> each / window)
                        .toArray();
                layers.merge(
                        parameters.get(i).layer(),
                        mean,
                        (a, b) -> DoubleStream.concat(Arrays.stream(a), Arrays.stream(b))
                                .toArray());
            }
            layers.forEach((layer, mean) -> sink.put(step.index(), "iterates/" + layer, IterateTail.ofLayer(mean)));
            count = 0;
        }
    }

    @Override
    public Map<String, Tensor> capture(Scope into) {
        Map<String, Tensor> state = new LinkedHashMap<>();
        state.put("count", into.tensor(DType.F64, Shape.of(1), new double[] {count}));
        if (sum != null) {
            state.putAll(NamedTensors.prefixed("sum/", sum.keep(into).named()));
        }
        return state;
    }

    @Override
    public void restore(Map<String, Tensor> captured) {
        count = (long) NamedTensors.require(captured, "count").toDoubles()[0];
        Map<String, Tensor> tensors = NamedTensors.under("sum/", captured);
        if (tensors.isEmpty()) {
            return;
        }
        if (sum == null) {
            sum = ParameterVector.of(parameters, p -> home.keep(NamedTensors.require(tensors, p.name())));
        } else {
            sum.load(tensors);
        }
    }

    @Override
    public void close() {
        home.close();
    }
}
