package dev.seiche.kernels.cpu;

import dev.seiche.tensor.DType;
import dev.seiche.tensor.Tensor;
import java.lang.foreign.MemorySegment;
import java.util.function.Consumer;

/** What kernels share: threads, memory, the vector loops of each element type. */
final class CpuMachine implements AutoCloseable {
    private final WorkerPool pool;
    private final CpuMemory memory;
    private final Scratch scratch = new Scratch();
    private final Lanes f32 = new F32Lanes();
    private final Lanes f64 = new F64Lanes();

    CpuMachine(int threads, boolean poison) {
        this.pool = new WorkerPool(threads);
        this.memory = new CpuMemory(poison);
    }

    WorkerPool pool() {
        return pool;
    }

    CpuMemory memory() {
        return memory;
    }

    Scratch scratch() {
        return scratch;
    }

    /** The loops of a floating element type. */
    Lanes lanes(DType dtype) {
        return dtype == DType.F32 ? f32 : f64;
    }

    /** Lends a block for the time of a kernel, on the backend's thread only; the chunks of the kernel may share it. */
    void withMemory(long bytes, Consumer<MemorySegment> use) {
        CpuBuffer block = memory.allocate(Math.max(1, bytes));
        try {
            use.accept(block.memory());
        } finally {
            memory.release(block);
        }
    }

    /** The elements of a contiguous tensor, from its first to its last. */
    static MemorySegment elements(Tensor tensor) {
        long start = tensor.layout().offset() * tensor.dtype().bytes();
        return CpuBuffer.memory(tensor).asSlice(start, tensor.type().bytes());
    }

    @Override
    public void close() {
        pool.close();
        scratch.close();
        memory.close();
    }
}
