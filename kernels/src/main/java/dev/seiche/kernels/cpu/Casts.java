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
        switch (from) {
            case F32 -> fromF32(x, to, y, n);
            case F64 -> fromF64(x, to, y, n);
            case I32 -> fromI32(x, to, y, n);
        }
    }

    private static void fromF32(MemorySegment x, DType to, MemorySegment y, int n) {
        switch (to) {
            case F32 -> MemorySegment.copy(x, 0, y, 0, n * 4L);
            case F64 -> {
                for (int i = 0; i < n; i++) {
                    y.setAtIndex(JAVA_DOUBLE, i, x.getAtIndex(JAVA_FLOAT, i));
                }
            }
            case I32 -> {
                for (int i = 0; i < n; i++) {
                    y.setAtIndex(JAVA_INT, i, (int) x.getAtIndex(JAVA_FLOAT, i));
                }
            }
        }
    }

    private static void fromF64(MemorySegment x, DType to, MemorySegment y, int n) {
        switch (to) {
            case F32 -> {
                for (int i = 0; i < n; i++) {
                    y.setAtIndex(JAVA_FLOAT, i, (float) x.getAtIndex(JAVA_DOUBLE, i));
                }
            }
            case F64 -> MemorySegment.copy(x, 0, y, 0, n * 8L);
            case I32 -> {
                for (int i = 0; i < n; i++) {
                    y.setAtIndex(JAVA_INT, i, (int) x.getAtIndex(JAVA_DOUBLE, i));
                }
            }
        }
    }

    private static void fromI32(MemorySegment x, DType to, MemorySegment y, int n) {
        switch (to) {
            case F32 -> {
                for (int i = 0; i < n; i++) {
                    y.setAtIndex(JAVA_FLOAT, i, (float) x.getAtIndex(JAVA_INT, i));
                }
            }
            case F64 -> {
                for (int i = 0; i < n; i++) {
                    y.setAtIndex(JAVA_DOUBLE, i, x.getAtIndex(JAVA_INT, i));
                }
            }
            case I32 -> MemorySegment.copy(x, 0, y, 0, n * 4L);
        }
    }

    /** Sets every element of {@code y}. */
    static void fill(DType dtype, MemorySegment y, double value) {
        if (Double.doubleToRawLongBits(value) == 0) {
            y.fill((byte) 0);
            return;
        }
        long n = y.byteSize() / dtype.bytes();
        switch (dtype) {
            case F32 -> {
                for (long i = 0; i < n; i++) {
                    y.setAtIndex(JAVA_FLOAT, i, (float) value);
                }
            }
            case F64 -> {
                for (long i = 0; i < n; i++) {
                    y.setAtIndex(JAVA_DOUBLE, i, value);
                }
            }
            case I32 -> {
                for (long i = 0; i < n; i++) {
                    y.setAtIndex(JAVA_INT, i, (int) value);
                }
            }
        }
    }
}
