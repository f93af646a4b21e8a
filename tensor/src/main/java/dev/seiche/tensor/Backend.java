package dev.seiche.tensor;

import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/**
 * A device that holds tensors and runs kernels. Opened and closed by whoever starts the program; everything else gets
 * it through a {@link Scope}. Not thread-safe unless an implementation says so.
 */
public interface Backend extends AutoCloseable {
    /** {@code cpu}, {@code cuda:0}, ... as the user writes it. */
    String name();

    /**
     * A block of at least {@code bytes} bytes, aligned to 64, contents undefined; from a pool where that is cheap.
     *
     * @throws DeviceMemoryException when a device with memory of its own has not enough
     */
    Buffer allocate(long bytes);

    /** Takes a block back; the caller never touches it again. */
    void release(Buffer buffer);

    /** Copies host bytes into a block. Returns when {@code from} may be reused. */
    void write(MemorySegment from, Buffer to, long toByteOffset);

    /**
     * Copies a block's bytes to the host. Returns when they have arrived. Where kernels run on their own, this is where
     * what went wrong in one before is thrown.
     */
    void read(Buffer from, long fromByteOffset, MemorySegment to);

    /**
     * The kernel for this op.
     *
     * @throws UnsupportedOpException where this backend has none; the message names the op, the device and a fix
     */
    <O extends Op> Kernel<O> kernel(O op);

    /** What this device does to lists of tensors at once; null where op by op is as good. */
    default @Nullable MultiTensor multiTensor() {
        return null;
    }

    /** Bytes handed out and not yet released. */
    long liveBytes();

    /** Gives all memory back to the system. Throws nothing. */
    @Override
    void close();
}
