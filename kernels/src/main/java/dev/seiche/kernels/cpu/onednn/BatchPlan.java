package dev.seiche.kernels.cpu.onednn;

import dev.seiche.kernels.cpu.WorkerPool;
import java.lang.foreign.MemorySegment;

/**
 * A convolution forward, or backward in x: samples are independent, so the batch is cut into parts. On one thread that
 * costs nothing measurable (16 parts against 1, ResNet-18's layers at B = 64, AMD EPYC 9005).
 */
final class BatchPlan extends ConvPlan {
    /** A part is worth handing to another thread: some 40 microseconds. */
    private static final long FLOPS_PER_PART = 8_000_000;

    private static final int MOST_PARTS = 16;

    private final WorkerPool pool;
    private final ConvShape shape;
    private final int parts;
    private final ConvPiece large;

    /** For the parts with one sample less; the large one where all are equal. */
    private final ConvPiece small;

    /** True when both kinds of parts can use one packed copy of the weights. */
    private final boolean oneLayout;

    private final Buffers largeWeights;
    private final Buffers smallWeights;

    BatchPlan(Dnnl dnnl, WorkerPool pool, Direction direction, ConvShape shape) {
        this.pool = pool;
        this.shape = shape;
        parts = WorkerPool.chunks(shape.flops(), FLOPS_PER_PART, Math.min(shape.batch(), MOST_PARTS));
        int most = Math.ceilDiv(shape.batch(), parts);
        large = new ConvPiece(dnnl, direction, shape.withBatch(most), shape.filters());
        small = shape.batch() % parts == 0
                ? large
                : new ConvPiece(dnnl, direction, shape.withBatch(most - 1), shape.filters());
        oneLayout = small.sharesWeightsWith(large);
        largeWeights = new Buffers(large.packedBytes());
        smallWeights = new Buffers(small.packedBytes());
    }

    @Override
    void run(MemorySegment x, MemorySegment w, MemorySegment y) {
        if (large.plain()) {
            runWithLarge(x, w, w, y);
            return;
        }
        MemorySegment packed = largeWeights.borrow();
        try {
            large.copyWeights(w.address(), packed.address());
            runWithLarge(x, w, packed, y);
        } finally {
            largeWeights.giveBack(packed);
        }
    }

    private void runWithLarge(MemorySegment x, MemorySegment w, MemorySegment packed, MemorySegment y) {
        if (oneLayout) {
            runParts(x, packed, packed, y);
            return;
        }
        if (small.plain()) {
            runParts(x, packed, w, y);
            return;
        }
        MemorySegment other = smallWeights.borrow();
        try {
            small.copyWeights(w.address(), other.address());
            runParts(x, packed, other, y);
        } finally {
            smallWeights.giveBack(other);
        }
    }

    private void runParts(MemorySegment x, MemorySegment forLarge, MemorySegment forSmall, MemorySegment y) {
        long xBytes = shape.inputPerSample() * Float.BYTES;
        long yBytes = shape.outputPerSample() * Float.BYTES;
        int remainder = shape.batch() % parts;
        pool.run(parts, part -> {
            long start = WorkerPool.chunkStart(shape.batch(), parts, part);
            boolean isLarge = remainder == 0 || part < remainder;
            (isLarge ? large : small)
                    .execute(
                            x.address() + start * xBytes,
                            (isLarge ? forLarge : forSmall).address(),
                            y.address() + start * yBytes);
        });
    }

    @Override
    String implementation() {
        return large.implementation();
    }

    @Override
    public void close() {
        large.close();
        if (small != large) {
            small.close();
        }
        largeWeights.close();
        smallWeights.close();
    }
}
