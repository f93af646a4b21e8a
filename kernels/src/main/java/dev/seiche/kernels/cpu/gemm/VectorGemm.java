package dev.seiche.kernels.cpu.gemm;

import dev.seiche.kernels.cpu.WorkerPool;
import java.lang.foreign.MemorySegment;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Supplier;

/**
 * Matrix products with the Vector API: what computes where oneDNN is missing, and always in f64. Any sizes, transposes
 * and leading dimensions; packed, blocked for the caches, shared among the threads of a pool.
 *
 * <p>The bits of a result depend on the values and on k alone: not on the number of threads, the batch, the vector
 * width, the alignment or the leading dimensions. Sums are fused multiply-adds in the operands' type, in order of k, in
 * blocks of at most 256.
 *
 * <p>Safe for use by several threads. The segments must be off-heap, readable from the pool's threads (not confined to
 * the caller), and C must not overlap A or B. Packed operands, up to 4 MiB in f32 and 8 in f64 a thread that calls, are
 * kept for the next product.
 *
 * <p>After Goto and van de Geijn, "Anatomy of high-performance matrix multiplication", ACM TOMS 34(3), 2008.
 */
public final class VectorGemm {
    /** Below this a product, or a share of one, is not worth another thread: about 10 microseconds. */
    private static final long FLOPS_PER_TASK = 1 << 21;

    /** Elements of B to pack that are worth another thread. */
    private static final long ELEMENTS_PER_TASK = 1 << 15;

    /** Shares for each thread: enough that a thread which comes late does not keep the others waiting. */
    private static final int TASKS_PER_THREAD = 4;

    private final WorkerPool pool;
    private final Queue<Panels> f32 = new ConcurrentLinkedQueue<>();
    private final Queue<Panels> f64 = new ConcurrentLinkedQueue<>();

    /** @param pool shared with other kernels; stays the caller's to close */
    public VectorGemm(WorkerPool pool) {
        this.pool = pool;
    }

    /** A product of f32 matrices. */
    public void f32(GemmShape s, MemorySegment a, MemorySegment b, MemorySegment c) {
        s.check("f32 gemm", a, b, c, Float.BYTES);
        new Product(s, a, b, c, f32, F32Panels::new).all();
    }

    /** A product of f64 matrices. */
    public void f64(GemmShape s, MemorySegment a, MemorySegment b, MemorySegment c) {
        s.check("f64 gemm", a, b, c, Double.BYTES);
        new Product(s, a, b, c, f64, F64Panels::new).all();
    }

    /** One call. */
    private final class Product {
        private final GemmShape s;
        private final MemorySegment a;
        private final MemorySegment b;
        private final MemorySegment c;
        private final Queue<Panels> idle;
        private final Supplier<Panels> fresh;
        private final int kBlocks;

        Product(
                GemmShape s,
                MemorySegment a,
                MemorySegment b,
                MemorySegment c,
                Queue<Panels> idle,
                Supplier<Panels> fresh) {
            this.s = s;
            this.a = a;
            this.b = b;
            this.c = c;
            this.idle = idle;
            this.fresh = fresh;
            this.kBlocks = Math.ceilDiv(s.k(), Panels.MOST_K);
        }

        void all() {
            if (s.empty()) {
                return;
            }
            int groups = s.batch() == 1 ? 1 : WorkerPool.chunks(s.flops() * s.batch(), FLOPS_PER_TASK, s.batch());
            if (groups < TASKS_PER_THREAD * pool.threads() && s.flops() >= FLOPS_PER_TASK * pool.threads()) {
                groups = 1; // few and large: share each product rather than the batch
            }
            int shares = groups;
            pool.run(shares, share -> {
                int end = (int) WorkerPool.chunkStart(s.batch(), shares, share + 1);
                for (int i = (int) WorkerPool.chunkStart(s.batch(), shares, share); i < end; i++) {
                    one(i);
                }
            });
        }

        private Panels borrow() {
            Panels panels = idle.poll();
            return panels == null ? fresh.get() : panels;
        }

        /** Product {@code i} of the batch: all columns that fit into the packed B, all such blocks of k. */
        private void one(int i) {
            Panels packed = borrow();
            try {
                if (s.k() == 0) {
                    if (!s.accumulate()) {
                        packed.clear(s, c, i * s.strideC());
                    }
                    return;
                }
                for (int n0 = 0; n0 < s.n(); n0 += Panels.MOST_COLUMNS) {
                    int nc = Math.min(Panels.MOST_COLUMNS, s.n() - n0);
                    for (int block = 0; block < kBlocks; block += Panels.MOST_K_BLOCKS) {
                        int end = Math.min(block + Panels.MOST_K_BLOCKS, kBlocks);
                        packB(packed, i, n0, nc, block, end);
                        multiply(packed, i, n0, nc, block, end);
                    }
                }
            } finally {
                idle.add(packed);
            }
        }

        private int blockStart(int block) {
            return (int) WorkerPool.chunkStart(s.k(), kBlocks, block);
        }

        /** Where a panel of B lies: blocks of k one after another, in each its panels. */
        private int panelAt(int width, int panels, int panel, int firstBlock, int block) {
            int before = blockStart(block) - blockStart(firstBlock);
            int kc = blockStart(block + 1) - blockStart(block);
            return width * (panels * before + panel * kc);
        }

        private void packB(Panels packed, int i, int n0, int nc, int block, int end) {
            int width = packed.panelWidth();
            int panels = Math.ceilDiv(nc, width);
            int rows = blockStart(end) - blockStart(block);
            packed.reserveB(panels * width * rows);
            int across = WorkerPool.chunks((long) nc * rows / (end - block), ELEMENTS_PER_TASK, panels);
            pool.run(across * (end - block), share -> {
                int kb = block + share / across;
                int k0 = blockStart(kb);
                int kc = blockStart(kb + 1) - k0;
                int p0 = (int) WorkerPool.chunkStart(panels, across, share % across);
                int p1 = (int) WorkerPool.chunkStart(panels, across, share % across + 1);
                int columns = Math.min(nc, p1 * width) - p0 * width;
                int at = panelAt(width, panels, p0, block, kb);
                Panels own = borrow();
                try {
                    own.packB(s, b, i * s.strideB(), k0, kc, n0 + p0 * width, columns, packed, at);
                } finally {
                    idle.add(own);
                }
            });
        }

        /** Shares C as a grid of row blocks and runs of panels. The grid may depend on the threads: bits do not. */
        private void multiply(Panels packed, int i, int n0, int nc, int block, int end) {
            int panels = Math.ceilDiv(nc, packed.panelWidth());
            long flops = 2L * s.m() * nc * (blockStart(end) - blockStart(block));
            int wanted = pool.threads() == 1
                    ? 1
                    : WorkerPool.chunks(flops, FLOPS_PER_TASK, TASKS_PER_THREAD * pool.threads());
            int tiles = Math.ceilDiv(s.m(), Panels.TILE_ROWS);
            int tilesPerBlock = Panels.MOST_ROWS / Panels.TILE_ROWS;
            int rowBlocks = Math.ceilDiv(tiles, tilesPerBlock);
            // Sharing columns copies A once for each share, sharing rows reads B once for each: cut the longer side.
            int across = s.m() >= nc ? 1 : Math.min(panels, Math.ceilDiv(wanted, rowBlocks));
            int down = Math.clamp(Math.ceilDiv(wanted, across), rowBlocks, tiles);
            pool.run(down * across, task -> {
                int r = task / across;
                int q = task % across;
                int m0 = (int) WorkerPool.chunkStart(tiles, down, r) * Panels.TILE_ROWS;
                int m1 = Math.min(s.m(), (int) WorkerPool.chunkStart(tiles, down, r + 1) * Panels.TILE_ROWS);
                int p0 = (int) WorkerPool.chunkStart(panels, across, q);
                int p1 = (int) WorkerPool.chunkStart(panels, across, q + 1);
                Panels own = borrow();
                try {
                    for (int kb = block; kb < end; kb++) {
                        multiplyBlock(own, packed, i, m0, m1 - m0, n0, nc, p0, p1, block, kb);
                    }
                } finally {
                    idle.add(own);
                }
            });
        }

        private void multiplyBlock(
                Panels own,
                Panels packed,
                int i,
                int m0,
                int mc,
                int n0,
                int nc,
                int p0,
                int p1,
                int firstBlock,
                int block) {
            int k0 = blockStart(block);
            int kc = blockStart(block + 1) - k0;
            int width = packed.panelWidth();
            int panels = Math.ceilDiv(nc, width);
            boolean add = s.accumulate() || block > 0;
            own.packA(s, a, i * s.strideA(), m0, mc, k0, kc);
            for (int p = p0; p < p1; p++) {
                long c0 = i * s.strideC() + m0 * s.ldc() + n0 + (long) p * width;
                int at = panelAt(width, panels, p, firstBlock, block);
                own.multiply(s, mc, kc, packed, at, Math.min(width, nc - p * width), c, c0, add);
            }
        }
    }
}
