package dev.seiche.metrics.gram;

import java.util.Arrays;
import java.util.Map;

/** Cosines of pairs of samples by the classes of the two: count, mean and smallest. Symmetric; merges like the pairs do. */
public final class ClassBlocks {
    private final int classes;
    private final long[] counts;
    private final double[] sums;
    private final double[] lowest;

    ClassBlocks(int classes) {
        this.classes = classes;
        this.counts = new long[classes * classes];
        this.sums = new double[classes * classes];
        this.lowest = new double[classes * classes];
        Arrays.fill(lowest, Double.POSITIVE_INFINITY);
    }

    /** Both orders of two classes are one block. */
    private int at(int a, int b) {
        return Math.min(a, b) * classes + Math.max(a, b);
    }

    void add(int a, int b, double cosine) {
        if (!Double.isNaN(cosine)) {
            int at = at(a, b);
            counts[at]++;
            sums[at] += cosine;
            lowest[at] = Math.min(lowest[at], cosine);
        }
    }

    void merge(ClassBlocks other) {
        for (int at = 0; at < counts.length; at++) {
            counts[at] += other.counts[at];
            sums[at] += other.sums[at];
            lowest[at] = Math.min(lowest[at], other.lowest[at]);
        }
    }

    /** How many classes; 0 where samples have none. */
    public int classes() {
        return classes;
    }

    /** Pairs of one sample of class a and another of class b. */
    public long pairs(int a, int b) {
        return counts[at(a, b)];
    }

    /** Their mean cosine; NaN without a pair. */
    public double mean(int a, int b) {
        return sums[at(a, b)] / counts[at(a, b)];
    }

    /** Their smallest cosine; NaN without a pair. */
    public double lowest(int a, int b) {
        return counts[at(a, b)] == 0 ? Double.NaN : lowest[at(a, b)];
    }

    void write(String prefix, Map<String, double[]> numbers, Map<String, long[]> whole) {
        whole.put(prefix + "counts", counts.clone());
        numbers.put(prefix + "sums", sums.clone());
        numbers.put(prefix + "lowest", lowest.clone());
    }

    static ClassBlocks read(int classes, String prefix, Map<String, double[]> numbers, Map<String, long[]> whole) {
        ClassBlocks out = new ClassBlocks(classes);
        System.arraycopy(TileSummary.require(whole, prefix + "counts"), 0, out.counts, 0, out.counts.length);
        System.arraycopy(TileSummary.require(numbers, prefix + "sums"), 0, out.sums, 0, out.sums.length);
        System.arraycopy(TileSummary.require(numbers, prefix + "lowest"), 0, out.lowest, 0, out.lowest.length);
        return out;
    }
}
