package dev.seiche.nn;

import dev.seiche.tensor.Tensor;
import java.util.Map;

/**
 * A measurement with its gradient. The tensors live in the scope that was passed for them.
 *
 * @param gradient of the mean loss
 * @param updates new running statistics by name, which whoever trains commits; empty when evaluating
 */
public record Evaluation(Measurement measurement, ParameterVector gradient, Map<String, Tensor> updates) {

    /** The mean loss. */
    public double loss() {
        return measurement.loss();
    }
}
