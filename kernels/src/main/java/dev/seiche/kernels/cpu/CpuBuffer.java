package dev.seiche.kernels.cpu;

import dev.seiche.tensor.Buffer;
import dev.seiche.tensor.Tensor;
import java.lang.foreign.MemorySegment;

/** A block of off-heap memory, aligned to 64 bytes. Its segment may be larger than what was asked for, never smaller. */
final class CpuBuffer implements Buffer {
    private final CpuMemory.Block block;
    private final long byteSize;
    private boolean released;

    CpuBuffer(CpuMemory.Block block, long byteSize) {
        this.block = block;
        this.byteSize = byteSize;
    }

    /** The whole block behind a tensor; its elements are found by the tensor's layout. */
    static MemorySegment memory(Tensor tensor) {
        return ((CpuBuffer) tensor.buffer()).memory();
    }

    MemorySegment memory() {
        return block.memory();
    }

    CpuMemory.Block block() {
        return block;
    }

    @Override
    public long byteSize() {
        return byteSize;
    }

    /** False when it was released before. */
    boolean markReleased() {
        boolean first = !released;
        released = true;
        return first;
    }
}
