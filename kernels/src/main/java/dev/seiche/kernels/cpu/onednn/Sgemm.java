package dev.seiche.kernels.cpu.onednn;

import dev.seiche.kernels.cpu.WorkerPool;
import dev.seiche.kernels.cpu.gemm.GemmShape;
import java.lang.foreign.MemorySegment;

/**
 * Cuts a matrix product, or a batch of them, into blocks of C that oneDNN computes on one thread each. Blocks depend on
 * sizes alone. Every block sums over the whole of k, so cutting adds no rounding: up to 16 blocks had the same bits as
 * one in every case tried, and cost 0 to 3% on one thread (AMD EPYC 9005).
 */
final class Sgemm {
    /** A block is worth handing to another thread: some 60 microseconds. */
    private static final long FLOPS_PER_BLOCK = 12_000_000;

    private static final int MOST_BLOCKS = 32;
    private static final int MOST_BATCH_PARTS = 64;

    /** oneDNN's register tile for AVX-512 on row-major C: blocks of other sizes would leave tiles unfilled. */
    private static final int TILE_ROWS = 8;

    private static final int TILE_COLUMNS = 48;

    /** A block smaller than this in rows or columns spends its time on packing. */
    private static final int FEWEST_ROWS = 32;

    private static final int FEWEST_COLUMNS = 48;

    /** What packing a transposed B costs against packing a plain one, per element. */
    private static final long TURN_COST = 3;

    private final Dnnl dnnl;
    private final WorkerPool pool;

    Sgemm(Dnnl dnnl, WorkerPool pool) {
        this.dnnl = dnnl;
        this.pool = pool;
    }

    /** Computes; segments have been checked. */
    void run(GemmShape s, MemorySegment a, MemorySegment b, MemorySegment c) {
        if (s.empty()) {
            return;
        }
        if (s.k() == 0) {
            if (!s.accumulate()) {
                clear(s, c);
            }
            return;
        }
        Grid grid = Grid.of(s);
        int blocks = grid.down * grid.across;
        int parts = WorkerPool.chunks(s.flops() * s.batch(), FLOPS_PER_BLOCK, Math.min(s.batch(), MOST_BATCH_PARTS));
        pool.run(parts * blocks, task -> {
            int part = task / blocks;
            int r = task % blocks / grid.across;
            int q = task % blocks % grid.across;
            int end = (int) WorkerPool.chunkStart(s.batch(), parts, part + 1);
            for (int i = (int) WorkerPool.chunkStart(s.batch(), parts, part); i < end; i++) {
                block(s, grid, i, r, q, a.address(), b.address(), c.address());
            }
        });
    }

    private void block(GemmShape s, Grid grid, int i, int r, int q, long a, long b, long c) {
        long m0 = grid.rowStart(s, r);
        long n0 = grid.columnStart(s, q);
        long fromA = i * s.strideA() + (s.transposeA() ? m0 : m0 * s.lda());
        long fromB = i * s.strideB() + (s.transposeB() ? n0 * s.ldb() : n0);
        long to = i * s.strideC() + m0 * s.ldc() + n0;
        dnnl.sgemm(
                s,
                s.transposeA(),
                s.transposeB(),
                grid.rowStart(s, r + 1) - m0,
                grid.columnStart(s, q + 1) - n0,
                s.k(),
                a + fromA * Float.BYTES,
                s.lda(),
                b + fromB * Float.BYTES,
                s.ldb(),
                s.accumulate() ? 1 : 0,
                c + to * Float.BYTES,
                s.ldc());
    }

    private static void clear(GemmShape s, MemorySegment c) {
        for (int i = 0; i < s.batch(); i++) {
            for (int r = 0; r < s.m(); r++) {
                c.asSlice((i * s.strideC() + r * s.ldc()) * Float.BYTES, (long) s.n() * Float.BYTES)
                        .fill((byte) 0);
            }
        }
    }

    /**
     * Blocks of rows and columns of one C.
     *
     * @param down blocks of rows
     * @param across blocks of columns
     */
    private record Grid(int down, int across) {
        /** Of all grids with as many blocks as are wanted, the one that packs least. */
        static Grid of(GemmShape s) {
            // A power of two, so that few threads finish together.
            int wanted = Integer.highestOneBit(WorkerPool.chunks(s.flops(), FLOPS_PER_BLOCK, MOST_BLOCKS));
            int mostDown = Math.max(1, s.m() / FEWEST_ROWS);
            int mostAcross = Math.max(1, s.n() / FEWEST_COLUMNS);
            Grid best = new Grid(1, 1);
            long least = Long.MAX_VALUE;
            for (int across = 1; across <= Math.min(wanted, mostAcross); across++) {
                int down = Math.min(wanted / across, mostDown);
                long packed = s.m() * (long) across + s.n() * (long) down * (s.transposeB() ? TURN_COST : 1);
                // More blocks first: a grid that is bounded by rows or columns may have fewer than wanted.
                if (down * across > best.down * best.across
                        || down * across == best.down * best.across && packed < least) {
                    best = new Grid(down, across);
                    least = packed;
                }
            }
            return best;
        }

        long rowStart(GemmShape s, int r) {
            return start(s.m(), TILE_ROWS, down, r);
        }

        long columnStart(GemmShape s, int q) {
            return start(s.n(), TILE_COLUMNS, across, q);
        }

        private static long start(int size, int tile, int blocks, int i) {
            int tiles = Math.ceilDiv(size, tile);
            return Math.min(size, WorkerPool.chunkStart(tiles, blocks, i) * tile);
        }
    }
}
