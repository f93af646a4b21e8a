package dev.seiche.kernels.cpu;

import java.lang.foreign.MemorySegment;

/**
 * Vector loops over a {@link PoolRun}, for elements of one type. Segments of the input's shape start at the first pixel of
 * the first window, those of the output's shape at the first output. The winner of a window is, for each channel, the
 * first NaN, else the first of the largest.
 */
interface PoolLoops {
    /** {@code y = max of the window}, NaN if any element is. */
    void max(PoolRun run, MemorySegment x, MemorySegment y);

    /** {@code y = t where x wins}. */
    void takeWinners(PoolRun run, MemorySegment x, MemorySegment t, MemorySegment y);

    /** {@code dx += dy where x wins}. */
    void addToWinners(PoolRun run, MemorySegment x, MemorySegment dy, MemorySegment dx);

    /** {@code y = sum of the window / divisor}. */
    void mean(PoolRun run, MemorySegment x, double divisor, MemorySegment y);

    /** {@code dx += dy / divisor} on the whole window. */
    void addShares(PoolRun run, MemorySegment dy, double divisor, MemorySegment dx);
}
