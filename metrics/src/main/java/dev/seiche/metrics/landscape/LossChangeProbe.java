package dev.seiche.metrics.landscape;

import dev.seiche.metrics.Metric;
import dev.seiche.metrics.MetricSink;
import dev.seiche.metrics.Need;
import dev.seiche.nn.NamedTensors;
import dev.seiche.nn.Parameter;
import dev.seiche.nn.ParameterVector;
import dev.seiche.nn.train.Step;
import dev.seiche.tensor.Scope;
import dev.seiche.tensor.Tensor;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Allocates the change of each step's loss to the layers, as {@link LossChangeAllocation}: emits {@code lca/<layer>} and
 * {@code lca/residual} for the move that led to the step, on the loss of this step's batch. Three gradients a step and one
 * vector of memory. Meant for full batches; with mini-batches it is the loss of the new batch.
 */
public final class LossChangeProbe implements Metric {
    private final List<Parameter> parameters;
    private final Scope home;
    private final MetricSink sink;
    private @Nullable ParameterVector before;

    public LossChangeProbe(List<Parameter> parameters, Scope parent, MetricSink sink) {
        this.parameters = List.copyOf(parameters);
        this.home = parent.child("loss change");
        this.sink = sink;
    }

    @Override
    public String name() {
        return "lca";
    }

    @Override
    public Set<Need> needs() {
        return Set.of(Need.MORE_GRADIENTS);
    }

    @Override
    public void observe(Step step) {
        if (before == null) {
            before = step.weights().keep(home);
            return;
        }
        LossChangeAllocation found = LossChangeAllocation.of(step.objective(), before, step.weights(), step.scope());
        found.byLayer().forEach((layer, change) -> sink.put(step.index(), "lca/" + layer, change));
        sink.put(step.index(), "lca/residual", found.residual());
        before.copyFrom(step.weights());
    }

    @Override
    public Map<String, Tensor> capture(Scope into) {
        return before == null
                ? Map.of()
                : NamedTensors.prefixed("before/", before.keep(into).named());
    }

    @Override
    public void restore(Map<String, Tensor> captured) {
        Map<String, Tensor> tensors = NamedTensors.under("before/", captured);
        if (tensors.isEmpty()) {
            return;
        }
        if (before == null) {
            before = ParameterVector.of(parameters, p -> home.keep(NamedTensors.require(tensors, p.name())));
        } else {
            before.load(tensors);
        }
    }

    @Override
    public void close() {
        home.close();
    }
}
