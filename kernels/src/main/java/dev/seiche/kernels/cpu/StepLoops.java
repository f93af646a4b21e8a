package dev.seiche.kernels.cpu;

import dev.seiche.tensor.MultiTensor.AdamStep;
import java.lang.foreign.MemorySegment;

/**
 * Steps of optimizers over elements of one type that lie side by side, in place: the formulas of
 * {@link dev.seiche.tensor.MultiTensor}, rounded as the composed ops round them. All counts are multiples of {@link #width}.
 */
interface StepLoops {
    /** Elements of one vector. */
    int width();

    void adam(
            AdamStep step,
            MemorySegment weights,
            MemorySegment gradients,
            MemorySegment first,
            MemorySegment second,
            int n);
}
