package dev.seiche.kernels.cpu;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.seiche.tensor.Tensor;
import java.lang.foreign.MemorySegment;

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
        } else {
            long last = place + (n - 1) * stride;
            long from = Native.at(base, (last + 1) * elementBytes) + place * elementBytes;
            long into = Native.at(to, (at + n) * elementBytes) + at * elementBytes;
            if (elementBytes == Integer.BYTES) {
                read4(from, stride, n, into);
            } else {
                read8(from, stride, n, into);
            }
        }
    }

    private static void read4(long from, long stride, int n, long to) {
        if (stride == 0) {
            int value = Native.ALL.get(JAVA_INT, from);
            for (long i = 0; i < n; i++) {
                Native.ALL.set(JAVA_INT, to + i * Integer.BYTES, value);
            }
        } else {
            for (long i = 0; i < n; i++) {
                Native.ALL.set(
                        JAVA_INT, to + i * Integer.BYTES, Native.ALL.get(JAVA_INT, from + i * stride * Integer.BYTES));
            }
        }
    }

    private static void read8(long from, long stride, int n, long to) {
        if (stride == 0) {
            long value = Native.ALL.get(JAVA_LONG, from);
            for (long i = 0; i < n; i++) {
                Native.ALL.set(JAVA_LONG, to + i * Long.BYTES, value);
            }
        } else {
            for (long i = 0; i < n; i++) {
                Native.ALL.set(
                        JAVA_LONG, to + i * Long.BYTES, Native.ALL.get(JAVA_LONG, from + i * stride * Long.BYTES));
            }
        }
    }
}
