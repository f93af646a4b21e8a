package dev.seiche.kernels.cpu;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorSpecies;

/** {@link TileLoops} of f64. Its twin is {@link F32TileLoops}. */
final class F64TileLoops implements TileLoops {
    private static final VectorSpecies<Double> SPECIES = DoubleVector.SPECIES_PREFERRED;
    private static final int L = SPECIES.length();
    private static final int BYTES = Double.BYTES;
    private static final long VECTOR = (long) L * BYTES;
    private static final ByteOrder ORDER = ByteOrder.nativeOrder();

    /** Without a test of the address at every read. */
    private static final ValueLayout.OfDouble ELEMENT = ValueLayout.JAVA_DOUBLE_UNALIGNED;

    /** Rows of a register tile; with two vectors a row it has enough sums to keep two units busy. */
    private static final int ROWS = 8;

    @Override
    public void outer(MemorySegment x, MemorySegment dy, Walk walk, int rows, int columns, MemorySegment to) {
        long xs = Native.at(x, walk.xReach(rows) * BYTES);
        long ys = Native.at(dy, walk.dyReach(columns) * BYTES);
        long sums = Native.at(to, (long) rows * columns * BYTES);
        // rows and columns that lie in two tiles are computed twice, alike
        for (int c = 0; c < columns; c += 2 * L) {
            int left = columns < 2 * L ? c : Math.min(c, columns - 2 * L);
            for (int r = 0; r < rows; r += ROWS) {
                int top = rows < ROWS ? r : Math.min(r, rows - ROWS);
                long corner = sums + ((long) top * columns + left) * BYTES;
                if (columns < 2 * L || rows < ROWS) {
                    for (int q = 0; q < Math.min(ROWS, rows); q++) {
                        line(
                                xs + (long) (top + q) * BYTES,
                                ys + (long) left * BYTES,
                                walk,
                                columns - left,
                                corner + (long) q * columns * BYTES);
                    }
                } else {
                    tile(xs + (long) top * BYTES, ys + (long) left * BYTES, walk, corner, (long) columns * BYTES);
                }
            }
        }
    }

    private static void tile(long x, long dy, Walk walk, long to, long stride) {
        DoubleVector s00 = DoubleVector.zero(SPECIES);
        DoubleVector s01 = DoubleVector.zero(SPECIES);
        DoubleVector s10 = DoubleVector.zero(SPECIES);
        DoubleVector s11 = DoubleVector.zero(SPECIES);
        DoubleVector s20 = DoubleVector.zero(SPECIES);
        DoubleVector s21 = DoubleVector.zero(SPECIES);
        DoubleVector s30 = DoubleVector.zero(SPECIES);
        DoubleVector s31 = DoubleVector.zero(SPECIES);
        DoubleVector s40 = DoubleVector.zero(SPECIES);
        DoubleVector s41 = DoubleVector.zero(SPECIES);
        DoubleVector s50 = DoubleVector.zero(SPECIES);
        DoubleVector s51 = DoubleVector.zero(SPECIES);
        DoubleVector s60 = DoubleVector.zero(SPECIES);
        DoubleVector s61 = DoubleVector.zero(SPECIES);
        DoubleVector s70 = DoubleVector.zero(SPECIES);
        DoubleVector s71 = DoubleVector.zero(SPECIES);
        long xStep = walk.xStep() * BYTES;
        long yStep = walk.dyStep() * BYTES;
        long xSkip = walk.xSkip() * BYTES;
        long ySkip = walk.dySkip() * BYTES;
        int pixels = walk.pixels();
        int perLine = walk.perLine();
        int left = perLine;
        for (int i = 0; i < pixels; i++) {
            DoubleVector y0 = DoubleVector.fromMemorySegment(SPECIES, Native.ALL, dy, ORDER);
            DoubleVector y1 = DoubleVector.fromMemorySegment(SPECIES, Native.ALL, dy + VECTOR, ORDER);
            DoubleVector x0 = DoubleVector.broadcast(SPECIES, Native.ALL.get(ELEMENT, x));
            s00 = x0.fma(y0, s00);
            s01 = x0.fma(y1, s01);
            DoubleVector x1 = DoubleVector.broadcast(SPECIES, Native.ALL.get(ELEMENT, x + BYTES));
            s10 = x1.fma(y0, s10);
            s11 = x1.fma(y1, s11);
            DoubleVector x2 = DoubleVector.broadcast(SPECIES, Native.ALL.get(ELEMENT, x + 2 * BYTES));
            s20 = x2.fma(y0, s20);
            s21 = x2.fma(y1, s21);
            DoubleVector x3 = DoubleVector.broadcast(SPECIES, Native.ALL.get(ELEMENT, x + 3 * BYTES));
            s30 = x3.fma(y0, s30);
            s31 = x3.fma(y1, s31);
            DoubleVector x4 = DoubleVector.broadcast(SPECIES, Native.ALL.get(ELEMENT, x + 4 * BYTES));
            s40 = x4.fma(y0, s40);
            s41 = x4.fma(y1, s41);
            DoubleVector x5 = DoubleVector.broadcast(SPECIES, Native.ALL.get(ELEMENT, x + 5 * BYTES));
            s50 = x5.fma(y0, s50);
            s51 = x5.fma(y1, s51);
            DoubleVector x6 = DoubleVector.broadcast(SPECIES, Native.ALL.get(ELEMENT, x + 6 * BYTES));
            s60 = x6.fma(y0, s60);
            s61 = x6.fma(y1, s61);
            DoubleVector x7 = DoubleVector.broadcast(SPECIES, Native.ALL.get(ELEMENT, x + 7 * BYTES));
            s70 = x7.fma(y0, s70);
            s71 = x7.fma(y1, s71);
            x += xStep;
            dy += yStep;
            if (--left == 0) {
                left = perLine;
                x += xSkip;
                dy += ySkip;
            }
        }
        s00.intoMemorySegment(Native.ALL, to, ORDER);
        s01.intoMemorySegment(Native.ALL, to + VECTOR, ORDER);
        s10.intoMemorySegment(Native.ALL, to + stride, ORDER);
        s11.intoMemorySegment(Native.ALL, to + stride + VECTOR, ORDER);
        s20.intoMemorySegment(Native.ALL, to + 2 * stride, ORDER);
        s21.intoMemorySegment(Native.ALL, to + 2 * stride + VECTOR, ORDER);
        s30.intoMemorySegment(Native.ALL, to + 3 * stride, ORDER);
        s31.intoMemorySegment(Native.ALL, to + 3 * stride + VECTOR, ORDER);
        s40.intoMemorySegment(Native.ALL, to + 4 * stride, ORDER);
        s41.intoMemorySegment(Native.ALL, to + 4 * stride + VECTOR, ORDER);
        s50.intoMemorySegment(Native.ALL, to + 5 * stride, ORDER);
        s51.intoMemorySegment(Native.ALL, to + 5 * stride + VECTOR, ORDER);
        s60.intoMemorySegment(Native.ALL, to + 6 * stride, ORDER);
        s61.intoMemorySegment(Native.ALL, to + 6 * stride + VECTOR, ORDER);
        s70.intoMemorySegment(Native.ALL, to + 7 * stride, ORDER);
        s71.intoMemorySegment(Native.ALL, to + 7 * stride + VECTOR, ORDER);
    }

    /** One row of up to two vectors, where a tile has more rows or columns than there are. */
    private static void line(long x, long dy, Walk walk, int columns, long to) {
        // made here: a mask that is handed over would be read from the heap at every step
        VectorMask<Double> first = SPECIES.indexInRange(0, columns);
        VectorMask<Double> second = SPECIES.indexInRange(L, Math.max(L, columns));
        DoubleVector s0 = DoubleVector.zero(SPECIES);
        DoubleVector s1 = DoubleVector.zero(SPECIES);
        for (int i = 0; i < walk.lines(); i++) {
            long xs = x + i * walk.xLine() * BYTES;
            long ys = dy + i * walk.dyLine() * BYTES;
            for (int j = 0; j < walk.perLine(); j++) {
                DoubleVector x0 =
                        DoubleVector.broadcast(SPECIES, Native.ALL.get(ELEMENT, xs + j * walk.xStep() * BYTES));
                long at = ys + j * walk.dyStep() * BYTES;
                s0 = x0.fma(DoubleVector.fromMemorySegment(SPECIES, Native.ALL, at, ORDER, first), s0);
                s1 = x0.fma(DoubleVector.fromMemorySegment(SPECIES, Native.ALL, at + VECTOR, ORDER, second), s1);
            }
        }
        s0.intoMemorySegment(Native.ALL, to, ORDER, first);
        s1.intoMemorySegment(Native.ALL, to + VECTOR, ORDER, second);
    }

    @Override
    public void products(
            MemorySegment a,
            long strideA,
            int rows,
            MemorySegment b,
            long strideB,
            int columns,
            int n,
            boolean half,
            double[] sums) {
        long as = Native.at(a, rows == 0 ? 0 : ((rows - 1) * strideA + n) * BYTES);
        long bs = Native.at(b, columns == 0 ? 0 : ((columns - 1) * strideB + n) * BYTES);
        double[] lanes = new double[SIDE * SIDE * L];
        int whole = SPECIES.loopBound(n);
        for (int i = 0; i < rows; i += SIDE) {
            int down = Math.min(SIDE, rows - i);
            for (int j = half ? i : 0; j < columns; j += SIDE) {
                int across = Math.min(SIDE, columns - j);
                long x = as + i * strideA * BYTES;
                long y = bs + j * strideB * BYTES;
                block(x, strideA * BYTES, down - 1, y, strideB * BYTES, across - 1, whole, lanes);
                for (int r = 0; r < down; r++) {
                    for (int c = 0; c < across; c++) {
                        double rest = rest(x + r * strideA * BYTES, y + c * strideB * BYTES, whole, n);
                        sums[(i + r) * columns + j + c] += across(lanes, (r * SIDE + c) * L) + rest;
                    }
                }
            }
        }
    }

    /**
     * In one order, which a vector's own sum has not: compiled code may take another than code that is not compiled yet. In four
     * sums, so that additions need not wait for each other.
     */
    private static double across(double[] lanes, int at) {
        double s0 = 0;
        double s1 = 0;
        double s2 = 0;
        double s3 = 0;
        int lane = 0;
        for (; lane + 4 <= L; lane += 4) {
            s0 += lanes[at + lane];
            s1 += lanes[at + lane + 1];
            s2 += lanes[at + lane + 2];
            s3 += lanes[at + lane + 3];
        }
        for (; lane < L; lane++) {
            s0 += lanes[at + lane];
        }
        return (s0 + s1) + (s2 + s3);
    }

    /** The inner product of the elements after the last whole vector. */
    private static double rest(long x, long y, int from, int n) {
        double sum = 0;
        for (long i = from; i < n; i++) {
            sum += Native.ALL.get(ELEMENT, x + i * BYTES) * Native.ALL.get(ELEMENT, y + i * BYTES);
        }
        return sum;
    }

    /** Of whole vectors. Rows beyond the last are the last again. */
    private static void block(long a, long strideA, int lastA, long b, long strideB, int lastB, int n, double[] lanes) {
        long a1 = a + Math.min(1, lastA) * strideA;
        long a2 = a + Math.min(2, lastA) * strideA;
        long a3 = a + lastA * strideA;
        long b1 = b + Math.min(1, lastB) * strideB;
        long b2 = b + Math.min(2, lastB) * strideB;
        long b3 = b + lastB * strideB;
        DoubleVector s00 = DoubleVector.zero(SPECIES);
        DoubleVector s01 = DoubleVector.zero(SPECIES);
        DoubleVector s02 = DoubleVector.zero(SPECIES);
        DoubleVector s03 = DoubleVector.zero(SPECIES);
        DoubleVector s10 = DoubleVector.zero(SPECIES);
        DoubleVector s11 = DoubleVector.zero(SPECIES);
        DoubleVector s12 = DoubleVector.zero(SPECIES);
        DoubleVector s13 = DoubleVector.zero(SPECIES);
        DoubleVector s20 = DoubleVector.zero(SPECIES);
        DoubleVector s21 = DoubleVector.zero(SPECIES);
        DoubleVector s22 = DoubleVector.zero(SPECIES);
        DoubleVector s23 = DoubleVector.zero(SPECIES);
        DoubleVector s30 = DoubleVector.zero(SPECIES);
        DoubleVector s31 = DoubleVector.zero(SPECIES);
        DoubleVector s32 = DoubleVector.zero(SPECIES);
        DoubleVector s33 = DoubleVector.zero(SPECIES);
        for (int i = 0; i < n; i += L) {
            long at = (long) i * BYTES;
            DoubleVector y0 = DoubleVector.fromMemorySegment(SPECIES, Native.ALL, b + at, ORDER);
            DoubleVector y1 = DoubleVector.fromMemorySegment(SPECIES, Native.ALL, b1 + at, ORDER);
            DoubleVector y2 = DoubleVector.fromMemorySegment(SPECIES, Native.ALL, b2 + at, ORDER);
            DoubleVector y3 = DoubleVector.fromMemorySegment(SPECIES, Native.ALL, b3 + at, ORDER);
            DoubleVector x0 = DoubleVector.fromMemorySegment(SPECIES, Native.ALL, a + at, ORDER);
            s00 = x0.fma(y0, s00);
            s01 = x0.fma(y1, s01);
            s02 = x0.fma(y2, s02);
            s03 = x0.fma(y3, s03);
            DoubleVector x1 = DoubleVector.fromMemorySegment(SPECIES, Native.ALL, a1 + at, ORDER);
            s10 = x1.fma(y0, s10);
            s11 = x1.fma(y1, s11);
            s12 = x1.fma(y2, s12);
            s13 = x1.fma(y3, s13);
            DoubleVector x2 = DoubleVector.fromMemorySegment(SPECIES, Native.ALL, a2 + at, ORDER);
            s20 = x2.fma(y0, s20);
            s21 = x2.fma(y1, s21);
            s22 = x2.fma(y2, s22);
            s23 = x2.fma(y3, s23);
            DoubleVector x3 = DoubleVector.fromMemorySegment(SPECIES, Native.ALL, a3 + at, ORDER);
            s30 = x3.fma(y0, s30);
            s31 = x3.fma(y1, s31);
            s32 = x3.fma(y2, s32);
            s33 = x3.fma(y3, s33);
        }
        s00.intoArray(lanes, 0 * L);
        s01.intoArray(lanes, 1 * L);
        s02.intoArray(lanes, 2 * L);
        s03.intoArray(lanes, 3 * L);
        s10.intoArray(lanes, 4 * L);
        s11.intoArray(lanes, 5 * L);
        s12.intoArray(lanes, 6 * L);
        s13.intoArray(lanes, 7 * L);
        s20.intoArray(lanes, 8 * L);
        s21.intoArray(lanes, 9 * L);
        s22.intoArray(lanes, 10 * L);
        s23.intoArray(lanes, 11 * L);
        s30.intoArray(lanes, 12 * L);
        s31.intoArray(lanes, 13 * L);
        s32.intoArray(lanes, 14 * L);
        s33.intoArray(lanes, 15 * L);
    }
}
