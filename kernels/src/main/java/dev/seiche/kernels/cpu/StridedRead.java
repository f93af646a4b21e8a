package dev.seiche.kernels.cpu;

import dev.seiche.tensor.Tensor;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** Reads runs of a tensor's elements, in the row-major order of a collapsed shape, whatever its strides. */
final class StridedRead {
    private final MemorySegment base;
    private final int elementBytes;
    private final int[] dims;
    private final long[] strides;
    private final boolean dense;
    private final boolean repeats;

    /** @param k which layout of {@code collapsed} is the tensor's */
    StridedRead(Tensor tensor, Collapsed collapsed, int k) {
        this.elementBytes = tensor.dtype().bytes();
        this.base = CpuBuffer.memory(tensor).asSlice(tensor.layout().offset() * elementBytes);
        this.dims = collapsed.dims();
        this.strides = collapsed.strides()[k];
        this.dense = collapsed.dense(k);
        this.repeats = collapsed.repeats(k);
    }

    /** True when elements {@code start} to {@code start + n - 1} lie side by side. */
    boolean direct(long start, int n) {
        return dense || (strides[dims.length - 1] == 1 && start % inner() + n <= inner());
    }

    /** True when every stretch of whole rows, begun at a row, holds the same elements. */
    boolean repeats() {
        return repeats;
    }

    /** True when all elements are one. */
    boolean constant() {
        return repeats && strides[dims.length - 1] == 0;
    }

    /** The memory from element {@code start} on; only for runs that are {@link #direct}. */
    MemorySegment from(long start) {
        return base.asSlice((dense ? start : place(start)) * elementBytes);
    }

    /** Copies elements {@code start} to {@code start + n - 1}, one after another, to the start of {@code to}. */
    void read(long start, long n, MemorySegment to) {
        if (dense) {
            MemorySegment.copy(base, start * elementBytes, to, 0, n * elementBytes);
            return;
        }
        int[] index = index(start);
        int last = dims.length - 1;
        long place = place(start);
        long at = 0;
        while (at < n) {
            int take = (int) Math.min(n - at, dims[last] - index[last]);
            readRow(place, take, to, at);
            at += take;
            index[last] += take;
            place += take * strides[last];
            for (int axis = last; axis > 0 && index[axis] == dims[axis]; axis--) {
                place += strides[axis - 1] - strides[axis] * dims[axis];
                index[axis] = 0;
                index[axis - 1]++;
            }
        }
    }

    private int inner() {
        return dims[dims.length - 1];
    }

    private int[] index(long start) {
        int[] index = new int[dims.length];
        long rest = start;
        for (int axis = dims.length - 1; axis >= 0; axis--) {
            index[axis] = (int) (rest % dims[axis]);
            rest /= dims[axis];
        }
        return index;
    }

    private long place(long start) {
        long rest = start;
        long place = 0;
        for (int axis = dims.length - 1; axis >= 0; axis--) {
            place += rest % dims[axis] * strides[axis];
            rest /= dims[axis];
        }
        return place;
    }

    private void readRow(long place, int n, MemorySegment to, long at) {
        long stride = strides[dims.length - 1];
        if (stride == 1) {
            MemorySegment.copy(base, place * elementBytes, to, at * elementBytes, (long) n * elementBytes);
        } else if (elementBytes == Integer.BYTES) {
            read4(base.asSlice(place * 4), stride, n, to.asSlice(at * 4, n * 4L));
        } else {
            read8(base.asSlice(place * 8), stride, n, to.asSlice(at * 8, n * 8L));
        }
    }

    private static void read4(MemorySegment from, long stride, int n, MemorySegment to) {
        if (stride == 0) {
            int value = from.get(ValueLayout.JAVA_INT, 0);
            for (int i = 0; i < n; i++) {
                to.setAtIndex(ValueLayout.JAVA_INT, i, value);
            }
        } else {
            for (int i = 0; i < n; i++) {
                to.setAtIndex(ValueLayout.JAVA_INT, i, from.getAtIndex(ValueLayout.JAVA_INT, i * stride));
            }
        }
    }

    private static void read8(MemorySegment from, long stride, int n, MemorySegment to) {
        if (stride == 0) {
            long value = from.get(ValueLayout.JAVA_LONG, 0);
            for (int i = 0; i < n; i++) {
                to.setAtIndex(ValueLayout.JAVA_LONG, i, value);
            }
        } else {
            for (int i = 0; i < n; i++) {
                to.setAtIndex(ValueLayout.JAVA_LONG, i, from.getAtIndex(ValueLayout.JAVA_LONG, i * stride));
            }
        }
    }
}
