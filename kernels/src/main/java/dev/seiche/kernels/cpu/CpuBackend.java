package dev.seiche.kernels.cpu;

import dev.seiche.tensor.Backend;
import dev.seiche.tensor.Buffer;
import dev.seiche.tensor.Kernel;
import dev.seiche.tensor.Op;
import dev.seiche.tensor.UnsupportedOpException;
import java.lang.foreign.MemorySegment;

/**
 * The CPU as a device: off-heap memory and a kernel for every op. Open one per program (or test) and close it last.
 * Confined to one thread, which its kernels may share work with others of their own; several backends may be open.
 *
 * <p>With {@code -Dseiche.checks=true} fresh memory is filled with NaN, so that a kernel that leaves an element out shows.
 */
public final class CpuBackend implements Backend {
    private final CpuOptions options;
    private final CpuMemory memory;
    private final CpuKernels kernels;

    private CpuBackend(CpuOptions options) {
        this.options = options;
        this.memory = new CpuMemory(Boolean.getBoolean("seiche.checks"));
        this.kernels = CpuKernels.reference();
    }

    /** A backend with {@link CpuOptions#defaults()}. */
    public static CpuBackend open() {
        return open(CpuOptions.defaults());
    }

    public static CpuBackend open(CpuOptions options) {
        return new CpuBackend(options);
    }

    @Override
    public String name() {
        return "cpu";
    }

    public CpuOptions options() {
        return options;
    }

    @Override
    public Buffer allocate(long bytes) {
        return memory.allocate(bytes);
    }

    @Override
    public void release(Buffer buffer) {
        memory.release(own(buffer));
    }

    @Override
    public void write(MemorySegment from, Buffer to, long toByteOffset) {
        MemorySegment.copy(from, 0, own(to).memory(), toByteOffset, from.byteSize());
    }

    @Override
    public void read(Buffer from, long fromByteOffset, MemorySegment to) {
        MemorySegment.copy(own(from).memory(), fromByteOffset, to, 0, to.byteSize());
    }

    @Override
    public <O extends Op> Kernel<O> kernel(O op) {
        Kernel<O> kernel = kernels.find(op);
        if (kernel == null) {
            throw new UnsupportedOpException(op, name());
        }
        return kernel;
    }

    @Override
    public long liveBytes() {
        return memory.liveBytes();
    }

    @Override
    public void close() {
        memory.close();
    }

    private static CpuBuffer own(Buffer buffer) {
        if (buffer instanceof CpuBuffer cpu) {
            return cpu;
        }
        throw new IllegalArgumentException("cpu: " + buffer + " is memory of another device");
    }
}
