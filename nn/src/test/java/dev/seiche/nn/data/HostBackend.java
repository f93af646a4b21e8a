package dev.seiche.nn.data;

import dev.seiche.tensor.Backend;
import dev.seiche.tensor.Buffer;
import dev.seiche.tensor.Kernel;
import dev.seiche.tensor.Op;
import java.lang.foreign.MemorySegment;

/** Stores tensors on the heap and computes nothing: enough to see what a batch holds. */
final class HostBackend implements Backend {
    private long live;

    private record Block(MemorySegment memory) implements Buffer {
        @Override
        public long byteSize() {
            return memory.byteSize();
        }
    }

    @Override
    public String name() {
        return "host";
    }

    @Override
    public Buffer allocate(long bytes) {
        live += bytes;
        return new Block(MemorySegment.ofArray(new byte[(int) bytes]));
    }

    @Override
    public void release(Buffer buffer) {
        live -= buffer.byteSize();
    }

    @Override
    public void write(MemorySegment from, Buffer to, long toByteOffset) {
        ((Block) to).memory().asSlice(toByteOffset).copyFrom(from);
    }

    @Override
    public void read(Buffer from, long fromByteOffset, MemorySegment to) {
        to.copyFrom(((Block) from).memory().asSlice(fromByteOffset, to.byteSize()));
    }

    @Override
    public <O extends Op> Kernel<O> kernel(O op) {
        throw new UnsupportedOperationException("this backend only stores: " + op);
    }

    @Override
    public long liveBytes() {
        return live;
    }

    @Override
    public void close() {}
}
