package dev.seiche.kernels.cpu;

import dev.seiche.kernels.Aliasing;
import dev.seiche.tensor.DType;
import dev.seiche.tensor.Kernel;
import dev.seiche.tensor.Layout;
import dev.seiche.tensor.Op;
import dev.seiche.tensor.Tensor;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.function.ToDoubleFunction;

/**
 * Runs an {@link ElementLoop} over operands of any layout, tile by tile. An operand that does not lie side by side within
 * a tile, because it is broadcast or a strided view, is first laid out in cache. Chunks only decide who computes: an
 * element's bits depend on its operands alone.
 *
 * @param cost about how many times the work of an addition one element is
 */
record VectorElementwise<O extends Op>(
        CpuMachine machine,
        ElementLoop f32,
        ElementLoop f64,
        ToDoubleFunction<O> first,
        ToDoubleFunction<O> second,
        int cost)
        implements Kernel<O> {
    /** Additions that are worth another thread: about 5 microseconds. */
    private static final int CHUNK = 1 << 16;

    /** Rows at least this long are cut into tiles of their own; shorter ones share a tile. */
    private static final int LONG_ROW = 256;

    @Override
    public boolean acceptsStrides() {
        return true;
    }

    @Override
    public boolean mayAlias() {
        return true;
    }

    @Override
    public void run(O op, List<Tensor> in, Tensor out) {
        Aliasing.check(op, in, out);
        Layout[] layouts = new Layout[in.size()];
        for (int k = 0; k < layouts.length; k++) {
            layouts[k] = in.get(k).layout();
        }
        Collapsed shape = Collapsed.of(out.shape(), layouts);
        StridedRead[] operands = new StridedRead[layouts.length];
        for (int k = 0; k < layouts.length; k++) {
            operands[k] = new StridedRead(in.get(k), shape, k);
        }
        ElementLoop loop = out.dtype() == DType.F32 ? f32 : f64;
        int bytes = out.dtype().bytes();
        MemorySegment y = CpuBuffer.memory(out)
                .asSlice(out.layout().offset() * bytes, out.type().bytes());
        Tiling tiling =
                new Tiling(loop, operands, shape.inner(), y, bytes, first.applyAsDouble(op), second.applyAsDouble(op));
        long n = out.shape().size();
        // whole rows per chunk, so that a tile may begin with a row
        long rows = n / shape.inner();
        long pieces = shape.inner() >= LONG_ROW ? n : rows;
        long unit = shape.inner() >= LONG_ROW ? 1 : shape.inner();
        int chunks = (int) Math.min(pieces, WorkerPool.chunks(n * cost, CHUNK, 1024));
        machine.pool().run(chunks, i -> {
            long from = WorkerPool.chunkStart(pieces, chunks, i) * unit;
            long to = WorkerPool.chunkStart(pieces, chunks, i + 1) * unit;
            machine.scratch().lend(lent -> tiling.run(from, to, lent));
        });
    }

    private record Tiling(
            ElementLoop loop, StridedRead[] operands, int inner, MemorySegment y, int bytes, double p, double q) {
        void run(long from, long to, MemorySegment lent) {
            MemorySegment[] at = new MemorySegment[] {lent, lent, lent};
            int[] laidOut = new int[3];
            int perTile = inner >= LONG_ROW ? Scratch.TILE : Scratch.TILE / inner * inner;
            for (long start = from; start < to; ) {
                long end = inner >= LONG_ROW ? start - start % inner + inner : to;
                int n = (int) Math.min(perTile, Math.min(end, to) - start);
                for (int k = 0; k < operands.length; k++) {
                    StridedRead operand = operands[k];
                    if (operand.direct(start, n)) {
                        at[k] = operand.from(start);
                    } else {
                        at[k] = Scratch.tile(lent, k);
                        // tiles of whole rows all show the same of an operand that repeats by rows
                        boolean alike = operand.constant() || (inner < LONG_ROW && operand.repeats());
                        if (!alike || laidOut[k] < n) {
                            operand.read(start, n, at[k]);
                            laidOut[k] = n;
                        }
                    }
                }
                if (operands.length < 2) {
                    at[1] = Scratch.tile(lent, 1);
                }
                compute(at, y.asSlice(start * bytes), n, lent);
                start += n;
            }
        }

        /** All whole vectors, and then the rest as one vector of its own in scratch memory: the same bits at any place. */
        private void compute(MemorySegment[] at, MemorySegment to, int n, MemorySegment lent) {
            MemorySegment a = at[0];
            MemorySegment b = at[1];
            MemorySegment c = operands.length > 2 ? at[2] : a;
            int rest = n % loop.width();
            int whole = n - rest;
            if (whole > 0) {
                loop.run(a, b, c, to, whole, p, q);
            }
            if (rest > 0) {
                MemorySegment[] edge = new MemorySegment[3];
                for (int k = 0; k < 3; k++) {
                    edge[k] = Scratch.edge(lent, k);
                    if (k < operands.length) {
                        MemorySegment.copy(at[k], (long) whole * bytes, edge[k], 0, (long) rest * bytes);
                    }
                }
                MemorySegment result = Scratch.edge(lent, 3);
                loop.run(edge[0], edge[1], edge[2], result, loop.width(), p, q);
                MemorySegment.copy(result, 0, to, (long) whole * bytes, (long) rest * bytes);
            }
        }
    }
}
