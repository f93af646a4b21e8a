package dev.seiche.tensor;

import java.util.List;

/**
 * What a backend runs for one kind of op. Shapes have been checked by {@link Op#infer} and the output allocated; a
 * kernel never sees a zero-size output, overwrites every element of it, and may assume inputs are contiguous unless it
 * says that it takes strides. The output is always contiguous.
 *
 * @param <O> the op record this kernel computes
 */
@FunctionalInterface
public interface Kernel<O extends Op> {
    void run(O op, List<Tensor> in, Tensor out);

    /** True when inputs may be arbitrary views; otherwise the caller copies them first. */
    default boolean acceptsStrides() {
        return false;
    }

    /** True when the output may be the very elements of an input of the same type (elementwise kernels). */
    default boolean mayAlias() {
        return false;
    }
}
