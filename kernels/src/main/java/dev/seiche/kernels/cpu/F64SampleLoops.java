package dev.seiche.kernels.cpu;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/** {@link SampleLoops} of f64. Its twin is {@link F32SampleLoops}. */
final class F64SampleLoops implements SampleLoops {
    private static final VectorSpecies<Double> SPECIES =
            DoubleVector.SPECIES_PREFERRED.length() <= 8 ? DoubleVector.SPECIES_PREFERRED : DoubleVector.SPECIES_512;
    private static final int L = SPECIES.length();
    private static final int BYTES = Double.BYTES;
    private static final ByteOrder ORDER = ByteOrder.nativeOrder();

    @Override
    public double squares(MemorySegment x, long n) {
        long xs = Native.at(x, n * BYTES);
        double sum = 0;
        for (long start = 0; start < n; start += BLOCK) {
            sum += block(xs + start * BYTES, (int) Math.min(BLOCK, n - start));
        }
        return sum;
    }

    private static double block(long x, int n) {
        double[] lanes = new double[LANES];
        for (int lane = 0; lane < LANES; lane += 4 * L) {
            squareLanes(x, lane, n, lanes);
        }
        return Lanes.tree(lanes);
    }

    /** Lane i sums the squares of elements i, i + 64, i + 128, ...: here for the lanes of four vectors. */
    private static void squareLanes(long x, int lane, int n, double[] lanes) {
        DoubleVector s0 = DoubleVector.zero(SPECIES);
        DoubleVector s1 = s0;
        DoubleVector s2 = s0;
        DoubleVector s3 = s0;
        int i = lane;
        for (int whole = n - LANES + lane; i <= whole; i += LANES) {
            s0 = addSquare(load(x, i), s0);
            s1 = addSquare(load(x, i + L), s1);
            s2 = addSquare(load(x, i + 2 * L), s2);
            s3 = addSquare(load(x, i + 3 * L), s3);
        }
        addSquare(loadUpTo(x, i, n), s0).intoArray(lanes, lane);
        addSquare(loadUpTo(x, i + L, n), s1).intoArray(lanes, lane + L);
        addSquare(loadUpTo(x, i + 2 * L, n), s2).intoArray(lanes, lane + 2 * L);
        addSquare(loadUpTo(x, i + 3 * L, n), s3).intoArray(lanes, lane + 3 * L);
    }

    private static DoubleVector addSquare(DoubleVector x, DoubleVector sum) {
        return x.fma(x, sum);
    }

    @Override
    public void moments(
            MemorySegment x,
            MemorySegment centre,
            MemorySegment sums,
            MemorySegment squares,
            MemorySegment signs,
            int n) {
        long bytes = (long) n * BYTES;
        long xs = Native.at(x, bytes);
        boolean centred = centre.byteSize() > 0;
        long c = centred ? Native.at(centre, bytes) : 0;
        long s1 = Native.at(sums, bytes);
        long s2 = Native.at(squares, bytes);
        long s3 = Native.at(signs, bytes);
        for (int i = 0; i < n; i += L) {
            DoubleVector g = loadUpTo(xs, i, n);
            DoubleVector apart = centred ? g.sub(loadUpTo(c, i, n)) : g;
            storeUpTo(loadUpTo(s1, i, n).add(apart), s1, i, n);
            storeUpTo(apart.fma(apart, loadUpTo(s2, i, n)), s2, i, n);
            DoubleVector sign = loadUpTo(s3, i, n);
            sign = sign.add(1.0, g.compare(VectorOperators.GT, 0.0));
            sign = sign.sub(1.0, g.compare(VectorOperators.LT, 0.0));
            storeUpTo(sign, s3, i, n);
        }
    }

    @Override
    public void sketch(MemorySegment x, MemorySegment places, MemorySegment buckets, int n) {
        long xs = Native.at(x, (long) n * BYTES);
        long at = Native.at(places, (long) n * Integer.BYTES);
        long to = Native.at(buckets, 0);
        for (int i = 0; i < n; i++) {
            int place = Native.ALL.get(ValueLayout.JAVA_INT, at + (long) i * Integer.BYTES);
            double g = Native.ALL.get(ValueLayout.JAVA_DOUBLE, xs + (long) i * BYTES);
            long bucket = to + (long) (place >> 1) * BYTES;
            double sum = Native.ALL.get(ValueLayout.JAVA_DOUBLE, bucket) + ((place & 1) == 0 ? g : -g);
            Native.ALL.set(ValueLayout.JAVA_DOUBLE, bucket, sum);
        }
    }

    @Override
    public void join(
            MemorySegment left, MemorySegment right, long stride, TapWindows taps, int columns, MemorySegment sums) {
        long xs = left.address();
        long ys = right.address();
        long to = Native.at(sums, (long) Math.ceilDiv(columns, L) * L * BYTES);
        for (int c = 0; c < columns; c += L) {
            joinColumns(xs + (long) c * BYTES, ys + (long) c * BYTES, stride * BYTES, taps, c)
                    .intoMemorySegment(Native.ALL, to + (long) c * BYTES, ORDER);
        }
    }

    private static DoubleVector joinColumns(long left, long right, long stride, TapWindows taps, int c) {
        DoubleVector sum = DoubleVector.zero(SPECIES);
        for (int s = 0; s < taps.positions(); s++) {
            DoubleVector under = DoubleVector.zero(SPECIES);
            for (int tap : taps.atRow(s)) {
                int offset = taps.offset(tap);
                long at = left + (s + offset) * stride + (long) offset * BYTES;
                VectorMask<Double> allowed = VectorMask.fromLong(SPECIES, taps.atColumns(tap, c));
                under = under.add(DoubleVector.fromMemorySegment(SPECIES, Native.ALL, at, ORDER, allowed));
            }
            sum = under.fma(DoubleVector.fromMemorySegment(SPECIES, Native.ALL, right + s * stride, ORDER), sum);
        }
        return sum;
    }

    @Override
    public void addRuns(MemorySegment x, int run, int runs, double[] sums, int at) {
        long from = Native.at(x, (long) run * runs * BYTES);
        for (int c = 0; c < runs; c++) {
            double sum = 0;
            for (int i = 0; i < run; i++) {
                sum += Native.ALL.get(ValueLayout.JAVA_DOUBLE, from + ((long) c * run + i) * BYTES);
            }
            sums[at + c] += sum;
        }
    }

    @Override
    public void set(MemorySegment x, long i, double value) {
        x.setAtIndex(ValueLayout.JAVA_DOUBLE, i, value);
    }

    @Override
    public void setAll(MemorySegment x, long first, long step, double[] values, int at, int n) {
        if (n <= 0) {
            return;
        }
        long to = Native.at(x, (first + (n - 1) * step + 1) * BYTES) + first * BYTES;
        for (int k = 0; k < n; k++) {
            Native.ALL.set(ValueLayout.JAVA_DOUBLE, to + k * step * BYTES, values[at + k]);
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
