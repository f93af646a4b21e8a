package dev.seiche.kernels.cpu;

import dev.seiche.tensor.Layout;
import dev.seiche.tensor.Tensor;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * The elements of a tensor's storage as doubles, whatever their type. Places count elements of the storage; which of
 * them belong to the tensor, and in what order, its layout says.
 */
abstract sealed class Cells {
    final MemorySegment memory;
    final Layout layout;

    private Cells(Tensor tensor) {
        this.memory = CpuBuffer.memory(tensor);
        this.layout = tensor.layout();
    }

    static Cells of(Tensor tensor) {
        return switch (tensor.dtype()) {
            case F32 -> new F32(tensor);
            case F64 -> new F64(tensor);
            case I32 -> new I32(tensor);
        };
    }

    abstract double get(long place);

    /** Rounds to the nearest value of the type; to i32, truncates toward zero. */
    abstract void set(long place, double value);

    /** An element of an i32 tensor, as an offset to count with. */
    long id(long place) {
        return (long) get(place);
    }

    int dim(int axis) {
        return layout.shape().dim(axis);
    }

    long stride(int axis) {
        return layout.strides()[axis];
    }

    /** Place of element (i, j, k, l) of a tensor of rank 4. */
    long place(int i, int j, int k, int l) {
        long[] s = layout.strides();
        return layout.offset() + i * s[0] + j * s[1] + k * s[2] + l * s[3];
    }

    double at(int i, int j, int k, int l) {
        return get(place(i, j, k, l));
    }

    void put(int i, int j, int k, int l, double value) {
        set(place(i, j, k, l), value);
    }

    private static final class F32 extends Cells {
        F32(Tensor tensor) {
            super(tensor);
        }

        @Override
        double get(long place) {
            return memory.getAtIndex(ValueLayout.JAVA_FLOAT, place);
        }

        @Override
        void set(long place, double value) {
            memory.setAtIndex(ValueLayout.JAVA_FLOAT, place, (float) value);
        }
    }

    private static final class F64 extends Cells {
        F64(Tensor tensor) {
            super(tensor);
        }

        @Override
        double get(long place) {
            return memory.getAtIndex(ValueLayout.JAVA_DOUBLE, place);
        }

        @Override
        void set(long place, double value) {
            memory.setAtIndex(ValueLayout.JAVA_DOUBLE, place, value);
        }
    }

    private static final class I32 extends Cells {
        I32(Tensor tensor) {
            super(tensor);
        }

        @Override
        double get(long place) {
            return memory.getAtIndex(ValueLayout.JAVA_INT, place);
        }

        @Override
        void set(long place, double value) {
            memory.setAtIndex(ValueLayout.JAVA_INT, place, (int) value);
        }
    }
}
