package dev.seiche.kernels.cuda;

import dev.seiche.kernels.cuda.driver.Arguments;
import dev.seiche.tensor.Layout;
import dev.seiche.tensor.Shape;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A shape that is walked, and where up to three operands lie along it: {@code struct Space} of {@code device.cuh}. Axes of
 * size 1 are dropped, and neighbours that every operand walks evenly become one, so contiguous operands have one axis.
 */
final class Space implements Arguments.Structure {
    private static final int MOST_AXES = 8;
    private static final int MOST_OPERANDS = 3;

    private final int[] size = new int[MOST_AXES];
    private final long[][] stride = new long[MOST_OPERANDS][MOST_AXES];
    private int rank;

    private Space() {}

    /**
     * The walk over a shape that all layouts broadcast to.
     *
     * @throws IllegalArgumentException when more than 8 axes remain
     */
    static Space of(Shape shape, Layout... layouts) {
        long[][] strides = new long[layouts.length][];
        for (int k = 0; k < layouts.length; k++) {
            strides[k] = layouts[k].expand(shape).strides();
        }
        return of(shape, strides);
    }

    /** The walk over some axes of one layout, in this order. */
    static Space along(Layout layout, List<Integer> axes) {
        int[] dims = new int[axes.size()];
        long[] strides = new long[axes.size()];
        for (int k = 0; k < dims.length; k++) {
            dims[k] = layout.shape().dim(axes.get(k));
            strides[k] = layout.strides()[axes.get(k)];
        }
        return of(Shape.of(dims), strides);
    }

    /** The walk over a shape with given strides of each operand. */
    static Space of(Shape shape, long[]... strides) {
        Space space = new Space();
        for (int axis = 0; axis < shape.rank(); axis++) {
            if (shape.dim(axis) != 1) {
                space.append(shape, axis, strides);
            }
        }
        if (space.rank == 0) {
            space.size[space.rank++] = 1;
        }
        return space;
    }

    /** Adds an axis inside those before it, or lets the last of them go on through it. */
    private void append(Shape shape, int axis, long[][] strides) {
        int dim = shape.dim(axis);
        int at = rank - 1;
        boolean goesOn = rank > 0 && (long) size[at] * dim <= Integer.MAX_VALUE;
        for (int k = 0; goesOn && k < strides.length; k++) {
            goesOn = stride[k][at] == strides[k][axis] * dim;
        }
        if (goesOn) {
            size[at] *= dim;
        } else if (rank == MOST_AXES) {
            throw new IllegalArgumentException("cuda: strides over " + shape + " need more than " + MOST_AXES
                    + " axes; make the operands contiguous first");
        } else {
            at = rank++;
            size[at] = dim;
        }
        for (int k = 0; k < strides.length; k++) {
            stride[k][at] = strides[k][axis];
        }
    }

    int rank() {
        return rank;
    }

    /** Operand k's elements from one step along the innermost axis to the next. */
    long innerStride(int k) {
        return stride[k][rank - 1];
    }

    /** True when operand k lies without gaps in this order. */
    boolean dense(int k) {
        return rank == 1 && (stride[k][0] == 1 || size[0] == 1);
    }

    /** True when operand k is always a multiple of {@code unit} elements from its first. */
    boolean inSteps(int k, int unit) {
        for (int axis = 0; axis < rank; axis++) {
            if (stride[k][axis] % unit != 0) {
                return false;
            }
        }
        return true;
    }

    /** Spaces with the same sizes and strides are equal. */
    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Space that
                && rank == that.rank
                && Arrays.equals(size, that.size)
                && Arrays.deepEquals(stride, that.stride);
    }

    @Override
    public int hashCode() {
        return 31 * (31 * rank + Arrays.hashCode(size)) + Arrays.deepHashCode(stride);
    }

    @Override
    public void pack(ByteBuffer into) {
        into.putInt(rank);
        for (int dim : size) {
            into.putInt(dim);
        }
        into.putInt(0); // the strides are aligned to 8
        for (long[] operand : stride) {
            for (long each : operand) {
                into.putLong(each);
            }
        }
    }
}
