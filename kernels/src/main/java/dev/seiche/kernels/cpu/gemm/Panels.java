package dev.seiche.kernels.cpu.gemm;

import java.lang.foreign.MemorySegment;

/**
 * One thread's packed pieces of A and B, and the loops over register tiles that multiply them. f32 and f64 differ only
 * in the type.
 *
 * <p>B is packed into panels of {@link #panelWidth} columns, each a run of rows of full width: the tile reads it
 * straight through, and what lies beyond the last column is dropped at the end. A block of A is copied row by row as it
 * lies in memory, and tiles address it by two strides, so that neither A nor its transpose has to be turned.
 *
 * <p>Every element of C is the same sum in the same order wherever it lies in a tile: k steps of a fused multiply-add
 * within a block of k, then one addition to C per block. Blocks of k depend on k alone. So the result has the same bits
 * for any way of sharing rows and columns among threads, and for any vector width.
 */
abstract class Panels {
    /** Rows of a register tile: with two vectors a row it needs 12 accumulators, what 16 vector registers can hold. */
    static final int TILE_ROWS = 6;

    /** Longest block of k: a panel of B, 2 vectors wide, is then 32 KiB at 512 bits and stays in the first cache. */
    static final int MOST_K = 256;

    /** Blocks of k whose panels of B are packed at once. */
    static final int MOST_K_BLOCKS = 8;

    /** Most rows of A in a block: with {@link #MOST_K} columns a quarter of a second-level cache of 1 MiB. */
    static final int MOST_ROWS = 40 * TILE_ROWS;

    /** Most columns of B that are packed at once: with all blocks of k 4 MiB of f32. */
    static final int MOST_COLUMNS = 512;

    /** Columns of a panel: two vectors. */
    abstract int panelWidth();

    /** Makes room for {@code count} elements of packed B. */
    abstract void reserveB(int count);

    /**
     * Packs rows {@code k0 .. k0 + kc} and the columns of one or more panels of op(B).
     *
     * @param start first element of this product's B
     * @param n0 first column
     * @param columns columns that exist, at least 1; the last panel may lack some
     * @param into whose packed B they become part of; others may pack other panels there at the same time
     * @param at where the first of these panels begins
     */
    abstract void packB(
            GemmShape s, MemorySegment b, long start, int k0, int kc, int n0, int columns, Panels into, int at);

    /** Packs rows {@code m0 .. m0 + mc} and columns {@code k0 .. k0 + kc} of op(A). */
    abstract void packA(GemmShape s, MemorySegment a, long start, int m0, int mc, int k0, int kc);

    /**
     * Multiplies the packed block of A by one panel of B that {@code packed} holds, into C.
     *
     * @param at where the panel begins
     * @param c0 element of C at the block's first row and the panel's first column
     * @param add add to C instead of overwriting it
     */
    abstract void multiply(
            GemmShape s, int mc, int kc, Panels packed, int at, int columns, MemorySegment c, long c0, boolean add);

    /** Sets one matrix C to zero. */
    abstract void clear(GemmShape s, MemorySegment c, long start);
}
