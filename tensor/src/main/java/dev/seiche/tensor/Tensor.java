package dev.seiche.tensor;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Elements of one type on one device, seen through a {@link Layout}. The memory belongs to the {@link Scope} the tensor
 * was born in and dies with it; a view shares the memory of the tensor it was taken from. Reading the elements copies
 * them to the host. A tensor is never changed after it was computed, except by {@link Eager#applyInto}.
 */
public final class Tensor implements Value {
    private final TensorType type;
    private final Layout layout;
    private final Storage storage;
    private final @Nullable String name;

    Tensor(DType dtype, Layout layout, Storage storage, @Nullable String name) {
        this.type = new TensorType(dtype, layout.shape());
        this.layout = layout;
        this.storage = storage;
        this.name = name;
    }

    @Override
    public TensorType type() {
        return type;
    }

    public Layout layout() {
        return layout;
    }

    /** The scope that owns this tensor's memory. */
    public Scope scope() {
        return storage.owner();
    }

    public Backend backend() {
        return storage.owner().backend();
    }

    /** The name given by {@link #named}, or null. */
    public @Nullable String name() {
        return name;
    }

    /** The same elements under a name that errors will show. */
    public Tensor named(String newName) {
        return new Tensor(type.dtype(), layout, storage, newName);
    }

    public boolean isContiguous() {
        return layout.isContiguous();
    }

    /** True until the owning scope frees the memory. */
    public boolean isLive() {
        return storage.freedBy() == null;
    }

    /**
     * The backend's block that holds the elements; for kernels.
     *
     * @throws ScopeException when the owning scope was closed
     */
    public Buffer buffer() {
        Buffer buffer = storage.bufferIfLive();
        if (buffer == null) {
            throw new ScopeException("tensor " + describe() + " was freed by " + storage.freedBy()
                    + "; copy it to a longer-lived scope with scope.keep(tensor) before that");
        }
        return buffer;
    }

    Storage storage() {
        return storage;
    }

    /** The value of a tensor of one element, of any shape, as a double. */
    public double item() {
        if (shape().size() != 1) {
            throw new IllegalArgumentException(
                    "item: needs exactly one element, has " + shape().size() + ": " + describe());
        }
        return toDoubles()[0];
    }

    /** All elements in row-major order, widened to double. */
    public double[] toDoubles() {
        return switch (type.dtype()) {
            case F32 -> widened(toFloats());
            case F64 -> {
                double[] out = new double[count()];
                try (Arena arena = Arena.ofConfined()) {
                    MemorySegment.copy(read(arena), ValueLayout.JAVA_DOUBLE, 0, out, 0, out.length);
                }
                yield out;
            }
            case I32 -> Arrays.stream(toInts()).asDoubleStream().toArray();
        };
    }

    private static double[] widened(float[] values) {
        double[] out = new double[values.length];
        for (int i = 0; i < out.length; i++) {
            out[i] = values[i];
        }
        return out;
    }

    /** All elements of an F32 tensor in row-major order. */
    public float[] toFloats() {
        require(DType.F32, "toFloats");
        float[] out = new float[count()];
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment.copy(read(arena), ValueLayout.JAVA_FLOAT, 0, out, 0, out.length);
        }
        return out;
    }

    /** All elements of an I32 tensor in row-major order. */
    public int[] toInts() {
        require(DType.I32, "toInts");
        int[] out = new int[count()];
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment.copy(read(arena), ValueLayout.JAVA_INT, 0, out, 0, out.length);
        }
        return out;
    }

    /** Copies the elements, which must be contiguous, into a host segment of at least their size. */
    public void read(MemorySegment to) {
        if (!isContiguous()) {
            throw new IllegalArgumentException(
                    "read: the tensor is a strided view; make it contiguous first: " + describe());
        }
        if (type.bytes() > 0) {
            backend().read(buffer(), layout.offset() * type.dtype().bytes(), to.asSlice(0, type.bytes()));
        }
    }

    private MemorySegment read(Arena arena) {
        MemorySegment host = arena.allocate(Math.max(1, type.bytes()), 64);
        if (isContiguous()) {
            read(host);
        } else {
            try (Scope copy = scope().child("read")) {
                copy.ops().contiguous(this).read(host);
            }
        }
        return host;
    }

    private int count() {
        return Math.toIntExact(shape().size());
    }

    private void require(DType dtype, String call) {
        if (type.dtype() != dtype) {
            throw new IllegalArgumentException(call + ": needs " + dtype + ", is " + describe());
        }
    }

    @Override
    public String describe() {
        return type + " " + backend().name() + (name == null ? "" : " '" + name + "'");
    }

    /** Type, device, name and, for up to 8 elements, the values. */
    @Override
    public String toString() {
        if (!isLive() || shape().size() > 8) {
            return describe();
        }
        return describe() + " " + Arrays.toString(toDoubles());
    }
}
