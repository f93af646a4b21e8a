package dev.seiche.kernels.cpu;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;

import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/** {@link Lanes} of f32. Its double twin is {@link F64Lanes}. */
final class F32Lanes implements Lanes {
    /** Partial sums of a block, a multiple of every vector width. */
    private static final int LANES = 64;

    private static final VectorSpecies<Float> SPECIES =
            FloatVector.SPECIES_PREFERRED.length() <= 16 ? FloatVector.SPECIES_PREFERRED : FloatVector.SPECIES_512;
    private static final VectorSpecies<Double> WIDE = SPECIES.withLanes(double.class);
    private static final int L = SPECIES.length();
    private static final ByteOrder ORDER = ByteOrder.nativeOrder();

    @Override
    public double sum(MemorySegment x, int n) {
        if (n < LANES) {
            double sum = 0;
            for (int i = 0; i < n; i++) {
                sum += x.getAtIndex(JAVA_FLOAT, i);
            }
            return sum;
        }
        float[] lanes = new float[LANES];
        for (int lane = 0; lane < LANES; lane += 4 * L) {
            sumLanes(x.asSlice(0, (long) n * Float.BYTES), lane, n, lanes);
        }
        double[] wide = new double[LANES];
        for (int i = 0; i < LANES; i++) {
            wide[i] = lanes[i];
        }
        return Lanes.tree(wide);
    }

    /** Lane i sums elements i, i + 64, i + 128, ...: here for the lanes of four vectors. */
    private static void sumLanes(MemorySegment x, int lane, int n, float[] lanes) {
        FloatVector s0 = FloatVector.zero(SPECIES);
        FloatVector s1 = s0;
        FloatVector s2 = s0;
        FloatVector s3 = s0;
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
        MemorySegment xs = x.asSlice(0, (long) n * Float.BYTES);
        FloatVector top = FloatVector.broadcast(SPECIES, Float.NEGATIVE_INFINITY);
        int whole = SPECIES.loopBound(n);
        for (int i = 0; i < whole; i += L) {
            top = top.max(load(xs, i));
        }
        if (whole < n) {
            VectorMask<Float> rest = SPECIES.indexInRange(whole, n);
            top = top.blend(top.max(loadUpTo(xs, whole, n)), rest);
        }
        return top.reduceLanes(VectorOperators.MAX);
    }

    @Override
    public void addColumns(MemorySegment x, int rows, long stride, int columns, MemorySegment sums) {
        int c = 0;
        for (; c <= columns - 4 * L; c += 4 * L) {
            addStrip(x.asSlice((long) c * Float.BYTES), rows, stride, sums.asSlice((long) c * Double.BYTES));
        }
        for (; c < columns; c += L) {
            FloatVector sum = FloatVector.zero(SPECIES);
            for (int r = 0; r < rows; r++) {
                sum = sum.add(loadUpTo(x, r * stride + c, r * stride + columns));
            }
            widen(sum, sums.asSlice((long) c * Double.BYTES));
        }
    }

    private static void addStrip(MemorySegment x, int rows, long stride, MemorySegment sums) {
        FloatVector s0 = FloatVector.zero(SPECIES);
        FloatVector s1 = s0;
        FloatVector s2 = s0;
        FloatVector s3 = s0;
        for (int r = 0; r < rows; r++) {
            MemorySegment row = x.asSlice(r * stride * Float.BYTES, 4L * L * Float.BYTES);
            s0 = s0.add(load(row, 0));
            s1 = s1.add(load(row, L));
            s2 = s2.add(load(row, 2L * L));
            s3 = s3.add(load(row, 3L * L));
        }
        widen(s0, sums);
        widen(s1, sums.asSlice((long) L * Double.BYTES));
        widen(s2, sums.asSlice(2L * L * Double.BYTES));
        widen(s3, sums.asSlice(3L * L * Double.BYTES));
    }

    private static void widen(FloatVector sum, MemorySegment sums) {
        for (int part = 0; part < 2; part++) {
            long at = (long) part * WIDE.vectorByteSize();
            DoubleVector half = (DoubleVector) sum.convertShape(VectorOperators.F2D, WIDE, part);
            DoubleVector.fromMemorySegment(WIDE, sums, at, ORDER).add(half).intoMemorySegment(sums, at, ORDER);
        }
    }

    @Override
    public void maxColumns(MemorySegment x, int rows, long stride, int columns, MemorySegment y) {
        for (int c = 0; c < columns; c += L) {
            FloatVector top = loadUpTo(x, c, columns);
            for (int r = 1; r < rows; r++) {
                top = top.max(loadUpTo(x, r * stride + c, r * stride + columns));
            }
            storeUpTo(top, y, c, columns);
        }
    }

    @Override
    public void expMinus(MemorySegment x, double shift, MemorySegment y, int n) {
        FloatVector all = FloatVector.broadcast(SPECIES, (float) shift);
        MemorySegment xs = x.asSlice(0, (long) n * Float.BYTES);
        MemorySegment ys = y.asSlice(0, (long) n * Float.BYTES);
        int whole = SPECIES.loopBound(n);
        for (int i = 0; i < whole; i += L) {
            F32Math.exp(load(xs, i).sub(all)).intoMemorySegment(ys, (long) i * Float.BYTES, ORDER);
        }
        if (whole < n) {
            storeUpTo(F32Math.exp(loadUpTo(xs, whole, n).sub(all)), ys, whole, n);
        }
    }

    @Override
    public void minus(MemorySegment x, double first, double second, MemorySegment y, int n) {
        for (int i = 0; i < n; i += L) {
            storeUpTo(loadUpTo(x, i, n).sub((float) first).sub((float) second), y, i, n);
        }
    }

    @Override
    public void divide(MemorySegment x, double divisor, MemorySegment y, int n) {
        for (int i = 0; i < n; i += L) {
            storeUpTo(loadUpTo(x, i, n).div((float) divisor), y, i, n);
        }
    }

    @Override
    public void add(MemorySegment x, MemorySegment y, int n) {
        MemorySegment xs = x.asSlice(0, (long) n * Float.BYTES);
        MemorySegment ys = y.asSlice(0, (long) n * Float.BYTES);
        int whole = SPECIES.loopBound(n);
        for (int i = 0; i < whole; i += L) {
            load(ys, i).add(load(xs, i)).intoMemorySegment(ys, (long) i * Float.BYTES, ORDER);
        }
        if (whole < n) {
            storeUpTo(loadUpTo(ys, whole, n).add(loadUpTo(xs, whole, n)), ys, whole, n);
        }
    }

    private static FloatVector load(MemorySegment x, long i) {
        return FloatVector.fromMemorySegment(SPECIES, x, i * Float.BYTES, ORDER);
    }

    /** Elements i, i + 1, ... below {@code end}; zeros from there on. */
    private static FloatVector loadUpTo(MemorySegment x, long i, long end) {
        return FloatVector.fromMemorySegment(SPECIES, x, i * Float.BYTES, ORDER, SPECIES.indexInRange(i, end));
    }

    private static void storeUpTo(FloatVector v, MemorySegment y, long i, long end) {
        v.intoMemorySegment(y, i * Float.BYTES, ORDER, SPECIES.indexInRange(i, end));
    }
}
