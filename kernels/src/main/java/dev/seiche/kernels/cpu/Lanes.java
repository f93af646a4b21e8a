package dev.seiche.kernels.cpu;

import java.lang.foreign.MemorySegment;

/**
 * Vector loops over elements of one type that lie side by side. Sums have one order for each size, the same for every
 * vector width. All counts are in elements; memory starts at its first element.
 */
interface Lanes {
    /** The most elements of one {@link #sum}. */
    int BLOCK = 4096;

    /** The most rows of one {@link #addColumns}. */
    int ROWS = 64;

    /** The sum of up to {@link #BLOCK} elements: lanes in the element type, across lanes in double. */
    double sum(MemorySegment x, int n);

    /** The sum of up to {@link #BLOCK} products: lanes in the element type, across lanes in double. */
    double dot(MemorySegment a, MemorySegment b, int n);

    /** The sum of up to {@link #BLOCK} products, each and their sum in double. */
    double wideDot(MemorySegment a, MemorySegment b, int n);

    /** The largest of at least one element, NaN if any is. */
    double max(MemorySegment x, int n);

    /**
     * Adds up to {@link #ROWS} rows, in order and in the element type, and adds the result to {@code sums}, in double.
     *
     * @param stride from row to row
     * @param sums f64, with room for {@link #padded} columns
     */
    void addColumns(MemorySegment x, int rows, long stride, int columns, MemorySegment sums);

    /**
     * Adds the products of {@code a - centreA} and {@code b - centreB} down up to {@link #ROWS} rows without gaps, in order and
     * in the element type, and adds the result to {@code sums}, in double.
     *
     * @param centreA one element for each column
     * @param sums f64, with room for {@link #padded} columns
     */
    void addProducts(
            MemorySegment a,
            MemorySegment centreA,
            MemorySegment b,
            MemorySegment centreB,
            int rows,
            int columns,
            MemorySegment sums);

    /**
     * {@code y = (x - mean) factor} for rows without gaps.
     *
     * @param columnwise [2, columns]: mean and factor of each column
     */
    void standardiseColumns(MemorySegment x, int rows, int columns, MemorySegment columnwise, MemorySegment y);

    /**
     * {@code dx = (dy - slope - (x - mean) bend) factor} for rows without gaps.
     *
     * @param columnwise [4, columns]: mean, factor, slope and bend of each column
     */
    void standardiseColumnsGrad(
            MemorySegment x, MemorySegment dy, int rows, int columns, MemorySegment columnwise, MemorySegment dx);

    /** Sets {@code y[i]} to the largest of column i, NaN if any is. */
    void maxColumns(MemorySegment x, int rows, long stride, int columns, MemorySegment y);

    /** {@code y = e^(x - shift)}. */
    void expMinus(MemorySegment x, double shift, MemorySegment y, int n);

    /** {@code y = (x - first) - second}. */
    void minus(MemorySegment x, double first, double second, MemorySegment y, int n);

    /** {@code y = x / divisor}. */
    void divide(MemorySegment x, double divisor, MemorySegment y, int n);

    /** {@code y = factor x}. */
    void scale(MemorySegment x, double factor, MemorySegment y, int n);

    /** {@code y += x}. */
    void add(MemorySegment x, MemorySegment y, int n);

    /** {@code y = x y}. */
    void multiply(MemorySegment x, MemorySegment y, int n);

    /** The number of columns rounded up so that whole vectors of any width fit. */
    static int padded(int columns) {
        return Math.ceilDiv(columns, 64) * 64;
    }

    /** The sum of an array whose length is a power of two, by halves; overwrites it. */
    static double tree(double[] lanes) {
        for (int half = lanes.length / 2; half > 0; half /= 2) {
            for (int i = 0; i < half; i++) {
                lanes[i] += lanes[i + half];
            }
        }
        return lanes[0];
    }
}
