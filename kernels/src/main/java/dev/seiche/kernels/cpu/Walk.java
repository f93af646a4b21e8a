package dev.seiche.kernels.cpu;

import dev.seiche.tensor.Layout;
import dev.seiche.tensor.Shape;
import java.util.Arrays;

/**
 * Visits the indices of a shape in row-major order and keeps, for each of several layouts over that shape, the place of
 * the current index. Starts at the first index.
 */
final class Walk {
    private final int[] dims;
    private final int[] index;
    private final long[][] strides;
    private final long[] start;
    private final long[] place;

    Walk(int[] dims, long[] start, long[]... strides) {
        this.dims = dims;
        this.index = new int[dims.length];
        this.strides = strides;
        this.start = start.clone();
        this.place = start.clone();
    }

    /** Over {@code shape}, to which each layout is broadcast. */
    static Walk over(Shape shape, Layout... layouts) {
        long[] start = new long[layouts.length];
        long[][] strides = new long[layouts.length][];
        for (int k = 0; k < layouts.length; k++) {
            start[k] = layouts[k].offset();
            strides[k] = layouts[k].expand(shape).strides();
        }
        return new Walk(shape.dims(), start, strides);
    }

    /** Over some axes of one layout, relative to any place. */
    static Walk along(Layout layout, int... axes) {
        int[] dims = new int[axes.length];
        long[] strides = new long[axes.length];
        for (int k = 0; k < axes.length; k++) {
            dims[k] = layout.shape().dim(axes[k]);
            strides[k] = layout.strides()[axes[k]];
        }
        return new Walk(dims, new long[] {0}, strides);
    }

    /** Number of indices. */
    long size() {
        long size = 1;
        for (int dim : dims) {
            size *= dim;
        }
        return size;
    }

    /** The place of the current index in layout k. */
    long place(int k) {
        return place[k];
    }

    /** The current index; changes with the next step. */
    int[] index() {
        return index;
    }

    /** Goes on to the next index; from the last one, back to the first. */
    void step() {
        for (int axis = dims.length - 1; axis >= 0; axis--) {
            if (++index[axis] < dims[axis]) {
                for (int k = 0; k < place.length; k++) {
                    place[k] += strides[k][axis];
                }
                return;
            }
            for (int k = 0; k < place.length; k++) {
                place[k] -= strides[k][axis] * (dims[axis] - 1);
            }
            index[axis] = 0;
        }
        System.arraycopy(start, 0, place, 0, place.length);
    }

    @Override
    public String toString() {
        return "walk at " + Arrays.toString(index) + " of " + Arrays.toString(dims);
    }
}
