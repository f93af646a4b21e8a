package dev.seiche.metrics.gram;

import dev.seiche.tensor.Backend;
import dev.seiche.tensor.Buffer;
import dev.seiche.tensor.Kernel;
import dev.seiche.tensor.Op;
import java.lang.foreign.MemorySegment;

/** A device that remembers how much memory was live at the most. */
final class PeakBackend implements Backend {
    private final Backend inner;
    private long peak;

    PeakBackend(Backend inner) {
        this.inner = inner;
    }

    long peak() {
        return peak;
    }

    /** Begins anew from what is live now. */
    void forget() {
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
    public long liveBytes() {
        return inner.liveBytes();
    }

    @Override
    public void close() {
        inner.close();
    }
}
