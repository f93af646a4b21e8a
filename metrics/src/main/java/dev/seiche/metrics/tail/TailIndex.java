package dev.seiche.metrics.tail;

import dev.seiche.metrics.statistics.Summary;
import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * Estimators of the tail index alpha. Pure functions of plain numbers, logarithms in f64. Estimates are above 0 and may pass
 * 2; NaN where the numbers cannot tell.
 *
 * <p>The estimators of Mohammadi, Mohammadpour, Ogata (2015) compare draws with sums of K1 consecutive draws, which for a
 * stable law are K1^(1/alpha) times as wide. For independent draws of finite variance they converge to 2 only like 1/ln K1:
 * 1/alpha = 1/2 + delta/ln K1 with delta = ln s - 0.6352 - E ln|X| and s the standard deviation, so Laplace draws read 1.82 at
 * K1 = 316. They need draws of one law that are independent, centred and not 0; {@link Pooling} shows what follows otherwise.
 */
public final class TailIndex {
    /** Added inside logarithms by the published code. */
    private static final double EPS = Math.ulp(1.0);

    private TailIndex() {}

    /** The published choice of K1: the largest divisor of K that does not exceed its root. 1 for a prime, which no estimate has. */
    public static int officialBlock(int count) {
        int block = (int) Math.sqrt(count);
        while (block > 1 && count % block != 0) {
            block--;
        }
        return block;
    }

    /**
     * As the published code computes it (Cor. 2.4): 1/alpha = (mean ln(|Y| + eps) - mean ln(|X| + eps)) / ln K1, zeros and
     * all, with {@link #officialBlock}. NaN where K1 is 1.
     */
    public static double official(double[] x) {
        int k1 = officialBlock(x.length);
        if (k1 < 2) {
            return Double.NaN; // it would be divided by ln 1
        }
        int blocks = x.length / k1;
        double logs = 0;
        double sums = 0;
        for (int start = 0; start < x.length; start += k1) {
            double y = 0;
            for (int i = start; i < start + k1; i++) {
                y += x[i];
                logs += Math.log(Math.abs(x[i]) + EPS);
            }
            sums += Math.log(Math.abs(y) + EPS);
        }
        return Math.log(k1) / (sums / blocks - logs / x.length);
    }

    /**
     * The same without eps: zeros are left out before blocks are formed, and what does not fill a block at the end.
     *
     * @param k1 draws in a block, 2 or more
     */
    public static double ofBlocks(double[] x, int k1) {
        return Math.log(k1) / Arrays.stream(contributions(x, k1)).average().orElse(Double.NaN);
    }

    /**
     * What each block says: ln|sum| - mean ln|draw|, whose mean is ln(K1)/alpha. Independent where draws are, so that the
     * bootstrap of their mean is the bootstrap of the estimate.
     */
    public static double[] contributions(double[] x, int k1) {
        if (k1 < 2) {
            throw new IllegalArgumentException("tail index: a block has 2 draws or more, got " + k1);
        }
        double[] draws = Arrays.stream(x).filter(v -> v != 0).toArray();
        double[] out = new double[draws.length / k1];
        int kept = 0;
        for (int start = 0; start + k1 <= draws.length; start += k1) {
            double sum = 0;
            double logs = 0;
            for (int i = start; i < start + k1; i++) {
                sum += draws[i];
                logs += Math.log(Math.abs(draws[i]));
            }
            if (sum != 0) {
                out[kept++] = Math.log(Math.abs(sum)) - logs / k1;
            }
        }
        return Arrays.copyOf(out, kept);
    }

    /**
     * By order statistics (Cor. 2.2): 1/alpha = (ln|Y|_(k) - ln|X|_(K1 k)) / ln K1, the same quantile of both. Zeros are left
     * out.
     *
     * @param share where the quantile is taken, in (0, 1]; the published code leaves it open, 0.5 is robust
     */
    public static double ofOrder(double[] x, int k1, double share) {
        double[] draws = Arrays.stream(x).filter(v -> v != 0).toArray();
        int k2 = draws.length / k1;
        double[] sums = new double[k2];
        for (int i = 0; i < k1 * k2; i++) {
            sums[i / k1] += draws[i];
        }
        double[] sizes = sortedSizes(sums);
        double[] all = sortedSizes(Arrays.copyOf(draws, k1 * k2));
        int k = Math.max(1, (int) Math.ceil(share * k2));
        return k2 == 0 ? Double.NaN : Math.log(k1) / (Math.log(sizes[k - 1]) - Math.log(all[k1 * k - 1]));
    }

    /** For vectors: Euclidean norms in place of absolute values. Valid for strictly stable vectors. */
    public static double ofVectors(double[][] x, int k1) {
        double sums = 0;
        double logs = 0;
        int blocks = x.length / k1;
        for (int block = 0; block < blocks; block++) {
            double[] y = new double[x[0].length];
            for (int i = block * k1; i < (block + 1) * k1; i++) {
                logs += Math.log(norm(x[i]));
                for (int j = 0; j < y.length; j++) {
                    y[j] += x[i][j];
                }
            }
            sums += Math.log(norm(y));
        }
        return Math.log(k1) / (sums / blocks - logs / (blocks * k1));
    }

    /** The median of {@link #ofVectors} over several block sizes; those that do not fit are left out. */
    public static double medianOfVectors(double[][] x, int... k1) {
        return Summary.median(IntStream.of(k1)
                .filter(k -> k <= x.length / 2)
                .mapToDouble(k -> ofVectors(x, k))
                .toArray());
    }

    /**
     * Hill's estimator (1975) from the k largest sizes: 1/alpha = mean of ln|X|_(i) - ln|X|_(k+1), i up to k. Assumes a power
     * tail from the k-th on: biased for stable laws, and large (6 to 14) where there is no power tail.
     */
    public static double hill(double[] x, int k) {
        double[] falling = falling(x, k + 1);
        double sum = 0;
        for (int i = 0; i < k; i++) {
            sum += Math.log(falling[i] / falling[k]);
        }
        return k / sum;
    }

    /**
     * Pickands' estimator (1975): 1/alpha = ln((X_(k) - X_(2k)) / (X_(2k) - X_(4k))) / ln 2 of falling sizes. Unbiased but
     * very noisy; negative or infinite where tails are light.
     */
    public static double pickands(double[] x, int k) {
        double[] falling = falling(x, 4 * k);
        double upper = falling[k - 1] - falling[2 * k - 1];
        double lower = falling[2 * k - 1] - falling[4 * k - 1];
        return Math.log(2) / Math.log(upper / lower);
    }

    private static double[] falling(double[] x, int needed) {
        if (needed > x.length || needed < 2) {
            throw new IllegalArgumentException(
                    "tail index: needs the " + needed + " largest of the draws, there are " + x.length);
        }
        double[] sizes = sortedSizes(x);
        double[] out = new double[needed];
        for (int i = 0; i < needed; i++) {
            out[i] = sizes[sizes.length - 1 - i];
        }
        return out;
    }

    private static double[] sortedSizes(double[] x) {
        double[] sizes = new double[x.length];
        for (int i = 0; i < x.length; i++) {
            sizes[i] = Math.abs(x[i]);
        }
        Arrays.sort(sizes);
        return sizes;
    }

    private static double norm(double[] x) {
        double sum = 0;
        for (double each : x) {
            sum += each * each;
        }
        return Math.sqrt(sum);
    }
}
