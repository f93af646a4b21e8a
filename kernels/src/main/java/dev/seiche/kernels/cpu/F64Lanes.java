package dev.seiche.kernels.cpu;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/** {@link Lanes} of f64: {@link F32Lanes} in double. */
final class F64Lanes implements Lanes {
    /** Partial sums of a block, a multiple of every vector width. */
    private static final int LANES = 32;

    private static final VectorSpecies<Double> SPECIES =
            DoubleVector.SPECIES_PREFERRED.length() <= 8 ? DoubleVector.SPECIES_PREFERRED : DoubleVector.SPECIES_512;
    private static final int L = SPECIES.length();
    private static final int BYTES = Double.BYTES;
    private static final ByteOrder ORDER = ByteOrder.nativeOrder();

    @Override
    public double sum(MemorySegment x, int n) {
        long xs = Native.at(x, (long) n * BYTES);
        if (n < LANES) {
            double sum = 0;
            for (int i = 0; i < n; i++) {
                sum += Native.ALL.get(ValueLayout.JAVA_DOUBLE, xs + (long) i * BYTES);
            }
            return sum;
        }
        double[] lanes = new double[LANES];
        for (int lane = 0; lane < LANES; lane += 4 * L) {
            sumLanes(xs, lane, n, lanes);
        }
        return Lanes.tree(lanes);
    }

    /** Lane i sums elements i, i + 32, i + 64, ...: here for the lanes of four vectors. */
    private static void sumLanes(long x, int lane, int n, double[] lanes) {
        DoubleVector s0 = DoubleVector.zero(SPECIES);
        DoubleVector s1 = s0;
        DoubleVector s2 = s0;
        DoubleVector s3 = s0;
        int i = lane;
        for (int whole = n - LANES + lane; i <= whole; i += LANES) {
            s0 = s0.add(load(x, i));
            s1 = s1.add(load(x, i + L));
            s2 = s2.add(load(x, i + 2 * L));
            s3 = s3.add(load(x, i + 3 * L));
        }
        s0.add(loadUpTo(x, i, n)).intoArray(lanes, lane);
        s1.add(loadUpTo(x, i + L, n)).intoArray(lanes, lane + L);
        s2.add(loadUpTo(x, i + 2 * L, n)).intoArray(lanes, lane + 2 * L);
        s3.add(loadUpTo(x, i + 3 * L, n)).intoArray(lanes, lane + 3 * L);
    }

    @Override
    public double dot(MemorySegment a, MemorySegment b, int n) {
        long as = Native.at(a, (long) n * BYTES);
        long bs = Native.at(b, (long) n * BYTES);
        if (n < LANES) {
            double sum = 0;
            for (int i = 0; i < n; i++) {
                long at = (long) i * BYTES;
                sum += Native.ALL.get(ValueLayout.JAVA_DOUBLE, as + at)
                        * Native.ALL.get(ValueLayout.JAVA_DOUBLE, bs + at);
            }
            return sum;
        }
        double[] lanes = new double[LANES];
        for (int lane = 0; lane < LANES; lane += L) {
            DoubleVector sum = DoubleVector.zero(SPECIES);
            int i = lane;
            for (int whole = n - LANES + lane; i <= whole; i += LANES) {
                sum = load(as, i).fma(load(bs, i), sum);
            }
            loadUpTo(as, i, n).fma(loadUpTo(bs, i, n), sum).intoArray(lanes, lane);
        }
        return Lanes.tree(lanes);
    }

    @Override
    public double wideDot(MemorySegment a, MemorySegment b, int n) {
        return dot(a, b, n);
    }

    @Override
    public double max(MemorySegment x, int n) {
        long xs = Native.at(x, (long) n * BYTES);
        DoubleVector m0 = DoubleVector.broadcast(SPECIES, Double.NEGATIVE_INFINITY);
        DoubleVector m1 = m0;
        int i = 0;
        for (; i <= n - 2 * L; i += 2 * L) {
            m0 = m0.max(load(xs, i));
            m1 = m1.max(load(xs, i + L));
        }
        for (; i < n; i += L) {
            m0 = m0.max(loadUpTo(xs, i, n)
                    .blend(Double.NEGATIVE_INFINITY, SPECIES.indexInRange(i, n).not()));
        }
        return m0.max(m1).reduceLanes(VectorOperators.MAX);
    }

    @Override
    public void addColumns(MemorySegment x, int rows, long stride, int columns, MemorySegment sums) {
        long xs = Native.at(x, ((rows - 1) * stride + columns) * BYTES);
        long to = Native.at(sums, (long) Lanes.padded(columns) * Double.BYTES);
        int c = 0;
        for (; c <= columns - 4 * L; c += 4 * L) {
            addStrip(xs + (long) c * BYTES, rows, stride, to + (long) c * Double.BYTES);
        }
        for (; c < columns; c += L) {
            DoubleVector sum = DoubleVector.zero(SPECIES);
            for (int r = 0; r < rows; r++) {
                sum = sum.add(loadUpTo(xs, r * stride + c, r * stride + columns));
            }
            addTo(sum, to + (long) c * Double.BYTES);
        }
    }

    private static void addStrip(long x, int rows, long stride, long sums) {
        DoubleVector s0 = DoubleVector.zero(SPECIES);
        DoubleVector s1 = s0;
        DoubleVector s2 = s0;
        DoubleVector s3 = s0;
        for (int r = 0; r < rows; r++) {
            long row = x + r * stride * BYTES;
            s0 = s0.add(load(row, 0));
            s1 = s1.add(load(row, L));
            s2 = s2.add(load(row, 2L * L));
            s3 = s3.add(load(row, 3L * L));
        }
        addTo(s0, sums);
        addTo(s1, sums + (long) L * Double.BYTES);
        addTo(s2, sums + 2L * L * Double.BYTES);
        addTo(s3, sums + 3L * L * Double.BYTES);
    }

    private static void addTo(DoubleVector sum, long sums) {
        load(sums, 0).add(sum).intoMemorySegment(Native.ALL, sums, ORDER);
    }

    @Override
    public void addProducts(
            MemorySegment a,
            MemorySegment centreA,
            MemorySegment b,
            MemorySegment centreB,
            int rows,
            int columns,
            MemorySegment sums) {
        long as = Native.at(a, (long) rows * columns * BYTES);
        long bs = Native.at(b, (long) rows * columns * BYTES);
        long ca = Native.at(centreA, (long) columns * BYTES);
        long cb = Native.at(centreB, (long) columns * BYTES);
        long to = Native.at(sums, (long) Lanes.padded(columns) * Double.BYTES);
        int c = 0;
        for (; c <= columns - 4 * L; c += 4 * L) {
            long at = (long) c * BYTES;
            addProductStrip(as + at, ca + at, bs + at, cb + at, rows, columns, to + (long) c * Double.BYTES);
        }
        for (; c < columns; c += L) {
            DoubleVector ma = loadUpTo(ca, c, columns);
            DoubleVector mb = loadUpTo(cb, c, columns);
            DoubleVector sum = DoubleVector.zero(SPECIES);
            for (int r = 0; r < rows; r++) {
                long at = (long) r * columns;
                DoubleVector da = loadUpTo(as, at + c, at + columns).sub(ma);
                sum = da.fma(loadUpTo(bs, at + c, at + columns).sub(mb), sum);
            }
            addTo(sum, to + (long) c * Double.BYTES);
        }
    }

    private static void addProductStrip(long a, long centreA, long b, long centreB, int rows, int columns, long sums) {
        DoubleVector s0 = DoubleVector.zero(SPECIES);
        DoubleVector s1 = s0;
        DoubleVector s2 = s0;
        DoubleVector s3 = s0;
        for (int r = 0; r < rows; r++) {
            long at = (long) r * columns * BYTES;
            s0 = product(a + at, centreA, b + at, centreB, 0, s0);
            s1 = product(a + at, centreA, b + at, centreB, L, s1);
            s2 = product(a + at, centreA, b + at, centreB, 2L * L, s2);
            s3 = product(a + at, centreA, b + at, centreB, 3L * L, s3);
        }
        addTo(s0, sums);
        addTo(s1, sums + (long) L * Double.BYTES);
        addTo(s2, sums + 2L * L * Double.BYTES);
        addTo(s3, sums + 3L * L * Double.BYTES);
    }

    private static DoubleVector product(long a, long centreA, long b, long centreB, long i, DoubleVector sum) {
        return load(a, i).sub(load(centreA, i)).fma(load(b, i).sub(load(centreB, i)), sum);
    }

    @Override
    public void standardiseColumns(MemorySegment x, int rows, int columns, MemorySegment columnwise, MemorySegment y) {
        long width = (long) columns * BYTES;
        long xs = Native.at(x, rows * width);
        long ys = Native.at(y, rows * width);
        long means = Native.at(columnwise, 2 * width);
        long factors = means + width;
        for (int row = 0; row < rows; row++, xs += width, ys += width) {
            int c = 0;
            for (; c <= columns - L; c += L) {
                load(xs, c)
                        .sub(load(means, c))
                        .mul(load(factors, c))
                        .intoMemorySegment(Native.ALL, ys + (long) c * BYTES, ORDER);
            }
            if (c < columns) {
                DoubleVector off = loadUpTo(xs, c, columns).sub(loadUpTo(means, c, columns));
                storeUpTo(off.mul(loadUpTo(factors, c, columns)), ys, c, columns);
            }
        }
    }

    @Override
    public void standardiseColumnsGrad(
            MemorySegment x, MemorySegment dy, int rows, int columns, MemorySegment columnwise, MemorySegment dx) {
        long width = (long) columns * BYTES;
        long xs = Native.at(x, rows * width);
        long slopes = Native.at(dy, rows * width);
        long to = Native.at(dx, rows * width);
        long means = Native.at(columnwise, 4 * width);
        long factors = means + width;
        long shifts = factors + width;
        long bends = shifts + width;
        for (int row = 0; row < rows; row++, xs += width, slopes += width, to += width) {
            int c = 0;
            for (; c <= columns - L; c += L) {
                DoubleVector off = load(xs, c).sub(load(means, c)).mul(load(bends, c));
                load(slopes, c)
                        .sub(load(shifts, c))
                        .sub(off)
                        .mul(load(factors, c))
                        .intoMemorySegment(Native.ALL, to + (long) c * BYTES, ORDER);
            }
            if (c < columns) {
                DoubleVector off = loadUpTo(xs, c, columns).sub(loadUpTo(means, c, columns));
                DoubleVector rest = loadUpTo(slopes, c, columns)
                        .sub(loadUpTo(shifts, c, columns))
                        .sub(off.mul(loadUpTo(bends, c, columns)));
                storeUpTo(rest.mul(loadUpTo(factors, c, columns)), to, c, columns);
            }
        }
    }

    @Override
    public void maxColumns(MemorySegment x, int rows, long stride, int columns, MemorySegment y) {
        long xs = Native.at(x, ((rows - 1) * stride + columns) * BYTES);
        long ys = Native.at(y, (long) columns * BYTES);
        for (int c = 0; c < columns; c += L) {
            DoubleVector top = loadUpTo(xs, c, columns);
            for (int r = 1; r < rows; r++) {
                top = top.max(loadUpTo(xs, r * stride + c, r * stride + columns));
            }
            storeUpTo(top, ys, c, columns);
        }
    }

    @Override
    public void expMinus(MemorySegment x, double shift, MemorySegment y, int n) {
        DoubleVector all = DoubleVector.broadcast(SPECIES, shift);
        long xs = Native.at(x, (long) n * BYTES);
        long ys = Native.at(y, (long) n * BYTES);
        // under a mask throughout: a second loop for the rest would double the code and stop it from being inlined
        for (int i = 0; i < n; i += L) {
            storeUpTo(F64Math.exp(loadUpTo(xs, i, n).sub(all)), ys, i, n);
        }
    }

    @Override
    public void minus(MemorySegment x, double first, double second, MemorySegment y, int n) {
        long xs = Native.at(x, (long) n * BYTES);
        long ys = Native.at(y, (long) n * BYTES);
        int i = 0;
        for (; i <= n - L; i += L) {
            load(xs, i).sub(first).sub(second).intoMemorySegment(Native.ALL, ys + (long) i * BYTES, ORDER);
        }
        if (i < n) {
            storeUpTo(loadUpTo(xs, i, n).sub(first).sub(second), ys, i, n);
        }
    }

    @Override
    public void divide(MemorySegment x, double divisor, MemorySegment y, int n) {
        long xs = Native.at(x, (long) n * BYTES);
        long ys = Native.at(y, (long) n * BYTES);
        int i = 0;
        for (; i <= n - L; i += L) {
            load(xs, i).div(divisor).intoMemorySegment(Native.ALL, ys + (long) i * BYTES, ORDER);
        }
        if (i < n) {
            storeUpTo(loadUpTo(xs, i, n).div(divisor), ys, i, n);
        }
    }

    @Override
    public void scale(MemorySegment x, double factor, MemorySegment y, int n) {
        long xs = Native.at(x, (long) n * BYTES);
        long ys = Native.at(y, (long) n * BYTES);
        int i = 0;
        for (; i <= n - L; i += L) {
            load(xs, i).mul(factor).intoMemorySegment(Native.ALL, ys + (long) i * BYTES, ORDER);
        }
        if (i < n) {
            storeUpTo(loadUpTo(xs, i, n).mul(factor), ys, i, n);
        }
    }

    @Override
    public void add(MemorySegment x, MemorySegment y, int n) {
        long xs = Native.at(x, (long) n * BYTES);
        long ys = Native.at(y, (long) n * BYTES);
        int i = 0;
        for (; i <= n - L; i += L) {
            load(ys, i).add(load(xs, i)).intoMemorySegment(Native.ALL, ys + (long) i * BYTES, ORDER);
        }
        if (i < n) {
            storeUpTo(loadUpTo(ys, i, n).add(loadUpTo(xs, i, n)), ys, i, n);
        }
    }

    @Override
    public void multiply(MemorySegment x, MemorySegment y, int n) {
        long xs = Native.at(x, (long) n * BYTES);
        long ys = Native.at(y, (long) n * BYTES);
        int i = 0;
        for (; i <= n - L; i += L) {
            load(ys, i).mul(load(xs, i)).intoMemorySegment(Native.ALL, ys + (long) i * BYTES, ORDER);
        }
        if (i < n) {
            storeUpTo(loadUpTo(ys, i, n).mul(loadUpTo(xs, i, n)), ys, i, n);
        }
    }

    private static DoubleVector load(long x, long i) {
        return DoubleVector.fromMemorySegment(SPECIES, Native.ALL, x + i * BYTES, ORDER);
    }

    /** Elements i, i + 1, ... below {@code end}; zeros from there on. */
    private static DoubleVector loadUpTo(long x, long i, long end) {
        return DoubleVector.fromMemorySegment(SPECIES, Native.ALL, x + i * BYTES, ORDER, SPECIES.indexInRange(i, end));
    }

    private static void storeUpTo(DoubleVector v, long y, long i, long end) {
        v.intoMemorySegment(Native.ALL, y + i * BYTES, ORDER, SPECIES.indexInRange(i, end));
    }
}
