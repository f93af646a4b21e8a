package dev.seiche.kernels.cpu;

import dev.seiche.tensor.Layout;
import dev.seiche.tensor.Shape;
import java.util.Arrays;

/**
 * A shape and several layouts broadcast to it, with as few axes as describe the same places: axes of size 1 are dropped
 * and neighbours that every layout walks evenly become one. A tensor without gaps collapses to one axis.
 *
 * @param dims sizes, outermost first; at least one axis
 * @param strides for each layout, its stride along each axis
 */
record Collapsed(int[] dims, long[][] strides) {
    static Collapsed of(Shape shape, Layout... layouts) {
        long[][] full = new long[layouts.length][];
        for (int k = 0; k < layouts.length; k++) {
            full[k] = layouts[k].expand(shape).strides();
        }
        int[] dims = new int[Math.max(1, shape.rank())];
        long[][] strides = new long[layouts.length][dims.length];
        int used = 0; // axes so far, innermost first
        for (int axis = shape.rank() - 1; axis >= 0; axis--) {
            int dim = shape.dim(axis);
            if (dim == 1) {
                continue;
            }
            if (used > 0
                    && continues(full, axis, strides, used - 1, dims[used - 1])
                    && (long) dims[used - 1] * dim <= Integer.MAX_VALUE) {
                dims[used - 1] *= dim;
            } else {
                dims[used] = dim;
                for (int k = 0; k < layouts.length; k++) {
                    strides[k][used] = full[k][axis];
                }
                used++;
            }
        }
        if (used == 0) {
            dims[used++] = 1;
        }
        int[] outerFirst = new int[used];
        long[][] reversed = new long[layouts.length][used];
        for (int i = 0; i < used; i++) {
            outerFirst[i] = dims[used - 1 - i];
            for (int k = 0; k < layouts.length; k++) {
                reversed[k][i] = strides[k][used - 1 - i];
            }
        }
        return new Collapsed(outerFirst, reversed);
    }

    /** True when stepping along {@code axis} is, for every layout, the step after the last one along the inner axis. */
    private static boolean continues(long[][] full, int axis, long[][] strides, int inner, int innerDim) {
        for (int k = 0; k < full.length; k++) {
            if (full[k][axis] != strides[k][inner] * innerDim) {
                return false;
            }
        }
        return true;
    }

    int rank() {
        return dims.length;
    }

    /** Size of the innermost axis. */
    int inner() {
        return dims[dims.length - 1];
    }

    /** Layout k's stride along the innermost axis. */
    long innerStride(int k) {
        return strides[k][dims.length - 1];
    }

    /** True when layout k lies without gaps in this order. */
    boolean dense(int k) {
        long expected = 1;
        for (int axis = dims.length - 1; axis >= 0; axis--) {
            if (dims[axis] != 1 && strides[k][axis] != expected) {
                return false;
            }
            expected *= dims[axis];
        }
        return true;
    }

    /** True when all axes but the innermost repeat layout k. */
    boolean repeats(int k) {
        for (int axis = 0; axis < dims.length - 1; axis++) {
            if (strides[k][axis] != 0) {
                return false;
            }
        }
        return true;
    }

    @Override
    public String toString() {
        return Arrays.toString(dims) + " strides " + Arrays.deepToString(strides);
    }
}
