package dev.seiche.tensor;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Where the elements of a view lie in its storage: element {@code (i0, i1, ...)} is at
 * {@code offset + sum(i_k * stride_k)}, in elements. A broadcast axis has stride 0.
 */
public record Layout(Shape shape, long[] strides, long offset) {
    /** Row-major, from the start of the storage. */
    public static Layout contiguous(Shape shape) {
        return new Layout(shape, shape.contiguousStrides(), 0);
    }

    /** True when elements follow each other in row-major order without gaps (axes of size 1 do not count). */
    public boolean isContiguous() {
        long expected = 1;
        for (int axis = shape.rank() - 1; axis >= 0; axis--) {
            int dim = shape.dim(axis);
            if (dim != 1 && strides[axis] != expected && shape.size() != 0) {
                return false;
            }
            expected *= dim;
        }
        return true;
    }

    /** The same elements under another shape of equal size, or null where that needs a copy. */
    public @Nullable Layout reshape(Shape to) {
        return isContiguous() ? new Layout(to, to.contiguousStrides(), offset) : null;
    }

    /** Axis k of the result is axis {@code perm[k]} of this layout. */
    public Layout transpose(int[] perm) {
        int[] dims = new int[perm.length];
        long[] moved = new long[perm.length];
        for (int k = 0; k < perm.length; k++) {
            dims[k] = shape.dim(perm[k]);
            moved[k] = strides[perm[k]];
        }
        return new Layout(Shape.of(dims), moved, offset);
    }

    /** Every {@code step}-th element from {@code start} along each axis, {@code to.dim(k)} of them. */
    public Layout slice(Shape to, int[] start, int[] step) {
        long[] moved = new long[start.length];
        long from = offset;
        for (int k = 0; k < start.length; k++) {
            from += start[k] * strides[k];
            moved[k] = strides[k] * step[k];
        }
        // a view of nothing may start one past the end: keep its offset inside the storage
        return new Layout(to, moved, to.size() == 0 ? offset : from);
    }

    /** Broadcasting as a view: new leading axes and stretched axes get stride 0. */
    public Layout expand(Shape to) {
        long[] stretched = new long[to.rank()];
        int lead = to.rank() - shape.rank();
        for (int k = 0; k < shape.rank(); k++) {
            stretched[lead + k] = shape.dim(k) == 1 ? 0 : strides[k];
        }
        return new Layout(to, stretched, offset);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Layout that
                && shape.equals(that.shape)
                && offset == that.offset
                && Arrays.equals(strides, that.strides);
    }

    @Override
    public int hashCode() {
        return 31 * (31 * shape.hashCode() + Arrays.hashCode(strides)) + Long.hashCode(offset);
    }

    @Override
    public String toString() {
        return "Layout" + shape + " strides " + Arrays.toString(strides) + " offset " + offset;
    }
}
