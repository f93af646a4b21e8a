package dev.seiche.metrics.gram;

import java.util.Map;

/**
 * What is kept of the cosines of many pairs of samples: how many, their mean, the extremes with their pairs, a histogram,
 * quantiles. Statistics of parts merge into that of the whole; sums are in f64 in the order of merging.
 */
public final class PairStatistics {
    /** Bins of the histogram, equally wide from -1 to 1. */
    public static final int BINS = 200;

    private final long[] histogram = new long[BINS];
    private final LogBuckets buckets;
    private long pairs;
    private long negative;
    private long undefined;
    private double sum;
    private double lowest = Double.POSITIVE_INFINITY;
    private double highest = Double.NEGATIVE_INFINITY;
    private Pair lowestPair = Pair.NONE;
    private Pair highestPair = Pair.NONE;

    /**
     * Two samples, by their places in the data.
     *
     * @param first below second; -1 and -1 where there is no pair
     */
    public record Pair(int first, int second) {
        static final Pair NONE = new Pair(-1, -1);
    }

    PairStatistics() {
        this(new LogBuckets());
    }

    private PairStatistics(LogBuckets buckets) {
        this.buckets = buckets;
    }

    /** Takes a pair in; one without a cosine, because a gradient has length 0, is only counted. */
    void add(double cosine, int first, int second) {
        if (Double.isNaN(cosine)) {
            undefined++;
            return;
        }
        pairs++;
        negative += cosine < 0 ? 1 : 0;
        sum += cosine;
        if (cosine < lowest) {
            lowest = cosine;
            lowestPair = new Pair(first, second);
        }
        if (cosine > highest) {
            highest = cosine;
            highestPair = new Pair(first, second);
        }
        histogram[Math.clamp((int) Math.floor((cosine + 1) * (BINS / 2)), 0, BINS - 1)]++;
        buckets.add(cosine);
    }

    /** Takes in those of other pairs. */
    void merge(PairStatistics other) {
        pairs += other.pairs;
        negative += other.negative;
        undefined += other.undefined;
        sum += other.sum;
        if (other.lowest < lowest) {
            lowest = other.lowest;
            lowestPair = other.lowestPair;
        }
        if (other.highest > highest) {
            highest = other.highest;
            highestPair = other.highestPair;
        }
        for (int b = 0; b < BINS; b++) {
            histogram[b] += other.histogram[b];
        }
        buckets.merge(other.buckets);
    }

    /** Pairs with a cosine. */
    public long pairs() {
        return pairs;
    }

    /** Pairs without one: a gradient has length 0. */
    public long undefined() {
        return undefined;
    }

    /** NaN without a pair. */
    public double mean() {
        return sum / pairs;
    }

    /** Share of pairs below 0; NaN without a pair. */
    public double negativeShare() {
        return (double) negative / pairs;
    }

    /** The smallest cosine: the gradient confusion of Sankararaman et al. 2020. NaN without a pair. */
    public double lowest() {
        return pairs == 0 ? Double.NaN : lowest;
    }

    /** The first pair, in the order of tiles, that has the smallest cosine. */
    public Pair lowestPair() {
        return lowestPair;
    }

    /** NaN without a pair. */
    public double highest() {
        return pairs == 0 ? Double.NaN : highest;
    }

    public Pair highestPair() {
        return highestPair;
    }

    /** A copy of the counts by bin. */
    public long[] histogram() {
        return histogram.clone();
    }

    /** A quantile, off by at most 1/128 of its value; see {@link LogBuckets#quantile}. */
    public double quantile(double q) {
        return buckets.quantile(q);
    }

    /** Puts everything into two maps, under names that begin with {@code prefix}. */
    void write(String prefix, Map<String, double[]> numbers, Map<String, long[]> counts) {
        numbers.put(prefix + "sum", new double[] {sum, lowest, highest});
        counts.put(prefix + "pairs", new long[] {
            pairs, negative, undefined, lowestPair.first, lowestPair.second, highestPair.first, highestPair.second
        });
        counts.put(prefix + "histogram", histogram.clone());
        counts.put(prefix + "buckets", buckets.written());
    }

    static PairStatistics read(String prefix, Map<String, double[]> numbers, Map<String, long[]> counts) {
        PairStatistics out = new PairStatistics(LogBuckets.read(TileSummary.require(counts, prefix + "buckets")));
        double[] sums = TileSummary.require(numbers, prefix + "sum");
        long[] whole = TileSummary.require(counts, prefix + "pairs");
        System.arraycopy(TileSummary.require(counts, prefix + "histogram"), 0, out.histogram, 0, BINS);
        out.sum = sums[0];
        out.lowest = sums[1];
        out.highest = sums[2];
        out.pairs = whole[0];
        out.negative = whole[1];
        out.undefined = whole[2];
        out.lowestPair = new Pair((int) whole[3], (int) whole[4]);
        out.highestPair = new Pair((int) whole[5], (int) whole[6]);
        return out;
    }
}
