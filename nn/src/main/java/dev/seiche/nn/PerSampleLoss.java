package dev.seiche.nn;

import dev.seiche.tensor.Ops;
import dev.seiche.tensor.Value;

/** How wrong each sample's output is. {@link Loss} has the usual ones. */
public interface PerSampleLoss {

    /**
     * The losses [B] of outputs whose first axis is the sample.
     *
     * @throws dev.seiche.tensor.ShapeException when the target does not fit the output
     */
    <T extends Value> T perSample(Ops<T> ops, T output, T target);
}
