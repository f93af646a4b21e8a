package dev.seiche.tensor;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Owns memory. Every tensor is born in the scope whose {@link #ops()} or factory made it, wherever its inputs live, and
 * dies when that scope closes: model scope, epoch scope, step scope, each a child of the one before. Confined to the
 * thread that opened it.
 *
 * <pre>{@code
 * try (Scope step = model.child("step")) {
 *   Eager ops = step.ops();
 *   return ops.mean(ops.matmul(batch, weight)).item();   // a number leaves; no tensor does
 * }
 * }</pre>
 *
 * A scope must be closed after its children. A sealed scope refuses new tensors, so that a leak into the model's scope
 * fails at the first training step.
 */
public final class Scope implements AutoCloseable {
    private final Backend backend;
    private final @Nullable Scope parent;
    private final String name;
    private final Thread owner = Thread.currentThread();
    private final List<Storage> storages = new ArrayList<>();
    private final Eager ops = new Eager(this);
    private int openChildren;
    private long liveBytes;
    private boolean sealed;
    private boolean closed;

    private Scope(Backend backend, @Nullable Scope parent, String name) {
        this.backend = backend;
        this.parent = parent;
        this.name = parent == null ? name : parent.name + "/" + name;
    }

    /** A scope without parent on this device. */
    public static Scope root(Backend backend, String name) {
        return new Scope(backend, null, name);
    }

    /** A shorter-lived scope on the same device; close it before this one. */
    public Scope child(String childName) {
        checkUsable("open child '" + childName + "'");
        openChildren++;
        return new Scope(backend, this, childName);
    }

    /** Path of names from the root, as in {@code model/step}. */
    public String name() {
        return name;
    }

    public Backend backend() {
        return backend;
    }

    /** Computes at once; results are born here. */
    public Eager ops() {
        return ops;
    }

    /** From now on no tensor may be born here; children are not affected. */
    public void seal() {
        sealed = true;
    }

    /** Allows tensors again. */
    public void unseal() {
        sealed = false;
    }

    public boolean isOpen() {
        return !closed;
    }

    /** Bytes owned by this scope itself, without its children. */
    public long liveBytes() {
        return liveBytes;
    }

    /** Tensors owned by this scope itself, without their views. */
    int tensorCount() {
        return storages.size();
    }

    /** This scope and those around it, out to the root. */
    List<Scope> path() {
        List<Scope> path = new ArrayList<>();
        for (Scope scope = this; scope != null; scope = scope.parent) {
            path.add(scope);
        }
        return path;
    }

    /**
     * A contiguous tensor with undefined elements, for kernels and loaders that overwrite all of them.
     *
     * @throws DeviceMemoryException when the device has not enough memory
     */
    public Tensor allocate(TensorType type) {
        requireAllocatable(type);
        long bytes = type.bytes();
        Storage storage = new Storage(this, block(Math.max(1, bytes)), bytes);
        storages.add(storage);
        liveBytes += bytes;
        return new Tensor(type.dtype(), Layout.contiguous(type.shape()), storage, null);
    }

    /** A tensor with these values in row-major order, rounded to {@code dtype}. */
    public Tensor tensor(DType dtype, Shape shape, double... values) {
        requireCount(shape, values.length);
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment host = arena.allocate(Math.max(1, shape.size() * dtype.bytes()), 64);
            for (int i = 0; i < values.length; i++) {
                switch (dtype) {
                    case F32 -> host.setAtIndex(ValueLayout.JAVA_FLOAT, i, (float) values[i]);
                    case F64 -> host.setAtIndex(ValueLayout.JAVA_DOUBLE, i, values[i]);
                    case I32 -> host.setAtIndex(ValueLayout.JAVA_INT, i, exactInt(values[i]));
                }
            }
            return tensor(new TensorType(dtype, shape), host);
        }
    }

    /** An F32 tensor with these values in row-major order. */
    public Tensor tensor(Shape shape, float[] values) {
        requireCount(shape, values.length);
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment host = arena.allocate(Math.max(4, shape.size() * 4), 64);
            MemorySegment.copy(values, 0, host, ValueLayout.JAVA_FLOAT, 0, values.length);
            return tensor(new TensorType(DType.F32, shape), host);
        }
    }

    /** An I32 tensor with these values in row-major order. */
    public Tensor tensor(Shape shape, int[] values) {
        requireCount(shape, values.length);
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment host = arena.allocate(Math.max(4, shape.size() * 4), 64);
            MemorySegment.copy(values, 0, host, ValueLayout.JAVA_INT, 0, values.length);
            return tensor(new TensorType(DType.I32, shape), host);
        }
    }

    /** A tensor with a copy of the host elements, which follow each other in row-major order. */
    public Tensor tensor(TensorType type, MemorySegment host) {
        Tensor out = allocate(type);
        if (type.bytes() > 0) {
            backend.write(host.asSlice(0, type.bytes()), out.buffer(), 0);
        }
        return out;
    }

    /** A scalar of a floating type. */
    public Tensor scalar(DType dtype, double value) {
        return tensor(dtype, Shape.scalar(), value);
    }

    /** A contiguous copy of {@code tensor} that lives as long as this scope. */
    public Tensor keep(Tensor tensor) {
        Tensor copy = ops.copy(tensor);
        String label = tensor.name();
        return label == null ? copy : copy.named(label);
    }

    /**
     * Takes over a tensor of a shorter-lived scope, so that a result outlives its temporaries. Nothing is copied when the
     * tensor is the whole of its memory; its views live on with it. Anything else, views and tensors of other scopes, is
     * copied. Afterwards the returned tensor belongs to this scope.
     */
    public Tensor adopt(Tensor tensor) {
        Storage storage = tensor.storage();
        Scope from = storage.owner();
        if (from == this && storage.bytes() == tensor.type().bytes()) {
            return tensor;
        }
        boolean whole =
                tensor.isContiguous() && storage.bytes() == tensor.type().bytes();
        if (!whole || !from.outlivedBy(this) || storage.freedBy() != null) {
            return keep(tensor);
        }
        requireAllocatable(tensor.type());
        from.storages.remove(storage);
        from.liveBytes -= storage.bytes();
        storage.moveTo(this);
        storages.add(storage);
        liveBytes += storage.bytes();
        return tensor;
    }

    /**
     * Frees one tensor of this scope before the scope closes; views of it die too.
     *
     * @throws ScopeException when another scope owns it
     */
    public void free(Tensor tensor) {
        Storage storage = tensor.storage();
        if (storage.owner() != this) {
            throw new ScopeException("scope '" + name + "' cannot free " + tensor.describe() + ": scope '"
                    + storage.owner().name + "' owns it");
        }
        if (storage.freedBy() == null) {
            storage.free("scope.free in '" + name + "'");
            liveBytes -= storage.bytes();
            storages.remove(storage);
        }
    }

    /** True when memory of {@code other} lives at least as long as this scope. */
    boolean outlivedBy(Scope other) {
        for (Scope scope = this; scope != null; scope = scope.parent) {
            if (scope == other) {
                return true;
            }
        }
        return false;
    }

    Tensor view(Tensor source, Layout layout) {
        checkUsable("view " + source.describe());
        return new Tensor(source.dtype(), layout, source.storage(), null);
    }

    private Buffer block(long bytes) {
        try {
            return backend.allocate(bytes);
        } catch (DeviceMemoryException e) {
            throw e.in(this);
        }
    }

    private void requireAllocatable(TensorType type) {
        checkUsable("allocate " + type);
        if (sealed) {
            throw new ScopeException("scope '" + name + "' is sealed and takes no new tensor (" + type
                    + "); compute in a child scope, or unseal() while building the model");
        }
    }

    private void checkUsable(String what) {
        if (closed) {
            throw new ScopeException("scope '" + name + "' is closed: cannot " + what);
        }
        if (Thread.currentThread() != owner) {
            throw new ScopeException("scope '" + name + "' belongs to thread '" + owner.getName() + "', used by '"
                    + Thread.currentThread().getName() + "': open one scope per thread");
        }
    }

    private static void requireCount(Shape shape, int count) {
        if (shape.size() != count) {
            throw new IllegalArgumentException(
                    "tensor: shape " + shape + " has " + shape.size() + " elements, got " + count);
        }
    }

    private static int exactInt(double value) {
        if (value != (int) value) {
            throw new IllegalArgumentException("tensor: " + value + " is not an i32");
        }
        return (int) value;
    }

    /** Frees everything born here. Closing twice is harmless; closing before a child is an error and frees nothing. */
    @Override
    public void close() {
        if (closed) {
            return;
        }
        if (openChildren > 0) {
            throw new ScopeException(
                    "scope '" + name + "' has " + openChildren + " open child scope(s); close them first");
        }
        closed = true;
        for (int i = storages.size() - 1; i >= 0; i--) {
            storages.get(i).free("closing scope '" + name + "'");
        }
        storages.clear();
        liveBytes = 0;
        if (parent != null) {
            parent.openChildren--;
        }
    }

    @Override
    public String toString() {
        return "scope '" + name + "' on " + backend.name() + ": " + storages.size() + " tensors, " + liveBytes
                + " bytes";
    }
}
