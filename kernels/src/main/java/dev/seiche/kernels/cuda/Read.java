package dev.seiche.kernels.cuda;

import dev.seiche.tensor.Layout;
import dev.seiche.tensor.Shape;
import dev.seiche.tensor.Tensor;
import org.jspecify.annotations.Nullable;

/**
 * What a {@link Link} reads to compute its elements.
 *
 * @param address of the operand's first element
 * @param end after its last one
 * @param walk where the element for each result lies, or null: the operand's elements follow each other as the results do
 */
record Read(long address, long end, @Nullable Space walk) {
    /** All of a tensor, stretched to a shape. */
    static Read of(long address, Tensor tensor, Shape shape) {
        Layout layout = tensor.layout().expand(shape);
        long last = 0;
        for (int axis = 0; axis < shape.rank(); axis++) {
            last += layout.strides()[axis] * (shape.dim(axis) - 1);
        }
        long end = address + (last + 1) * tensor.dtype().bytes();
        return new Read(address, end, layout.isContiguous() ? null : Space.of(shape, layout.strides()));
    }

    /** True when element i of a result lies where this reads element i. */
    boolean isResultOf(Link link) {
        return walk == null && address == link.address();
    }

    /** True when computing a link element by element may change what is read for another element. */
    boolean clashesWith(Link link) {
        return address < link.end() && link.address() < end && !isResultOf(link);
    }
}
