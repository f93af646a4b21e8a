package dev.seiche.kernels.cpu;

import dev.seiche.kernels.cpu.CpuOptions.Level;
import dev.seiche.kernels.cpu.onednn.OneDnn;
import dev.seiche.tensor.Backend;
import dev.seiche.tensor.Buffer;
import dev.seiche.tensor.Kernel;
import dev.seiche.tensor.MultiTensor;
import dev.seiche.tensor.Op;
import dev.seiche.tensor.UnsupportedOpException;
import java.lang.foreign.MemorySegment;
import java.util.Optional;
import jdk.incubator.vector.FloatVector;
import org.jspecify.annotations.Nullable;

/**
 * The CPU as a device: off-heap memory and a kernel for every op. Open one per program (or test) and close it last.
 * Confined to one thread, which its kernels may share work with others of their own; several backends may be open.
 *
 * <p>With {@code -Dseiche.checks=true} fresh memory is filled with NaN, so that a kernel that leaves an element out shows.
 */
public final class CpuBackend implements Backend {
    private final CpuOptions options;
    private final CpuMachine machine;
    private final CpuKernels kernels;
    private final @Nullable MultiTensor multiTensor;
    private final @Nullable OneDnn library;
    private final String libraryNote;
    private boolean closed;

    private CpuBackend(CpuOptions options, boolean poison) {
        this.options = options;
        this.machine = new CpuMachine(options.threads(), poison);
        OneDnn.Opened opened = open(options, machine);
        this.library = opened.library().orElse(null);
        this.libraryNote = opened.reason();
        this.kernels =
                options.level() == Level.REFERENCE ? CpuKernels.reference() : CpuKernels.vector(machine, library);
        this.multiTensor = options.level() == Level.REFERENCE ? null : new CpuMultiTensor(machine);
    }

    private static OneDnn.Opened open(CpuOptions options, CpuMachine machine) {
        if (options.level() == Level.NATIVE && options.nativeCode()) {
            return OneDnn.open(machine.pool());
        }
        return new OneDnn.Opened(Optional.empty(), "native code was not asked for: " + options);
    }

    /** A backend with {@link CpuOptions#defaults()}. */
    public static CpuBackend open() {
        return open(CpuOptions.defaults());
    }

    public static CpuBackend open(CpuOptions options) {
        return open(options, Boolean.getBoolean("seiche.checks"));
    }

    static CpuBackend open(CpuOptions options, boolean poison) {
        return new CpuBackend(options, poison);
    }

    @Override
    public String name() {
        return "cpu";
    }

    public CpuOptions options() {
        return options;
    }

    /** What computes here, in a sentence: threads, vectors, and the native library or why there is none. */
    public String describe() {
        int bits = FloatVector.SPECIES_PREFERRED.vectorBitSize();
        String level = options.level() == Level.REFERENCE
                ? "plain loops in double"
                : "vectors of " + bits + " bits on " + options.threads() + " thread(s)";
        return name() + ": " + level + "; matrix products and convolutions in f32 by "
                + (library == null ? "Java: " : "native code: ") + libraryNote;
    }

    @Override
    public Buffer allocate(long bytes) {
        return machine.memory().allocate(bytes);
    }

    @Override
    public void release(Buffer buffer) {
        machine.memory().release(own(buffer));
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
    public @Nullable MultiTensor multiTensor() {
        return multiTensor;
    }

    @Override
    public long liveBytes() {
        return machine.memory().liveBytes();
    }

    @Override
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        if (library != null) {
            library.close();
        }
        machine.close();
    }

    private static CpuBuffer own(Buffer buffer) {
        if (buffer instanceof CpuBuffer cpu) {
            return cpu;
        }
        throw new IllegalArgumentException("cpu: " + buffer + " is memory of another device");
    }
}
