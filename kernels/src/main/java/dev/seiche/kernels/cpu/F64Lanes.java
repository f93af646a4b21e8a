package dev.seiche.kernels.cpu;

import static java.lang.foreign.ValueLayout.JAVA_DOUBLE;

import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/** {@link Lanes} of f64: {@link F32Lanes} in double. */
final class F64Lanes implements Lanes {
    /** Partial sums of a block, a multiple of every vector width. */
    private static final int LANES = 32;

    private static final VectorSpecies<Double> SPECIES =
            DoubleVector.SPECIES_PREFERRED.length() <= 8 ? DoubleVector.SPECIES_PREFERRED : DoubleVector.SPECIES_512;
    private static final int L = SPECIES.length();
    private static final ByteOrder ORDER = ByteOrder.nativeOrder();

    @Override
    public double sum(MemorySegment x, int n) {
        if (n < LANES) {
            double sum = 0;
            for (int i = 0; i < n; i++) {
                sum += x.getAtIndex(JAVA_DOUBLE, i);
            }
            return sum;
        }
        double[] lanes = new double[LANES];
        for (int lane = 0; lane < LANES; lane += 4 * L) {
            sumLanes(x.asSlice(0, (long) n * Double.BYTES), lane, n, lanes);
        }
        return Lanes.tree(lanes);
    }

    /** Lane i sums elements i, i + 32, i + 64, ...: here for the lanes of four vectors. */
    private static void sumLanes(MemorySegment x, int lane, int n, double[] lanes) {
        DoubleVector s0 = DoubleVector.zero(SPECIES);
        DoubleVector s1 = s0;
        DoubleVector s2 = s0;
        DoubleVector s3 = s0;
        int i = lane;
        for (int whole = n - LANES; i <= whole + lane; i += LANES) {
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
    public double max(MemorySegment x, int n) {
        MemorySegment xs = x.asSlice(0, (long) n * Double.BYTES);
        DoubleVector top = DoubleVector.broadcast(SPECIES, Double.NEGATIVE_INFINITY);
        int whole = SPECIES.loopBound(n);
        for (int i = 0; i < whole; i += L) {
            top = top.max(load(xs, i));
        }
        if (whole < n) {
            VectorMask<Double> rest = SPECIES.indexInRange(whole, n);
            top = top.blend(top.max(loadUpTo(xs, whole, n)), rest);
        }
        return top.reduceLanes(VectorOperators.MAX);
    }

    @Override
    public void addColumns(MemorySegment x, int rows, long stride, int columns, MemorySegment sums) {
        int c = 0;
        for (; c <= columns - 4 * L; c += 4 * L) {
            addStrip(x.asSlice((long) c * Double.BYTES), rows, stride, sums.asSlice((long) c * Double.BYTES));
        }
        for (; c < columns; c += L) {
            DoubleVector sum = DoubleVector.zero(SPECIES);
            for (int r = 0; r < rows; r++) {
                sum = sum.add(loadUpTo(x, r * stride + c, r * stride + columns));
            }
            addTo(sum, sums.asSlice((long) c * Double.BYTES));
        }
    }

    private static void addStrip(MemorySegment x, int rows, long stride, MemorySegment sums) {
        DoubleVector s0 = DoubleVector.zero(SPECIES);
        DoubleVector s1 = s0;
        DoubleVector s2 = s0;
        DoubleVector s3 = s0;
        for (int r = 0; r < rows; r++) {
            MemorySegment row = x.asSlice(r * stride * Double.BYTES, 4L * L * Double.BYTES);
            s0 = s0.add(load(row, 0));
            s1 = s1.add(load(row, L));
            s2 = s2.add(load(row, 2L * L));
            s3 = s3.add(load(row, 3L * L));
        }
        addTo(s0, sums);
        addTo(s1, sums.asSlice((long) L * Double.BYTES));
        addTo(s2, sums.asSlice(2L * L * Double.BYTES));
        addTo(s3, sums.asSlice(3L * L * Double.BYTES));
    }

    private static void addTo(DoubleVector sum, MemorySegment sums) {
        load(sums, 0).add(sum).intoMemorySegment(sums, 0, ORDER);
    }

    @Override
    public void maxColumns(MemorySegment x, int rows, long stride, int columns, MemorySegment y) {
        for (int c = 0; c < columns; c += L) {
            DoubleVector top = loadUpTo(x, c, columns);
            for (int r = 1; r < rows; r++) {
                top = top.max(loadUpTo(x, r * stride + c, r * stride + columns));
            }
            storeUpTo(top, y, c, columns);
        }
    }

    @Override
    public void expMinus(MemorySegment x, double shift, MemorySegment y, int n) {
        DoubleVector all = DoubleVector.broadcast(SPECIES, shift);
        MemorySegment xs = x.asSlice(0, (long) n * Double.BYTES);
        MemorySegment ys = y.asSlice(0, (long) n * Double.BYTES);
        int whole = SPECIES.loopBound(n);
        for (int i = 0; i < whole; i += L) {
            F64Math.exp(load(xs, i).sub(all)).intoMemorySegment(ys, (long) i * Double.BYTES, ORDER);
        }
        if (whole < n) {
            storeUpTo(F64Math.exp(loadUpTo(xs, whole, n).sub(all)), ys, whole, n);
        }
    }

    @Override
    public void minus(MemorySegment x, double first, double second, MemorySegment y, int n) {
        for (int i = 0; i < n; i += L) {
            storeUpTo(loadUpTo(x, i, n).sub(first).sub(second), y, i, n);
        }
    }

    @Override
    public void divide(MemorySegment x, double divisor, MemorySegment y, int n) {
        for (int i = 0; i < n; i += L) {
            storeUpTo(loadUpTo(x, i, n).div(divisor), y, i, n);
        }
    }

    @Override
    public void add(MemorySegment x, MemorySegment y, int n) {
        MemorySegment xs = x.asSlice(0, (long) n * Double.BYTES);
        MemorySegment ys = y.asSlice(0, (long) n * Double.BYTES);
        int whole = SPECIES.loopBound(n);
        for (int i = 0; i < whole; i += L) {
            load(ys, i).add(load(xs, i)).intoMemorySegment(ys, (long) i * Double.BYTES, ORDER);
        }
        if (whole < n) {
            storeUpTo(loadUpTo(ys, whole, n).add(loadUpTo(xs, whole, n)), ys, whole, n);
        }
    }

    private static DoubleVector load(MemorySegment x, long i) {
        return DoubleVector.fromMemorySegment(SPECIES, x, i * Double.BYTES, ORDER);
    }

    /** Elements i, i + 1, ... below {@code end}; zeros from there on. */
    private static DoubleVector loadUpTo(MemorySegment x, long i, long end) {
        return DoubleVector.fromMemorySegment(SPECIES, x, i * Double.BYTES, ORDER, SPECIES.indexInRange(i, end));
    }

    private static void storeUpTo(DoubleVector v, MemorySegment y, long i, long end) {
        v.intoMemorySegment(y, i * Double.BYTES, ORDER, SPECIES.indexInRange(i, end));
    }
}
