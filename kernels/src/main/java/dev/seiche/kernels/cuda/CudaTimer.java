package dev.seiche.kernels.cuda;

import dev.seiche.kernels.cuda.driver.Event;
import dev.seiche.kernels.cuda.driver.GpuContext;

/** Times what a device does, by its own events, from a cold cache. One thread at a time, as its backend. */
public final class CudaTimer implements AutoCloseable {
    private final CudaMachine machine;
    private final CudaBuffer flushed;
    private final Event begin;
    private final Event end;

    private CudaTimer(CudaMachine machine, long flushBytes) {
        this.machine = machine;
        this.flushed = machine.memory().allocate(flushBytes);
        this.begin = machine.context().event();
        this.end = machine.context().event();
    }

    /**
     * A timer on a device.
     *
     * @param flushBytes memory, at least 1, that is overwritten before the clock starts: at least the size of the L2 cache,
     *     so that no operand is left in it, and so much that the host has asked for the work before the device is done with
     *     it
     */
    public static CudaTimer of(CudaBackend backend, long flushBytes) {
        return new CudaTimer(backend.machine(), flushBytes);
    }

    /** Milliseconds that the device takes for what {@code work} asks it for. Waits for it. */
    public double milliseconds(Runnable work) {
        GpuContext context = machine.context();
        context.setBytes(flushed.address(), (byte) 0, flushed.byteSize());
        context.record(begin);
        work.run();
        context.record(end);
        context.await(end);
        machine.ids().check();
        return context.milliseconds(begin, end);
    }

    /** Gives the memory back; before the backend is closed. */
    @Override
    public void close() {
        machine.memory().release(flushed);
    }
}
