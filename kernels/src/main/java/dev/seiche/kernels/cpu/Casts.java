package dev.seiche.kernels.cpu;

import static java.lang.foreign.ValueLayout.JAVA_DOUBLE;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import dev.seiche.tensor.DType;
import java.lang.foreign.MemorySegment;

/** Loops from one element type to another, over elements that lie side by side. */
final class Casts {
    private Casts() {}

    static void run(DType from, MemorySegment x, DType to, MemorySegment y, int n) {
        if (from == to) {
            MemorySegment.copy(x, 0, y, 0, (long) n * from.bytes());
            return;
        }
        long xs = Native.at(x, (long) n * from.bytes());
        long ys = Native.at(y, (long) n * to.bytes());
        switch (from) {
            case F32 -> fromF32(xs, to, ys, n);
            case F64 -> fromF64(xs, to, ys, n);
            case I32 -> fromI32(xs, to, ys, n);
        }
    }

    private static void fromF32(long xs, DType to, long ys, int n) {
        switch (to) {
            case F32 -> throw new AssertionError(to);
            case F64 -> {
                for (long i = 0; i < n; i++) {
                    Native.ALL.set(
                            JAVA_DOUBLE, ys + i * Double.BYTES, Native.ALL.get(JAVA_FLOAT, xs + i * Float.BYTES));
                }
            }
            case I32 -> {
                for (long i = 0; i < n; i++) {
                    Native.ALL.set(
                            JAVA_INT, ys + i * Integer.BYTES, (int) Native.ALL.get(JAVA_FLOAT, xs + i * Float.BYTES));
                }
            }
        }
    }

    private static void fromF64(long xs, DType to, long ys, int n) {
        switch (to) {
            case F32 -> {
                for (long i = 0; i < n; i++) {
                    Native.ALL.set(JAVA_FLOAT, ys + i * Float.BYTES, (float)
                            Native.ALL.get(JAVA_DOUBLE, xs + i * Double.BYTES));
                }
            }
            case F64 -> throw new AssertionError(to);
            case I32 -> {
                for (long i = 0; i < n; i++) {
                    Native.ALL.set(
                            JAVA_INT, ys + i * Integer.BYTES, (int) Native.ALL.get(JAVA_DOUBLE, xs + i * Double.BYTES));
                }
            }
        }
    }

    private static void fromI32(long xs, DType to, long ys, int n) {
        switch (to) {
            case F32 -> {
                for (long i = 0; i < n; i++) {
                    Native.ALL.set(
                            JAVA_FLOAT, ys + i * Float.BYTES, (float) Native.ALL.get(JAVA_INT, xs + i * Integer.BYTES));
                }
            }
            case F64 -> {
                for (long i = 0; i < n; i++) {
                    Native.ALL.set(
                            JAVA_DOUBLE, ys + i * Double.BYTES, Native.ALL.get(JAVA_INT, xs + i * Integer.BYTES));
                }
            }
            case I32 -> throw new AssertionError(to);
        }
    }

    /** Sets every element of {@code y}. */
    static void fill(DType dtype, MemorySegment y, double value) {
        if (Double.doubleToRawLongBits(value) == 0) {
            y.fill((byte) 0);
            return;
        }
        long n = y.byteSize() / dtype.bytes();
        long ys = Native.at(y, y.byteSize());
        switch (dtype) {
            case F32 -> {
                for (long i = 0; i < n; i++) {
                    Native.ALL.set(JAVA_FLOAT, ys + i * Float.BYTES, (float) value);
                }
            }
            case F64 -> {
                for (long i = 0; i < n; i++) {
                    Native.ALL.set(JAVA_DOUBLE, ys + i * Double.BYTES, value);
                }
            }
            case I32 -> {
                for (long i = 0; i < n; i++) {
                    Native.ALL.set(JAVA_INT, ys + i * Integer.BYTES, (int) value);
                }
            }
        }
    }
}
