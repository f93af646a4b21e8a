package dev.seiche.kernels.cuda;

import dev.seiche.kernels.cuda.driver.CudaUnavailableException;
import dev.seiche.kernels.cuda.driver.Gpu;
import dev.seiche.tensor.Backend;
import dev.seiche.tensor.Buffer;
import dev.seiche.tensor.Kernel;
import dev.seiche.tensor.MultiTensor;
import dev.seiche.tensor.Op;
import dev.seiche.tensor.UnsupportedOpException;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Map;

/**
 * An NVIDIA GPU as a device. Kernels run on one stream in the order they were asked for, after the call returned; reading
 * a tensor waits. What went wrong in a kernel, an id out of range among it, is thrown at the next read. One thread at a
 * time; several backends may be open, on one device or several.
 *
 * <p>A tensor has at most 2^31 - 1 elements.
 */
public final class CudaBackend implements Backend {
    /** Compute capability from which on tensor cores take TF32. */
    private static final int TENSOR_CORES = 80;

    private final Gpu gpu;
    private final CudaMachine machine;
    private final CudaKernels kernels;
    private final MultiTensors multiTensor;
    private boolean closed;

    private CudaBackend(Gpu gpu, CudaOptions options) {
        this.gpu = gpu;
        this.machine = new CudaMachine(gpu, options);
        this.kernels = CudaKernels.of(machine);
        this.multiTensor = new MultiTensors(machine);
    }

    /**
     * The device of this index with the fastest kernels.
     *
     * @throws CudaUnavailableException when it cannot be used; one line says why
     */
    public static CudaBackend open(int index) {
        return open(CudaOptions.gpu(index));
    }

    /** See {@link #open(int)}. */
    public static CudaBackend open(CudaOptions options) {
        Gpu gpu = find(options);
        if (options.tf32() != 0 && gpu.capability() < TENSOR_CORES) {
            throw new CudaUnavailableException(
                    gpu.device(),
                    "tf32 needs compute capability 8.0, " + gpu.name() + " has " + gpu.major() + "." + gpu.minor());
        }
        return new CudaBackend(gpu, options);
    }

    /**
     * The device that these options name, without opening it: to refuse one that cannot be used before work begins.
     *
     * @throws CudaUnavailableException when it cannot be used
     */
    public static Gpu find(CudaOptions options) {
        return Gpu.find(options.device(), options.libraries(), options.index());
    }

    /**
     * All devices that the driver knows.
     *
     * @throws CudaUnavailableException without a driver
     */
    public static List<Gpu> devices() {
        return Gpu.list();
    }

    @Override
    public String name() {
        return gpu.device();
    }

    /** The device. */
    public Gpu gpu() {
        return gpu;
    }

    CudaMachine machine() {
        return machine;
    }

    /** What computes here, in a sentence. */
    public String describe() {
        return gpu.toString();
    }

    @Override
    public Buffer allocate(long bytes) {
        return machine.memory().allocate(bytes);
    }

    @Override
    public void release(Buffer buffer) {
        machine.memory().release(buffer);
    }

    @Override
    public void write(MemorySegment from, Buffer to, long toByteOffset) {
        machine.staging().upload(from, within(to, toByteOffset, from.byteSize()));
    }

    @Override
    public void read(Buffer from, long fromByteOffset, MemorySegment to) {
        long address = within(from, fromByteOffset, to.byteSize());
        machine.ids().check();
        machine.staging().download(address, to);
    }

    /** The device would not notice a copy past the end of one block into the next. */
    private long within(Buffer buffer, long offset, long bytes) {
        CudaBuffer block = machine.memory().own(buffer);
        if (offset < 0 || offset + bytes > block.byteSize()) {
            throw new IndexOutOfBoundsException(
                    name() + ": bytes " + offset + " to " + (offset + bytes) + " are not all in " + block);
        }
        return block.address() + offset;
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
    public MultiTensor multiTensor() {
        return multiTensor;
    }

    /** Waits for all that was asked for, and throws what went wrong in it. */
    public void synchronize() {
        machine.context().synchronize();
        machine.ids().check();
    }

    /**
     * Records what {@code work} asks of this device, without doing any of it, as a graph that can be run again and again.
     * See {@link CudaGraph} for what the work may do.
     *
     * @throws IllegalStateException when the work does what cannot be captured; nothing is captured then
     */
    public CudaGraph capture(Runnable work) {
        return CudaGraph.capture(machine, work);
    }

    /**
     * How often each kernel was launched so far; a captured launch counts once, when it is captured. Elementwise ops that
     * wait for others to be one kernel with are launched first.
     */
    public Map<String, Long> launched() {
        return machine.launched();
    }

    @Override
    public long liveBytes() {
        return machine.memory().liveBytes();
    }

    @Override
    public void close() {
        if (!closed) {
            closed = true;
            machine.close();
        }
    }
}
