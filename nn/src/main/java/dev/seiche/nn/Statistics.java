package dev.seiche.nn;

import dev.seiche.tensor.DType;
import dev.seiche.tensor.Scope;
import dev.seiche.tensor.Tensor;
import dev.seiche.tensor.TensorType;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The running statistics of a network, one tensor for each, living in a scope. Forward passes read them; whoever trains
 * {@link #commit commits} what a pass recorded. Confined to the thread of its scope.
 */
public final class Statistics {
    private final List<Statistic> specification;
    private final List<Tensor> tensors;

    private Statistics(List<Statistic> specification, List<Tensor> tensors) {
        this.specification = specification;
        this.tensors = List.copyOf(tensors);
    }

    static Statistics initial(List<Statistic> specification, Scope scope, DType dtype) {
        List<Tensor> tensors = new ArrayList<>();
        for (Statistic each : specification) {
            Tensor value = scope.ops().fill(new TensorType(dtype, each.shape()), each.initial());
            tensors.add(value.named(each.name()));
        }
        return new Statistics(specification, tensors);
    }

    /** In the network's order. */
    public List<Tensor> tensors() {
        return tensors;
    }

    /** By name, in the network's order. */
    public Map<String, Tensor> named() {
        Map<String, Tensor> named = new LinkedHashMap<>();
        for (int i = 0; i < tensors.size(); i++) {
            named.put(specification.get(i).name(), tensors.get(i));
        }
        return named;
    }

    /** These statistics with some replaced, sharing memory with both; nothing is changed. */
    public Statistics with(Map<String, Tensor> updates) {
        List<Tensor> replaced = new ArrayList<>();
        named().forEach((name, tensor) -> replaced.add(updates.getOrDefault(name, tensor)));
        return new Statistics(specification, replaced);
    }

    /** Overwrites the statistics that a pass updated, in place. */
    public void commit(Map<String, Tensor> updates) {
        named().forEach((name, tensor) -> {
            if (updates.containsKey(name)) {
                NamedTensors.load(updates, name, tensor);
            }
        });
    }

    /**
     * Overwrites all statistics, in place.
     *
     * @throws IllegalArgumentException when one is missing or of another type
     */
    public void load(Map<String, Tensor> named) {
        named().forEach((name, tensor) -> NamedTensors.load(named, name, tensor));
    }
}
