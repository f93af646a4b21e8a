package dev.seiche.kernels.cpu.onednn;

import dev.seiche.kernels.cpu.WorkerPool;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * What one direction of one convolution needs for every call: compiled primitives and buffers. It cuts the convolution
 * into pieces by its sizes alone, and oneDNN computes each piece on one thread: so the bits do not depend on the number
 * of threads.
 */
abstract class ConvPlan implements AutoCloseable {
    /** The three directions, named by what they compute: y, dx or dw. */
    enum Direction {
        FORWARD("convolution"),
        BACKWARD_DATA("convolution backward in x"),
        BACKWARD_WEIGHTS("convolution backward in w");

        private final String text;

        Direction(String text) {
            this.text = text;
        }

        @Override
        public String toString() {
            return text;
        }
    }

    static ConvPlan of(Dnnl dnnl, WorkerPool pool, Direction direction, ConvShape shape) {
        if (ShiftPlan.suits(direction, shape)) {
            return new ShiftPlan(dnnl, pool, direction, shape);
        }
        return direction == Direction.BACKWARD_WEIGHTS
                ? new WeightGradientPlan(dnnl, pool, shape)
                : new BatchPlan(dnnl, pool, direction, shape);
    }

    /** Computes one operand from the other two. In backward directions x and y, or w and y, stand for gradients. */
    abstract void run(MemorySegment x, MemorySegment w, MemorySegment y);

    /** Names of oneDNN's implementations, for reports. */
    abstract String implementation();

    /** Frees primitives and buffers. Only when no call runs. */
    @Override
    public abstract void close();

    /** Buffers of one size, made when first needed and kept for later calls. */
    static final class Buffers implements AutoCloseable {
        private final long bytes;
        private final Arena arena = Arena.ofShared();
        private final Queue<MemorySegment> idle = new ConcurrentLinkedQueue<>();

        Buffers(long bytes) {
            this.bytes = bytes;
        }

        MemorySegment borrow() {
            MemorySegment buffer = idle.poll();
            return buffer == null ? arena.allocate(bytes, 64) : buffer;
        }

        void giveBack(MemorySegment buffer) {
            idle.add(buffer);
        }

        @Override
        public void close() {
            arena.close();
        }
    }
}
