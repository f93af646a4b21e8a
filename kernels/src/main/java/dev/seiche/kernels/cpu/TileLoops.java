package dev.seiche.kernels.cpu;

import java.lang.foreign.MemorySegment;

/**
 * Products of matrices that are read where they lie: nothing is laid out or packed before, so that small products, and the
 * half of a symmetric one, take no longer than their share of a large one. Elements of one type; the order of every sum
 * depends on sizes only. Memory starts at its first element.
 */
interface TileLoops {
    /** Rows of both matrices that are multiplied at once by {@link #products}. */
    int SIDE = 4;

    /**
     * Pixels of an image, line by line, and of another that is gone over in step. All in elements; a line begins at a multiple
     * of {@code xLine}, its pixels lie {@code xStep} apart.
     */
    record Walk(int lines, int perLine, long xStep, long xLine, long dyStep, long dyLine) {
        int pixels() {
            return lines * perLine;
        }

        /** From the end of a line to the next. */
        long xSkip() {
            return xLine - perLine * xStep;
        }

        long dySkip() {
            return dyLine - perLine * dyStep;
        }

        /** Elements from the first to the last that is read, of so many in each pixel. */
        long xReach(int elements) {
            return pixels() == 0 ? 0 : (lines - 1) * xLine + (perLine - 1) * xStep + elements;
        }

        long dyReach(int elements) {
            return pixels() == 0 ? 0 : (lines - 1) * dyLine + (perLine - 1) * dyStep + elements;
        }
    }

    /** {@code to[r][c] = sum over pixels of x[pixel][r] * dy[pixel][c]}, one pixel after the other; rows without gaps. */
    void outer(MemorySegment x, MemorySegment dy, Walk walk, int rows, int columns, MemorySegment to);

    /**
     * Adds to {@code sums[r * columns + c]} the inner product of row r of a and row c of b, whose lanes are added up in the
     * element type.
     *
     * @param strideA elements from row to row
     * @param n elements of a row
     * @param half leaves out some of those below the diagonal
     */
    void products(
            MemorySegment a,
            long strideA,
            int rows,
            MemorySegment b,
            long strideB,
            int columns,
            int n,
            boolean half,
            double[] sums);
}
