package dev.seiche.kernels.cpu.gemm;

import static java.lang.foreign.ValueLayout.JAVA_DOUBLE;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Random;

/** Random operands for a {@link GemmShape} in f32 or f64, and the product by three loops in double. */
public final class NaiveGemm {
    private final GemmShape s;
    private final boolean f32;
    private final MemorySegment a;
    private final MemorySegment b;
    private final MemorySegment c;
    private final double[] before;

    /** Normal values; C holds NaN where it is only written. */
    public NaiveGemm(GemmShape s, boolean f32, long seed, Arena arena) {
        this.s = s;
        this.f32 = f32;
        Random random = new Random(seed);
        a = filled(extent(s.transposeA() ? s.k() : s.m(), s.lda(), s.strideA()), random, arena);
        b = filled(extent(s.transposeB() ? s.n() : s.k(), s.ldb(), s.strideB()), random, arena);
        c = filled(extent(s.m(), s.ldc(), s.strideC()), random, arena);
        if (!s.accumulate()) {
            forEachResult((at, terms) -> set(c, at, Double.NaN));
        }
        before = new double[(int) (c.byteSize() / bytes())];
        for (int i = 0; i < before.length; i++) {
            before[i] = get(c, i);
        }
    }

    public MemorySegment a() {
        return a;
    }

    public MemorySegment b() {
        return b;
    }

    public MemorySegment c() {
        return c;
    }

    private int bytes() {
        return f32 ? Float.BYTES : Double.BYTES;
    }

    /** Whole rows and strides, so more than the product reaches when there are gaps. */
    private long extent(int rows, long leading, long stride) {
        return stride * Math.max(0, s.batch() - 1) + rows * leading;
    }

    private MemorySegment filled(long elements, Random random, Arena arena) {
        MemorySegment segment = arena.allocate(elements * bytes(), 64);
        for (long i = 0; i < elements; i++) {
            set(segment, i, random.nextGaussian());
        }
        return segment;
    }

    private double get(MemorySegment segment, long i) {
        return f32 ? segment.getAtIndex(JAVA_FLOAT, i) : segment.getAtIndex(JAVA_DOUBLE, i);
    }

    private void set(MemorySegment segment, long i, double value) {
        if (f32) {
            segment.setAtIndex(JAVA_FLOAT, i, (float) value);
        } else {
            segment.setAtIndex(JAVA_DOUBLE, i, value);
        }
    }

    private interface Result {
        void at(long index, int[] batchRowColumn);
    }

    private void forEachResult(Result result) {
        for (int q = 0; q < s.batch(); q++) {
            for (int i = 0; i < s.m(); i++) {
                for (int j = 0; j < s.n(); j++) {
                    result.at(q * s.strideC() + i * s.ldc() + j, new int[] {q, i, j});
                }
            }
        }
    }

    /**
     * The largest error of C, over what rounding explains: at most 1 for a correct product.
     *
     * <p>Summing k products in any order, fused or not, errs by at most {@code gamma(k) |a| |b|}, with
     * {@code gamma(k) = k u / (1 - k u)} (Higham, "Accuracy and Stability of Numerical Algorithms", 3.5); adding to C is
     * one step more. In f64 the loop here errs as much, hence twice that.
     */
    public double worstError() {
        double u = f32 ? 0x1p-24 : 0x1p-53;
        int steps = s.k() + 1;
        double gamma = steps * u / (1 - steps * u) * (f32 ? 1.001 : 2);
        double[] worst = {0};
        forEachResult((at, place) -> {
            double sum = s.accumulate() ? before[(int) at] : 0;
            double size = Math.abs(sum);
            for (int p = 0; p < s.k(); p++) {
                double term = elementA(place[0], place[1], p) * elementB(place[0], p, place[2]);
                sum += term;
                size += Math.abs(term);
            }
            double error = Math.abs(get(c, at) - sum);
            double allowed = gamma * size;
            if (!(error <= allowed)) { // NaN too
                worst[0] = Math.max(worst[0], allowed == 0 || Double.isNaN(error) ? Double.MAX_VALUE : error / allowed);
            }
        });
        return worst[0];
    }

    private double elementA(int q, int i, int p) {
        return get(a, q * s.strideA() + (s.transposeA() ? p * s.lda() + i : i * s.lda() + p));
    }

    private double elementB(int q, int p, int j) {
        return get(b, q * s.strideB() + (s.transposeB() ? j * s.ldb() + p : p * s.ldb() + j));
    }

    /** True when every element of the C segment that is no result is as it was. */
    public boolean gapsAreUntouched() {
        boolean[] result = new boolean[before.length];
        forEachResult((at, place) -> result[(int) at] = true);
        for (int i = 0; i < before.length; i++) {
            if (!result[i] && Double.compare(get(c, i), before[i]) != 0) {
                return false;
            }
        }
        return true;
    }
}
