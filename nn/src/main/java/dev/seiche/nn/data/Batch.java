package dev.seiche.nn.data;

import dev.seiche.tensor.Tensor;

/**
 * Some examples as tensors, first axis the example. Lives as long as the scope it was made in.
 *
 * @param inputs [B, input shape...]
 * @param targets [B] of labels, or [B, target shape...]
 */
public record Batch(Tensor inputs, Tensor targets) {

    /** Number of examples. */
    public int size() {
        return inputs.shape().dim(0);
    }
}
