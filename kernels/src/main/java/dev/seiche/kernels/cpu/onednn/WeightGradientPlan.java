package dev.seiche.kernels.cpu.onednn;

import dev.seiche.kernels.cpu.WorkerPool;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;

/**
 * A convolution backward in its weights: sums over the batch. The batch is cut into parts, each with a gradient of its
 * own, added in order at the end; and, where weights are too many for that, the filters are cut, each cut with its own
 * copy of its slice of dy. Measured on one thread (3x3, B = 64, AMD EPYC 9005, against one piece): 64 channels at 32x32
 * in 8 parts +1%; 128 at 16x16 in 4 parts +1%, in 8 parts +4%, in 2 cuts of 64 filters +15%; 256 at 8x8 in 4 parts
 * of 2 cuts 0%; 512 at 4x4 in 8 parts +55%, in 4 cuts or 8 cuts 0%.
 */
final class WeightGradientPlan extends ConvPlan {
    private static final int MOST_PIECES = 8;
    private static final long FLOPS_PER_PIECE = 8_000_000;

    /** A batch is worth this many parts although its additions, and each part's start from zero, cost some percent. */
    private static final int PARTS = 4;

    private static final long POSITIONS_PER_PART = 1024;

    /** With more positions than this the cost of another part is lost in the noise. */
    private static final long POSITIONS_PER_FREE_PART = 8192;

    /** Narrower cuts are slower on large maps. */
    private static final int FILTERS_PER_CUT = 128;

    private final WorkerPool pool;
    private final ConvShape shape;
    private final int parts;
    private final int cuts;

    /** Bytes of one position's filters in a cut. */
    private final long sliceRow;

    private final ConvPiece large;

    /** For the parts with one sample less; the large one where all are equal. */
    private final ConvPiece small;

    /** Gradients as oneDNN has them, one for each running piece. */
    private final Buffers packed;

    /** Slices of dy, one for each running piece. */
    private final Buffers slices;

    /** Gradients of parts after the first, as Seiche has them. */
    private final Buffers partials;

    WeightGradientPlan(Dnnl dnnl, WorkerPool pool, ConvShape shape) {
        this.pool = pool;
        this.shape = shape;
        int pieces = WorkerPool.chunks(shape.flops(), FLOPS_PER_PIECE, MOST_PIECES);
        int most = Math.min(pieces, shape.batch());
        parts = Math.max(
                WorkerPool.chunks(shape.positions(), POSITIONS_PER_PART, Math.min(PARTS, most)),
                WorkerPool.chunks(shape.positions(), POSITIONS_PER_FREE_PART, most));
        cuts = cuts(shape, pieces / parts);
        int filters = shape.filters() / cuts;
        sliceRow = (long) filters * Float.BYTES;
        int samples = Math.ceilDiv(shape.batch(), parts);
        ConvShape piece = shape.withFilters(filters).withBatch(samples);
        Direction direction = Direction.BACKWARD_WEIGHTS;
        large = new ConvPiece(dnnl, direction, piece, shape.filters());
        small = shape.batch() % parts == 0
                ? large
                : new ConvPiece(dnnl, direction, piece.withBatch(samples - 1), shape.filters());
        packed = new Buffers(Math.max(large.packedBytes(), small.packedBytes()));
        slices = new Buffers(samples * piece.outputPerSample() * Float.BYTES);
        partials = new Buffers(shape.weights() * Float.BYTES);
    }

    /** The most cuts up to {@code wanted} that leave every cut the same, whole number of 128 filters. */
    private static int cuts(ConvShape shape, int wanted) {
        if (shape.window().groups() > 1 || shape.filters() % FILTERS_PER_CUT != 0) {
            return 1;
        }
        int units = shape.filters() / FILTERS_PER_CUT;
        int cuts = Math.clamp(wanted, 1, units);
        while (units % cuts != 0) {
            cuts--;
        }
        return cuts;
    }

    @Override
    void run(MemorySegment x, MemorySegment dw, MemorySegment dy) {
        List<MemorySegment> sums = new ArrayList<>(parts);
        sums.add(dw);
        for (int part = 1; part < parts; part++) {
            sums.add(partials.borrow());
        }
        try {
            pool.run(parts * cuts, i -> piece(i / cuts, i % cuts, x, sums.get(i / cuts), dy));
            Sums.addInOrder(pool, sums, shape.weights());
        } finally {
            sums.subList(1, parts).forEach(partials::giveBack);
        }
    }

    private void piece(int part, int cut, MemorySegment x, MemorySegment sum, MemorySegment dy) {
        int remainder = shape.batch() % parts;
        ConvPiece piece = remainder == 0 || part < remainder ? large : small;
        long start = WorkerPool.chunkStart(shape.batch(), parts, part);
        long end = WorkerPool.chunkStart(shape.batch(), parts, part + 1);
        long yBytes = shape.outputPerSample() * Float.BYTES;
        long from = x.address() + start * shape.inputPerSample() * Float.BYTES;
        long to = sum.address() + cut * sliceRow;
        MemorySegment slice = null;
        MemorySegment gradient = null;
        try {
            long dyAt = dy.address() + start * yBytes;
            if (cuts > 1) {
                slice = slices.borrow();
                copySlice(dy, start * yBytes + cut * sliceRow, slice, (end - start) * yBytes / (cuts * sliceRow));
                dyAt = slice.address();
            }
            if (piece.plain()) {
                piece.execute(from, to, dyAt);
            } else {
                gradient = packed.borrow();
                piece.execute(from, gradient.address(), dyAt);
                piece.copyWeights(gradient.address(), to);
            }
        } finally {
            if (slice != null) {
                slices.giveBack(slice);
            }
            if (gradient != null) {
                packed.giveBack(gradient);
            }
        }
    }

    private void copySlice(MemorySegment dy, long first, MemorySegment slice, long rows) {
        for (long i = 0; i < rows; i++) {
            MemorySegment.copy(dy, first + i * cuts * sliceRow, slice, i * sliceRow, sliceRow);
        }
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
        packed.close();
        slices.close();
        partials.close();
    }
}
