package dev.seiche.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Sanity of the distributions. Seeds are fixed, so a bound is not a matter of luck from run to run: each is five standard
 * errors of the statistic, which a sound generator misses once in 1.7 million.
 */
class RngStatisticsTest {

    private static final int N = 200_000;
    private static final double SIGMAS = 5;

    @ParameterizedTest
    @ValueSource(longs = {0, 1, 2, -1, 123456789})
    void uniformsHaveMeanHalfAndVarianceOneTwelfth(long seed) {
        double[] x = new double[N];
        Rng.seed(seed).uniform(x);
        assertThat(Arrays.stream(x).allMatch(v -> v >= 0 && v < 1)).isTrue();
        assertThat(mean(x)).isCloseTo(0.5, within(SIGMAS * Math.sqrt(1.0 / 12 / N)));
        // var((u - 1/2)^2) = 1/80 - 1/144 = 1/180
        assertThat(moment(x, 0.5, 2)).isCloseTo(1.0 / 12, within(SIGMAS * Math.sqrt(1.0 / 180 / N)));
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 1, 2, -1, 123456789})
    void normalsHaveTheMomentsZeroOneZeroThree(long seed) {
        double[] x = new double[N];
        Rng.seed(seed).normal(x);
        assertThat(mean(x)).isCloseTo(0, within(SIGMAS * Math.sqrt(1.0 / N)));
        assertThat(moment(x, 0, 2)).isCloseTo(1, within(SIGMAS * Math.sqrt(2.0 / N)));
        assertThat(moment(x, 0, 3)).isCloseTo(0, within(SIGMAS * Math.sqrt(15.0 / N)));
        assertThat(moment(x, 0, 4)).isCloseTo(3, within(SIGMAS * Math.sqrt(96.0 / N)));
        long beyondTwo = Arrays.stream(x).filter(v -> Math.abs(v) > 2).count();
        double p = 0.04550026389635842; // P(|x| > 2)
        assertThat(beyondTwo).isCloseTo(Math.round(p * N), within(Math.round(SIGMAS * Math.sqrt(p * (1 - p) * N))));
    }

    @Test
    void neighboursAndFoldedStreamsAreUncorrelated() {
        Rng rng = Rng.seed(5);
        double[] x = new double[N];
        double[] named = new double[N];
        double[] numbered = new double[N];
        double[] nextSeed = new double[N];
        rng.normal(x);
        rng.fold("a").normal(named);
        rng.fold(1).normal(numbered);
        Rng.seed(6).normal(nextSeed);
        double bound = SIGMAS / Math.sqrt(N);
        for (int lag = 1; lag <= 4; lag++) {
            double[] later = Arrays.copyOfRange(x, lag, N);
            assertThat(correlation(x, later)).as("lag %d", lag).isCloseTo(0, within(bound));
        }
        assertThat(correlation(x, named)).isCloseTo(0, within(bound));
        assertThat(correlation(x, numbered)).isCloseTo(0, within(bound));
        assertThat(correlation(x, nextSeed)).isCloseTo(0, within(bound));
    }

    @Test
    void everyBitIsSetHalfOfTheTime() {
        int[] set = new int[64];
        Rng rng = Rng.seed(9);
        for (int i = 0; i < N; i++) {
            long bits = rng.bits(i);
            for (int bit = 0; bit < 64; bit++) {
                set[bit] += (int) (bits >>> bit & 1);
            }
        }
        int bound = (int) (SIGMAS * Math.sqrt(N / 4.0));
        assertThat(Arrays.stream(set).boxed())
                .allSatisfy(count -> assertThat(count).isCloseTo(N / 2, within(bound)));
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 3, 10, 1000})
    void integersFillTheirRangeEvenly(int bound) {
        int[] counts = new int[bound];
        Rng rng = Rng.seed(11);
        for (int i = 0; i < N; i++) {
            counts[rng.below(i, bound)]++;
        }
        double expected = (double) N / bound;
        double chiSquare = Arrays.stream(counts)
                .mapToDouble(c -> (c - expected) * (c - expected) / expected)
                .sum();
        int freedom = bound - 1;
        // Chi-square has mean k and variance 2k; for one degree of freedom its 1.7-million-to-one bound is 25.
        assertThat(chiSquare).isLessThan(freedom + Math.max(24, 2 * SIGMAS * Math.sqrt(2.0 * freedom)));
    }

    @Test
    void everyPlaceOfAPermutationIsEquallyLikely() {
        int n = 5;
        int trials = 20_000;
        int[][] seen = new int[n][n];
        for (int t = 0; t < trials; t++) {
            int[] order = Rng.seed(13).fold(t).permutation(n);
            for (int i = 0; i < n; i++) {
                seen[i][order[i]]++;
            }
        }
        double p = 1.0 / n;
        int bound = (int) Math.round(SIGMAS * Math.sqrt(p * (1 - p) * trials));
        assertThat(Arrays.stream(seen).flatMapToInt(Arrays::stream).boxed())
                .allSatisfy(count -> assertThat(count).isCloseTo(trials / n, within(bound)));
    }

    @Test
    void coinsFallWithTheirProbability() {
        Rng rng = Rng.seed(17);
        double p = 0.1;
        int heads = 0;
        for (int i = 0; i < N; i++) {
            assertThat(rng.bernoulli(i, 0)).isFalse();
            assertThat(rng.bernoulli(i, 1)).isTrue();
            heads += rng.bernoulli(i, p) ? 1 : 0;
        }
        assertThat(heads / (double) N).isCloseTo(p, within(SIGMAS * Math.sqrt(p * (1 - p) / N)));
    }

    private static double mean(double[] x) {
        return Arrays.stream(x).sum() / x.length;
    }

    private static double moment(double[] x, double center, int power) {
        return Arrays.stream(x).map(v -> Math.pow(v - center, power)).sum() / x.length;
    }

    /** Correlation of two streams of mean 0 and variance 1 over the length of the second. */
    private static double correlation(double[] x, double[] y) {
        double sum = 0;
        for (int i = 0; i < y.length; i++) {
            sum += x[i] * y[i];
        }
        return sum / y.length;
    }
}
