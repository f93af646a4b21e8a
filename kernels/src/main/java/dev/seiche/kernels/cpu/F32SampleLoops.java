package dev.seiche.kernels.cpu;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/** {@link SampleLoops} of f32. Its double twin is {@link F64SampleLoops}. */
final class F32SampleLoops implements SampleLoops {
    private static final VectorSpecies<Float> SPECIES =
            FloatVector.SPECIES_PREFERRED.length() <= 16 ? FloatVector.SPECIES_PREFERRED : FloatVector.SPECIES_512;
    private static final int L = SPECIES.length();
    private static final int BYTES = Float.BYTES;
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
        float[] lanes = new float[LANES];
        for (int lane = 0; lane < LANES; lane += 4 * L) {
            squareLanes(x, lane, n, lanes);
        }
        double[] wide = new double[LANES];
        for (int i = 0; i < LANES; i++) {
            wide[i] = lanes[i];
        }
        return Lanes.tree(wide);
    }

    /** Lane i sums the squares of elements i, i + 64, i + 128, ...: here for the lanes of four vectors. */
    private static void squareLanes(long x, int lane, int n, float[] lanes) {
        FloatVector s0 = FloatVector.zero(SPECIES);
        FloatVector s1 = s0;
        FloatVector s2 = s0;
        FloatVector s3 = s0;
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

    private static FloatVector addSquare(FloatVector x, FloatVector sum) {
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
            FloatVector g = loadUpTo(xs, i, n);
            FloatVector apart = centred ? g.sub(loadUpTo(c, i, n)) : g;
            storeUpTo(loadUpTo(s1, i, n).add(apart), s1, i, n);
            storeUpTo(apart.fma(apart, loadUpTo(s2, i, n)), s2, i, n);
            FloatVector sign = loadUpTo(s3, i, n);
            sign = sign.add(1f, g.compare(VectorOperators.GT, 0f));
            sign = sign.sub(1f, g.compare(VectorOperators.LT, 0f));
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
            int g = Native.ALL.get(ValueLayout.JAVA_INT, xs + (long) i * BYTES) ^ place << 31;
            long bucket = to + (long) (place >> 1) * BYTES;
            float sum = Native.ALL.get(ValueLayout.JAVA_FLOAT, bucket) + Float.intBitsToFloat(g);
            Native.ALL.set(ValueLayout.JAVA_FLOAT, bucket, sum);
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

    private static FloatVector joinColumns(long left, long right, long stride, TapWindows taps, int c) {
        FloatVector sum = FloatVector.zero(SPECIES);
        for (int s = 0; s < taps.positions(); s++) {
            FloatVector under = FloatVector.zero(SPECIES);
            for (int tap : taps.atRow(s)) {
                int offset = taps.offset(tap);
                long at = left + (s + offset) * stride + (long) offset * BYTES;
                VectorMask<Float> allowed = VectorMask.fromLong(SPECIES, taps.atColumns(tap, c));
                under = under.add(FloatVector.fromMemorySegment(SPECIES, Native.ALL, at, ORDER, allowed));
            }
            sum = under.fma(FloatVector.fromMemorySegment(SPECIES, Native.ALL, right + s * stride, ORDER), sum);
        }
        return sum;
    }

    @Override
    public void addRuns(MemorySegment x, int run, int runs, double[] sums, int at) {
        long from = Native.at(x, (long) run * runs * BYTES);
        for (int c = 0; c < runs; c++) {
            double sum = 0;
            for (int i = 0; i < run; i++) {
                sum += Native.ALL.get(ValueLayout.JAVA_FLOAT, from + ((long) c * run + i) * BYTES);
            }
            sums[at + c] += sum;
        }
    }

    @Override
    public void set(MemorySegment x, long i, double value) {
        x.setAtIndex(ValueLayout.JAVA_FLOAT, i, (float) value);
    }

    @Override
    public void setAll(MemorySegment x, long first, long step, double[] values, int at, int n) {
        if (n <= 0) {
            return;
        }
        long to = Native.at(x, (first + (n - 1) * step + 1) * BYTES) + first * BYTES;
        for (int k = 0; k < n; k++) {
            Native.ALL.set(ValueLayout.JAVA_FLOAT, to + k * step * BYTES, (float) values[at + k]);
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
