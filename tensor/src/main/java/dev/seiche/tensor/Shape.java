package dev.seiche.tensor;

import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The sizes of a tensor's axes. Immutable; rank 0 is a scalar; a size may be 0. */
public final class Shape {
    private static final Shape SCALAR = new Shape(new int[0]);

    private final int[] dims;
    private final long size;

    private Shape(int[] dims) {
        this.dims = dims;
        long product = 1;
        for (int dim : dims) {
            if (dim < 0) {
                throw new IllegalArgumentException("shape " + Arrays.toString(dims) + ": size " + dim + " is negative");
            }
            product = Math.multiplyExact(product, (long) dim);
        }
        this.size = product;
    }

    /** A shape of these sizes; none makes a scalar. Throws on a negative size. */
    public static Shape of(int... dims) {
        return dims.length == 0 ? SCALAR : new Shape(dims.clone());
    }

    /** The shape of rank 0. */
    public static Shape scalar() {
        return SCALAR;
    }

    public int rank() {
        return dims.length;
    }

    /** Size of axis {@code axis}; negative counts from the end. */
    public int dim(int axis) {
        return dims[axis(axis)];
    }

    /** Number of elements; 1 for a scalar. */
    public long size() {
        return size;
    }

    /** A copy of the sizes. */
    public int[] dims() {
        return dims.clone();
    }

    /** {@code axis} counted from the front: in 0..rank-1. Throws when out of range. */
    public int axis(int axis) {
        int resolved = axis < 0 ? axis + dims.length : axis;
        if (resolved < 0 || resolved >= dims.length) {
            throw new IllegalArgumentException(
                    "axis " + axis + " is out of range for shape " + this + " of rank " + rank());
        }
        return resolved;
    }

    /** This shape with axis {@code axis} set to {@code dim}. */
    public Shape with(int axis, int dim) {
        int[] copy = dims.clone();
        copy[axis(axis)] = dim;
        return new Shape(copy);
    }

    /** This shape with these axes (sorted, from the front) dropped, or kept at size 1. */
    public Shape reduce(List<Integer> axes, boolean keepDims) {
        int[] out = new int[keepDims ? dims.length : dims.length - axes.size()];
        int next = 0;
        for (int axis = 0; axis < dims.length; axis++) {
            if (!axes.contains(axis)) {
                out[next++] = dims[axis];
            } else if (keepDims) {
                out[next++] = 1;
            }
        }
        return new Shape(out);
    }

    /** Axes {@code from} (inclusive) to {@code to} (exclusive), counted from the front. */
    public Shape slice(int from, int to) {
        return new Shape(Arrays.copyOfRange(dims, from, to));
    }

    /** This shape followed by the axes of {@code tail}. */
    public Shape concat(Shape tail) {
        int[] out = Arrays.copyOf(dims, dims.length + tail.dims.length);
        System.arraycopy(tail.dims, 0, out, dims.length, tail.dims.length);
        return new Shape(out);
    }

    /** True when aligning at the last axis and stretching sizes of 1 turns this shape into {@code target}. */
    public boolean broadcastsTo(Shape target) {
        if (rank() > target.rank()) {
            return false;
        }
        for (int i = 1; i <= rank(); i++) {
            int mine = dims[rank() - i];
            if (mine != 1 && mine != target.dims[target.rank() - i]) {
                return false;
            }
        }
        return true;
    }

    /** The common shape of two operands under broadcasting, or null where they disagree. */
    public static @Nullable Shape broadcast(Shape a, Shape b) {
        int rank = Math.max(a.rank(), b.rank());
        int[] out = new int[rank];
        for (int i = 1; i <= rank; i++) {
            int x = i <= a.rank() ? a.dims[a.rank() - i] : 1;
            int y = i <= b.rank() ? b.dims[b.rank() - i] : 1;
            if (x != y && x != 1 && y != 1) {
                return null;
            }
            out[rank - i] = x == 1 ? y : x;
        }
        return new Shape(out);
    }

    /** Strides in elements of a row-major contiguous tensor of this shape. */
    public long[] contiguousStrides() {
        long[] strides = new long[dims.length];
        long next = 1;
        for (int axis = dims.length - 1; axis >= 0; axis--) {
            strides[axis] = next;
            next *= Math.max(1, dims[axis]);
        }
        return strides;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Shape that && Arrays.equals(dims, that.dims);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(dims);
    }

    @Override
    public String toString() {
        return Arrays.toString(dims);
    }
}
