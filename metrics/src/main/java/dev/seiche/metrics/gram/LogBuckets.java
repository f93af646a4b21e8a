package dev.seiche.metrics.gram;

import java.util.Arrays;

/**
 * Counts of numbers in buckets that are a 64th of a power of two wide, for quantiles of any number of values in fixed memory.
 * A quantile is the middle of the bucket that holds the value of that rank, so it is off by at most 1/128 of the value.
 * Counts add up, so sketches of parts merge into that of the whole, in any order, exactly.
 *
 * <p>Made for cosines: magnitudes from 2^-24, below which a cosine of f32 gradients is rounding, to 2. Smaller ones count as
 * 0, larger ones as the largest.
 */
public final class LogBuckets {
    private static final int PARTS_BITS = 6;
    private static final int SHIFT = 52 - PARTS_BITS;
    private static final int LOWEST_EXPONENT = -24;
    private static final long LOWEST = Double.doubleToRawLongBits(Math.scalb(1.0, LOWEST_EXPONENT)) >>> SHIFT;

    /** Buckets of one sign. */
    private static final int SIZE = (1 - LOWEST_EXPONENT) << PARTS_BITS;

    /** The negative ones by falling magnitude, zero, the positive ones by growing magnitude. */
    private final long[] counts = new long[2 * SIZE + 1];

    private long total;

    /** Counts one number, which is not NaN. */
    public void add(double x) {
        counts[bucket(x)]++;
        total++;
    }

    private static int bucket(double x) {
        long at = (Double.doubleToRawLongBits(Math.abs(x)) >>> SHIFT) - LOWEST;
        if (at < 0) {
            return SIZE;
        }
        int magnitude = (int) Math.min(at, SIZE - 1);
        return x < 0 ? SIZE - 1 - magnitude : SIZE + 1 + magnitude;
    }

    private static double middle(int bucket) {
        if (bucket == SIZE) {
            return 0;
        }
        int magnitude = bucket < SIZE ? SIZE - 1 - bucket : bucket - SIZE - 1;
        double low = Double.longBitsToDouble((LOWEST + magnitude) << SHIFT);
        double high = Double.longBitsToDouble((LOWEST + magnitude + 1) << SHIFT);
        return (bucket < SIZE ? -1 : 1) * (low + high) / 2;
    }

    /** Adds the counts of another. */
    public void merge(LogBuckets other) {
        for (int b = 0; b < counts.length; b++) {
            counts[b] += other.counts[b];
        }
        total += other.total;
    }

    /** How many numbers. */
    public long total() {
        return total;
    }

    /**
     * The value of rank {@code floor(q (n - 1))} of n, from 0; NaN of none.
     *
     * @param q in [0, 1]
     */
    public double quantile(double q) {
        if (!(q >= 0 && q <= 1)) {
            throw new IllegalArgumentException("quantile: " + q + " is not in [0, 1]");
        }
        if (total == 0) {
            return Double.NaN;
        }
        long rank = (long) Math.floor(q * (total - 1));
        long below = 0;
        for (int b = 0; b < counts.length; b++) {
            below += counts[b];
            if (below > rank) {
                return middle(b);
            }
        }
        throw new AssertionError("fewer numbers than were counted");
    }

    /** Pairs of a bucket's number and its count, for those that hold something. */
    long[] written() {
        long[] out = new long[2 * (int) Arrays.stream(counts).filter(c -> c > 0).count()];
        int at = 0;
        for (int b = 0; b < counts.length; b++) {
            if (counts[b] > 0) {
                out[at++] = b;
                out[at++] = counts[b];
            }
        }
        return out;
    }

    static LogBuckets read(long[] written) {
        LogBuckets buckets = new LogBuckets();
        for (int at = 0; at < written.length; at += 2) {
            buckets.counts[(int) written[at]] = written[at + 1];
            buckets.total += written[at + 1];
        }
        return buckets;
    }
}
