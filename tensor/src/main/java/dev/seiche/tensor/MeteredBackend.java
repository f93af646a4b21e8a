package dev.seiche.tensor;

import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/**
 * A device that remembers how much of its memory was in use at the most, and otherwise is the one it stands before: to hold
 * work to a budget. As safe between threads as that one.
 */
public final class MeteredBackend implements Backend {
    private final Backend inner;
    private long peak;

    /**
     * Meters from what is live now.
     *
     * @param inner computes; closed with this
     */
    public MeteredBackend(Backend inner) {
        this.inner = inner;
        this.peak = inner.liveBytes();
    }

    /** The most bytes that were live at a time, as {@link #liveBytes} counts them. */
    public long peakBytes() {
        return peak;
    }

    /** Begins anew from what is live now. */
    public void forget() {
        peak = inner.liveBytes();
    }

    @Override
    public String name() {
        return inner.name();
    }

    @Override
    public Buffer allocate(long bytes) {
        Buffer buffer = inner.allocate(bytes);
        peak = Math.max(peak, inner.liveBytes());
        return buffer;
    }

    @Override
    public void release(Buffer buffer) {
        inner.release(buffer);
    }

    @Override
    public void write(MemorySegment from, Buffer to, long toByteOffset) {
        inner.write(from, to, toByteOffset);
    }

    @Override
    public void read(Buffer from, long fromByteOffset, MemorySegment to) {
        inner.read(from, fromByteOffset, to);
    }

    @Override
    public <O extends Op> Kernel<O> kernel(O op) {
        return inner.kernel(op);
    }

    @Override
    public @Nullable MultiTensor multiTensor() {
        return inner.multiTensor();
    }

    @Override
    public long liveBytes() {
        return inner.liveBytes();
    }

    @Override
    public void close() {
        inner.close();
    }
}
