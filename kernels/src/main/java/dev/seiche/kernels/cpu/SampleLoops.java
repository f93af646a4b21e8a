package dev.seiche.kernels.cpu;

import java.lang.foreign.MemorySegment;

/**
 * What is done with a piece of a sample's gradient while it is in the cache, or with products of two samples' positions.
 * Elements of one type, side by side; the order of every sum depends on sizes only. Memory starts at its first element.
 */
interface SampleLoops {
    /** The most elements that are added up in the element type before they are added to a double. */
    int BLOCK = 4096;

    /** Partial sums of a block: a multiple of every vector width. */
    int LANES = 64;

    /** The sum of squares. */
    double squares(MemorySegment x, long n);

    /**
     * Adds {@code x - centre}, its square, and the sign of x to three running sums.
     *
     * @param centre of n elements; empty stands for zeros
     */
    void moments(
            MemorySegment x,
            MemorySegment centre,
            MemorySegment sums,
            MemorySegment squares,
            MemorySegment signs,
            int n);

    /** Adds to or subtracts from {@code buckets[places[c] / 2]}, by the lowest bit of {@code places[c]}. */
    void sketch(MemorySegment x, MemorySegment places, MemorySegment buckets, int n);

    /**
     * For each column c: {@code sums[c] = sum over rows s of right[s][c] * (sum over taps k of left[s + offset k][c + offset k])},
     * where only taps count that are allowed at row s and column c.
     *
     * @param left a map whose first row belongs to position 0; taps may lead to rows before
     * @param stride elements from row to row, in both maps
     * @param sums room for the columns rounded up to whole vectors
     */
    void join(MemorySegment left, MemorySegment right, long stride, TapWindows taps, int columns, MemorySegment sums);

    /** Adds to {@code sums[at + c]} the sum of the elements of run c, one after the other, in double; runs side by side. */
    void addRuns(MemorySegment x, int run, int runs, double[] sums, int at);

    void set(MemorySegment x, long i, double value);

    /** Sets elements {@code first}, {@code first + step}, ... to {@code values[at]}, {@code values[at + 1]}, ..., n of them. */
    void setAll(MemorySegment x, long first, long step, double[] values, int at, int n);

    /**
     * Sets a block of a matrix to values [rows, width].
     *
     * @param columns of the matrix
     * @param symmetric sets what mirrors the block too; of a block on the diagonal only its upper half counts
     */
    default void setBlock(
            MemorySegment matrix,
            int columns,
            int row,
            int rows,
            int column,
            int width,
            double[] values,
            boolean symmetric) {
        for (int r = 0; r < rows; r++) {
            int i = row + r;
            int c = symmetric ? Math.clamp(i - column, 0, width) : 0;
            int first = column + c;
            setAll(matrix, (long) i * columns + first, 1, values, r * width + c, width - c);
            if (symmetric) {
                setAll(matrix, (long) first * columns + i, columns, values, r * width + c, width - c);
            }
        }
    }
}
