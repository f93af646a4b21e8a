package dev.seiche.kernels.cuda.driver;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.function.Supplier;
import jcuda.driver.CUcontext;
import jcuda.driver.CUdevice;
import jcuda.driver.CUevent;
import jcuda.driver.CUgraph;
import jcuda.driver.CUgraphExec;
import jcuda.driver.CUmodule;
import jcuda.driver.CUstream;
import jcuda.driver.CUstream_flags;
import jcuda.driver.JCudaDriver;
import org.jspecify.annotations.Nullable;

/**
 * One device with one stream. Everything but {@link #synchronize} and {@link #await} only enqueues. Closing frees what
 * was made here. One thread at a time.
 *
 * <p>An error of a kernel shows at the next synchronisation, and nothing works afterwards: the message then names the
 * launches that may have caused it. With {@code -Dseiche.checks=true} every launch is waited for, and there is one.
 */
public final class GpuContext implements AutoCloseable {
    private static final int LAUNCHES_TO_NAME = 4;

    private final Gpu gpu;
    private final boolean checks;
    private final CUdevice device = new CUdevice();
    private final CUcontext context = new CUcontext();
    private final CUstream stream = new CUstream();
    private final Arguments arguments = new Arguments();
    private final Deque<String> launches = new ArrayDeque<>();
    private final List<CUmodule> modules = new ArrayList<>();
    private final List<CUevent> events = new ArrayList<>();
    private final List<PinnedMemory> pinned = new ArrayList<>();
    private final List<RecordedGraph> graphs = new ArrayList<>();
    private Runnable putOff = () -> {};
    private boolean capturing;
    private @Nullable CudaException fatal;
    private boolean closed;

    private GpuContext(Gpu gpu, boolean checks) {
        this.gpu = gpu;
        this.checks = checks;
        Status.check(JCudaDriver.cuDeviceGet(device, gpu.index()), gpu.device() + ": cuDeviceGet");
        Status.check(
                JCudaDriver.cuDevicePrimaryCtxRetain(context, device), gpu.device() + ": cuDevicePrimaryCtxRetain");
        enter();
        // not the legacy default stream, which waits for every other
        check(JCudaDriver.cuStreamCreate(stream, CUstream_flags.CU_STREAM_NON_BLOCKING), () -> "cuStreamCreate");
    }

    /** @param checks wait for every launch, so that an error names its kernel */
    public static GpuContext open(Gpu gpu, boolean checks) {
        return new GpuContext(gpu, checks);
    }

    public Gpu gpu() {
        return gpu;
    }

    /**
     * Has this done before anything else is enqueued, waited for or freed: who puts work off enqueues it here, in its place.
     * It is called again by what it enqueues itself.
     */
    public void before(Runnable work) {
        putOff = work;
    }

    /**
     * The address of fresh memory, aligned to 256, or 0 when there is not enough. In stream order where the driver can, so
     * that nothing waits; what is released goes back to the system at the next synchronisation.
     */
    public long allocate(long bytes) {
        makeCurrent();
        refuseInCapture("memory of the driver");
        Address.Device address = new Address.Device();
        int status = gpu.memoryPools()
                ? JCudaDriver.cuMemAllocAsync(address, bytes, stream)
                : JCudaDriver.cuMemAlloc(address, bytes);
        if (Status.isOutOfMemory(status)) {
            return 0;
        }
        check(status, () -> "allocating " + bytes + " bytes");
        return address.value();
    }

    /** True after an error of a kernel: nothing works any more, and memory goes back only with the process. */
    public boolean failed() {
        return fatal != null;
    }

    /** Gives memory back, after what was enqueued before; does nothing on a failed device. */
    public void release(long address) {
        if (failed()) {
            return;
        }
        enter();
        if (gpu.memoryPools()) {
            check(JCudaDriver.cuMemFreeAsync(Address.device(address), stream), () -> "cuMemFreeAsync");
        } else {
            check(JCudaDriver.cuMemFree(Address.device(address)), () -> "cuMemFree");
        }
    }

    /** Page-locked host memory, freed by {@link #close}. */
    public PinnedMemory pin(long bytes) {
        enter();
        Address.Host host = new Address.Host();
        check(JCudaDriver.cuMemHostAlloc(host, bytes, 0), () -> "pinning " + bytes + " bytes of host memory");
        PinnedMemory memory = new PinnedMemory(host, bytes);
        pinned.add(memory);
        return memory;
    }

    /** Enqueues a copy to the device; {@code from} must stay as it is until it is done. */
    public void upload(PinnedMemory from, long fromOffset, long to, long bytes) {
        enter();
        check(
                JCudaDriver.cuMemcpyHtoDAsync(Address.device(to), from.at(fromOffset), bytes, stream),
                () -> "copying " + bytes + " bytes to the device");
    }

    /** Enqueues a copy to the host; {@code to} holds it after the next synchronisation. */
    public void download(long from, PinnedMemory to, long toOffset, long bytes) {
        enter();
        refuseInCapture("a copy to the host (item, toDoubles)");
        check(
                JCudaDriver.cuMemcpyDtoHAsync(to.at(toOffset), Address.device(from), bytes, stream),
                () -> "copying " + bytes + " bytes to the host");
    }

    /** Enqueues setting every byte. */
    public void setBytes(long address, byte value, long bytes) {
        enter();
        check(
                JCudaDriver.cuMemsetD8Async(Address.device(address), value, bytes, stream),
                () -> "setting " + bytes + " bytes");
    }

    /**
     * Loads what NVRTC compiled.
     *
     * @param name of the program, for errors
     */
    public LoadedProgram load(String name, byte[] image) {
        enter();
        CUmodule module = new CUmodule();
        check(JCudaDriver.cuModuleLoadData(module, image), () -> "loading " + name);
        modules.add(module);
        return new LoadedProgram(this, name, module);
    }

    /** The arguments of the next launch, empty. */
    public Arguments arguments() {
        putOff.run(); // it has arguments of its own
        arguments.clear();
        return arguments;
    }

    /** Enqueues a launch with the arguments given last. */
    public void launch(Function function, Grid grid) {
        enter();
        int status = JCudaDriver.cuLaunchKernel(
                function.handle(),
                grid.blocksX(),
                grid.blocksY(),
                grid.blocksZ(),
                grid.threadsX(),
                grid.threadsY(),
                1,
                0,
                stream,
                arguments.pointers(),
                null);
        check(status, () -> "launching " + function.name() + ", " + grid);
        if (launches.size() == LAUNCHES_TO_NAME) {
            launches.removeFirst();
        }
        launches.addLast(function.name() + ", " + grid);
        if (checks) {
            synchronize();
        }
    }

    /** An event that can be timed, freed by {@link #close}. */
    public Event event() {
        enter();
        CUevent event = new CUevent();
        check(JCudaDriver.cuEventCreate(event, 0), () -> "cuEventCreate");
        events.add(event);
        return new Event(event);
    }

    /** Marks this place in the stream. */
    public void record(Event event) {
        enter();
        check(JCudaDriver.cuEventRecord(event.handle(), stream), () -> "cuEventRecord");
    }

    /** Waits until the stream has come to the mark. */
    public void await(Event event) {
        enter();
        refuseInCapture("waiting for the device");
        checkDone(JCudaDriver.cuEventSynchronize(event.handle()), "cuEventSynchronize");
    }

    /** Milliseconds of device time from one mark to another, both reached. */
    public double milliseconds(Event from, Event to) {
        enter();
        float[] time = {0};
        check(JCudaDriver.cuEventElapsedTime(time, from.handle(), to.handle()), () -> "cuEventElapsedTime");
        return time[0];
    }

    /** Waits for all that was enqueued. */
    public void synchronize() {
        enter();
        refuseInCapture("waiting for the device");
        checkDone(JCudaDriver.cuStreamSynchronize(stream), "cuStreamSynchronize");
        launches.clear();
    }

    /** True while work is captured, rather than done. */
    public boolean capturing() {
        return capturing;
    }

    /** @throws IllegalStateException while work is captured, rather than done */
    public void refuseInCapture(String what) {
        if (capturing) {
            throw new IllegalStateException(gpu.device() + ": " + what + " cannot be captured: a graph runs without the"
                    + " host; do it before the capture, or after a replay");
        }
    }

    /**
     * Records what {@code work} enqueues instead of doing it.
     *
     * @throws IllegalStateException when another capture is under way, or the work does what cannot be captured
     */
    public RecordedGraph capture(Runnable work) {
        enter();
        refuseInCapture("another capture");
        // relaxed, for a kernel may be needed that was not loaded; what a graph cannot hold is refused here, by its
        // name
        check(JCudaDriver.cuStreamBeginCapture(stream, 2), () -> "cuStreamBeginCapture");
        CUgraph graph = new CUgraph();
        boolean done = false;
        capturing = true;
        try {
            work.run();
            putOff.run();
            done = true;
        } finally {
            capturing = false;
            launches.clear();
            if (!done && JCudaDriver.cuStreamEndCapture(stream, graph) == 0) { // the stream must leave the capture
                JCudaDriver.cuGraphDestroy(graph);
            }
        }
        check(JCudaDriver.cuStreamEndCapture(stream, graph), () -> "cuStreamEndCapture");
        CUgraphExec executable = new CUgraphExec();
        check(JCudaDriver.cuGraphInstantiate(executable, graph, 0), () -> "cuGraphInstantiate");
        RecordedGraph recorded = new RecordedGraph(graph, executable);
        graphs.add(recorded);
        return recorded;
    }

    /** Enqueues all that was recorded. */
    public void launch(RecordedGraph graph) {
        enter();
        refuseInCapture("a replay");
        check(JCudaDriver.cuGraphLaunch(graph.executable(), stream), () -> "cuGraphLaunch");
        if (launches.size() == LAUNCHES_TO_NAME) {
            launches.removeFirst();
        }
        launches.addLast("a captured graph");
    }

    /** Frees what was recorded, after all that was enqueued. */
    public void release(RecordedGraph graph) {
        if (!failed() && graphs.remove(graph)) {
            synchronize();
            graph.destroy();
        }
    }

    CUstream stream() {
        return stream;
    }

    /** Before every call but an allocation, which changes nothing that the stream sees. */
    void enter() {
        makeCurrent();
        putOff.run();
    }

    /** Several contexts may share the thread, and a failed one must not be used. */
    private void makeCurrent() {
        if (closed) {
            throw new IllegalStateException(gpu.device() + " was closed");
        }
        if (fatal != null) {
            throw new CudaException(
                    gpu.device() + " cannot be used since an earlier error; start the program again: "
                            + fatal.getMessage(),
                    fatal.status());
        }
        Status.check(JCudaDriver.cuCtxSetCurrent(context), gpu.device() + ": cuCtxSetCurrent");
    }

    private void checkDone(int status, String call) {
        check(status, () -> {
            if (launches.isEmpty()) {
                return call;
            }
            return launches.size() == 1 && checks
                    ? launches.getFirst()
                    : call + " after, the last ones, " + String.join("; ", launches);
        });
    }

    private void check(int status, Supplier<String> what) {
        if (status == 0) {
            return;
        }
        CudaException error =
                new CudaException(gpu.device() + ": " + what.get() + " failed: " + Status.describe(status), status);
        if (Status.isFatal(status)) {
            fatal = error;
        }
        throw error;
    }

    /** Frees all but device memory, which its users give back. Throws nothing; harmless twice. */
    @Override
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        JCudaDriver.cuCtxSetCurrent(context);
        JCudaDriver.cuStreamSynchronize(stream);
        graphs.forEach(RecordedGraph::destroy);
        graphs.clear();
        modules.forEach(JCudaDriver::cuModuleUnload);
        events.forEach(JCudaDriver::cuEventDestroy);
        pinned.forEach(memory -> JCudaDriver.cuMemFreeHost(memory.pointer()));
        JCudaDriver.cuStreamDestroy(stream);
        JCudaDriver.cuDevicePrimaryCtxRelease(device);
    }
}
