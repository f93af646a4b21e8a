package dev.seiche.testkit;

import dev.seiche.tensor.Backend;
import dev.seiche.tensor.Buffer;
import dev.seiche.tensor.Kernel;
import dev.seiche.tensor.MultiTensor;
import dev.seiche.tensor.Op;
import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/** A device that does nothing to whole lists of tensors at once: steps of optimizers are composed of its ops. */
public record OpByOp(Backend inner) implements Backend {
    @Override
    public String name() {
        return inner.name();
    }

    @Override
    public Buffer allocate(long bytes) {
        return inner.allocate(bytes);
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
        return null;
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
