package dev.seiche.kernels.cpu;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorSpecies;

/** {@link Lanes} of f32. Its double twin is {@link F64Lanes}. */
final class F32Lanes implements Lanes {
    /** Partial sums of a block, a multiple of every vector width. */
    private static final int LANES = 64;

    private static final VectorSpecies<Float> SPECIES =
            FloatVector.SPECIES_PREFERRED.length() <= 16 ? FloatVector.SPECIES_PREFERRED : FloatVector.SPECIES_512;
    private static final VectorSpecies<Double> WIDE = SPECIES.withLanes(double.class);

    /** As many singles as a wide vector has doubles. */
    private static final VectorSpecies<Float> HALF =
            VectorSpecies.of(float.class, VectorShape.forBitSize(WIDE.vectorBitSize() / 2));

    private static final int L = SPECIES.length();
    private static final int BYTES = Float.BYTES;
    private static final ByteOrder ORDER = ByteOrder.nativeOrder();

    @Override
    public double sum(MemorySegment x, int n) {
        long xs = Native.at(x, (long) n * BYTES);
        if (n < LANES) {
            double sum = 0;
            for (int i = 0; i < n; i++) {
                sum += Native.ALL.get(ValueLayout.JAVA_FLOAT, xs + (long) i * BYTES);
            }
            return sum;
        }
        float[] lanes = new float[LANES];
        for (int lane = 0; lane < LANES; lane += 4 * L) {
            sumLanes(xs, lane, n, lanes);
        }
        double[] wide = new double[LANES];
        for (int i = 0; i < LANES; i++) {
            wide[i] = lanes[i];
        }
        return Lanes.tree(wide);
    }

    /** Lane i sums elements i, i + 64, i + 128, ...: here for the lanes of four vectors. */
    private static void sumLanes(long x, int lane, int n, float[] lanes) {
        FloatVector s0 = FloatVector.zero(SPECIES);
        FloatVector s1 = s0;
        FloatVector s2 = s0;
        FloatVector s3 = s0;
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
                sum += (double) Native.ALL.get(ValueLayout.JAVA_FLOAT, as + at)
                        * Native.ALL.get(ValueLayout.JAVA_FLOAT, bs + at);
            }
            return sum;
        }
        float[] lanes = new float[LANES];
        for (int lane = 0; lane < LANES; lane += L) {
            FloatVector sum = FloatVector.zero(SPECIES);
            int i = lane;
            for (int whole = n - LANES + lane; i <= whole; i += LANES) {
                sum = load(as, i).fma(load(bs, i), sum);
            }
            loadUpTo(as, i, n).fma(loadUpTo(bs, i, n), sum).intoArray(lanes, lane);
        }
        double[] wide = new double[LANES];
        for (int i = 0; i < LANES; i++) {
            wide[i] = lanes[i];
        }
        return Lanes.tree(wide);
    }

    @Override
    public double wideDot(MemorySegment a, MemorySegment b, int n) {
        long as = Native.at(a, (long) n * BYTES);
        long bs = Native.at(b, (long) n * BYTES);
        double[] lanes = new double[LANES];
        for (int lane = 0; lane < LANES; lane += 2 * WIDE.length()) {
            wideLanes(as, bs, lane, n, lanes);
        }
        return Lanes.tree(lanes);
    }

    /** Lane i sums products i, i + 64, i + 128, ...: here for the lanes of two wide vectors. */
    private static void wideLanes(long a, long b, int lane, int n, double[] lanes) {
        int next = WIDE.length();
        DoubleVector s0 = DoubleVector.zero(WIDE);
        DoubleVector s1 = s0;
        int i = lane;
        for (int whole = n - LANES + lane; i <= whole; i += LANES) {
            s0 = wide(a, i).fma(wide(b, i), s0);
            s1 = wide(a, i + next).fma(wide(b, i + next), s1);
        }
        wideUpTo(a, i, n).fma(wideUpTo(b, i, n), s0).intoArray(lanes, lane);
        wideUpTo(a, i + next, n).fma(wideUpTo(b, i + next, n), s1).intoArray(lanes, lane + next);
    }

    private static DoubleVector wide(long x, long i) {
        return (DoubleVector) FloatVector.fromMemorySegment(HALF, Native.ALL, x + i * BYTES, ORDER)
                .convertShape(VectorOperators.F2D, WIDE, 0);
    }

    private static DoubleVector wideUpTo(long x, long i, long end) {
        return (DoubleVector)
                FloatVector.fromMemorySegment(HALF, Native.ALL, x + i * BYTES, ORDER, HALF.indexInRange(i, end))
                        .convertShape(VectorOperators.F2D, WIDE, 0);
    }

    @Override
    public double max(MemorySegment x, int n) {
        long xs = Native.at(x, (long) n * BYTES);
        FloatVector m0 = FloatVector.broadcast(SPECIES, Float.NEGATIVE_INFINITY);
        FloatVector m1 = m0;
        int i = 0;
        for (; i <= n - 2 * L; i += 2 * L) {
            m0 = m0.max(load(xs, i));
            m1 = m1.max(load(xs, i + L));
        }
        for (; i < n; i += L) {
            m0 = m0.max(loadUpTo(xs, i, n)
                    .blend(Float.NEGATIVE_INFINITY, SPECIES.indexInRange(i, n).not()));
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
            FloatVector sum = FloatVector.zero(SPECIES);
            for (int r = 0; r < rows; r++) {
                sum = sum.add(loadUpTo(xs, r * stride + c, r * stride + columns));
            }
            addTo(sum, to + (long) c * Double.BYTES);
        }
    }

    private static void addStrip(long x, int rows, long stride, long sums) {
        FloatVector s0 = FloatVector.zero(SPECIES);
        FloatVector s1 = s0;
        FloatVector s2 = s0;
        FloatVector s3 = s0;
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

    private static void addTo(FloatVector sum, long sums) {
        for (int part = 0; part < 2; part++) {
            long at = sums + (long) part * WIDE.vectorByteSize();
            DoubleVector half = (DoubleVector) sum.convertShape(VectorOperators.F2D, WIDE, part);
            DoubleVector.fromMemorySegment(WIDE, Native.ALL, at, ORDER)
                    .add(half)
                    .intoMemorySegment(Native.ALL, at, ORDER);
        }
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
            FloatVector ma = loadUpTo(ca, c, columns);
            FloatVector mb = loadUpTo(cb, c, columns);
            FloatVector sum = FloatVector.zero(SPECIES);
            for (int r = 0; r < rows; r++) {
                long at = (long) r * columns;
                FloatVector da = loadUpTo(as, at + c, at + columns).sub(ma);
                sum = da.fma(loadUpTo(bs, at + c, at + columns).sub(mb), sum);
            }
            addTo(sum, to + (long) c * Double.BYTES);
        }
    }

    private static void addProductStrip(long a, long centreA, long b, long centreB, int rows, int columns, long sums) {
        FloatVector s0 = FloatVector.zero(SPECIES);
        FloatVector s1 = s0;
        FloatVector s2 = s0;
        FloatVector s3 = s0;
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

    private static FloatVector product(long a, long centreA, long b, long centreB, long i, FloatVector sum) {
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
                FloatVector off = loadUpTo(xs, c, columns).sub(loadUpTo(means, c, columns));
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
                FloatVector off = load(xs, c).sub(load(means, c)).mul(load(bends, c));
                load(slopes, c)
                        .sub(load(shifts, c))
                        .sub(off)
                        .mul(load(factors, c))
                        .intoMemorySegment(Native.ALL, to + (long) c * BYTES, ORDER);
            }
            if (c < columns) {
                FloatVector off = loadUpTo(xs, c, columns).sub(loadUpTo(means, c, columns));
                FloatVector rest = loadUpTo(slopes, c, columns)
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
            FloatVector top = loadUpTo(xs, c, columns);
            for (int r = 1; r < rows; r++) {
                top = top.max(loadUpTo(xs, r * stride + c, r * stride + columns));
            }
            storeUpTo(top, ys, c, columns);
        }
    }

    @Override
    public void expMinus(MemorySegment x, double shift, MemorySegment y, int n) {
        FloatVector all = FloatVector.broadcast(SPECIES, (float) shift);
        long xs = Native.at(x, (long) n * BYTES);
        long ys = Native.at(y, (long) n * BYTES);
        // under a mask throughout: a second loop for the rest would double the code and stop it from being inlined
        for (int i = 0; i < n; i += L) {
            storeUpTo(F32Math.exp(loadUpTo(xs, i, n).sub(all)), ys, i, n);
        }
    }

    @Override
    public void minus(MemorySegment x, double first, double second, MemorySegment y, int n) {
        long xs = Native.at(x, (long) n * BYTES);
        long ys = Native.at(y, (long) n * BYTES);
        int i = 0;
        for (; i <= n - L; i += L) {
            load(xs, i)
                    .sub((float) first)
                    .sub((float) second)
                    .intoMemorySegment(Native.ALL, ys + (long) i * BYTES, ORDER);
        }
        if (i < n) {
            storeUpTo(loadUpTo(xs, i, n).sub((float) first).sub((float) second), ys, i, n);
        }
    }

    @Override
    public void divide(MemorySegment x, double divisor, MemorySegment y, int n) {
        long xs = Native.at(x, (long) n * BYTES);
        long ys = Native.at(y, (long) n * BYTES);
        int i = 0;
        for (; i <= n - L; i += L) {
            load(xs, i).div((float) divisor).intoMemorySegment(Native.ALL, ys + (long) i * BYTES, ORDER);
        }
        if (i < n) {
            storeUpTo(loadUpTo(xs, i, n).div((float) divisor), ys, i, n);
        }
    }

    @Override
    public void scale(MemorySegment x, double factor, MemorySegment y, int n) {
        long xs = Native.at(x, (long) n * BYTES);
        long ys = Native.at(y, (long) n * BYTES);
        int i = 0;
        for (; i <= n - L; i += L) {
            load(xs, i).mul((float) factor).intoMemorySegment(Native.ALL, ys + (long) i * BYTES, ORDER);
        }
        if (i < n) {
            storeUpTo(loadUpTo(xs, i, n).mul((float) factor), ys, i, n);
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

    private static FloatVector load(long x, long i) {
        return FloatVector.fromMemorySegment(SPECIES, Native.ALL, x + i * BYTES, ORDER);
    }

    /** Elements i, i + 1, ... below {@code end}; zeros from there on. */
    private static FloatVector loadUpTo(long x, long i, long end) {
        return FloatVector.fromMemorySegment(SPECIES, Native.ALL, x + i * BYTES, ORDER, SPECIES.indexInRange(i, end));
    }

    private static void storeUpTo(FloatVector v, long y, long i, long end) {
        v.intoMemorySegment(Native.ALL, y + i * BYTES, ORDER, SPECIES.indexInRange(i, end));
    }
}
