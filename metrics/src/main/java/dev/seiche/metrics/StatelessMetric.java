package dev.seiche.metrics;

import dev.seiche.tensor.Scope;
import dev.seiche.tensor.Tensor;
import java.util.Map;

/** A metric of single steps: it keeps nothing between them, so there is nothing to save and nothing to free. */
public interface StatelessMetric extends Metric {
    @Override
    default Map<String, Tensor> capture(Scope into) {
        return Map.of();
    }

    @Override
    default void restore(Map<String, Tensor> captured) {}

    @Override
    default void close() {}
}
