package dev.seiche.metrics.coherence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.seiche.metrics.confusion.Confusion;
import dev.seiche.metrics.noise.NoiseScale;
import dev.seiche.metrics.noise.SignalToNoise;
import dev.seiche.tensor.Rng;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class CoherenceTest {
    private static double[][] identical(int n) {
        double[][] gram = new double[n][n];
        for (double[] row : gram) {
            Arrays.fill(row, 4);
        }
        return gram;
    }

    @Test
    void identicalGradientsAddUp() {
        Coherence found = Coherence.of(identical(5));
        assertThat(found.mCoherence()).isCloseTo(5, within(1e-14));
        assertThat(found.alpha()).isCloseTo(1, within(1e-15));
        assertThat(found.alphaOfOthers()).isCloseTo(1, within(1e-15));
        assertThat(found.diversity()).isCloseTo(0.2, within(1e-15));
        assertThat(found.noiseScale().trace()).isCloseTo(0, within(1e-14));
        assertThat(found.noiseScale().signal()).isCloseTo(4, within(1e-14));
    }

    @Test
    void orthogonalGradientsCountAsOne() {
        Coherence found = Coherence.of(new double[][] {{1, 0, 0}, {0, 4, 0}, {0, 0, 9}});
        assertThat(found.mCoherence()).isEqualTo(1);
        assertThat(found.alphaOfOthers()).isZero();
        assertThat(found.noiseScale().signal()).isCloseTo(0, within(1e-15));
    }

    @Test
    void cancellingGradientsHaveNone() {
        Coherence found = Coherence.of(new double[][] {{1, -1}, {-1, 1}});
        assertThat(found.mCoherence()).isZero();
        assertThat(found.alphaOfOthers()).isEqualTo(-1);
        assertThat(found.diversity()).isInfinite();
    }

    /** g_i = sqrt(a) e_0 + sqrt(1 - a) e_i: lengths 1, and a of every gradient is common to all. */
    @Test
    void aPlantedCommonPartIsFoundInItsSize() {
        for (double a : new double[] {0, 0.25, 0.9}) {
            int n = 10;
            double[][] gram = new double[n][n];
            for (int i = 0; i < n; i++) {
                Arrays.fill(gram[i], a);
                gram[i][i] = 1;
            }
            Coherence found = Coherence.of(gram);
            assertThat(found.alphaOfOthers()).isCloseTo(a, within(1e-14));
            assertThat(found.mCoherence()).isCloseTo(1 + (n - 1) * a, within(1e-14));
            assertThat(found.diversity()).isCloseTo(1 / (1 + (n - 1) * a), within(1e-14));
            assertThat(found.noiseScale().signal()).isCloseTo(a, within(1e-14));
            assertThat(found.noiseScale().trace()).isCloseTo(1 - a, within(1e-14));
            Confusion pairs = Confusion.ofSamples(gram);
            assertThat(pairs.cosineStiffness()).isCloseTo(a, within(1e-14));
            assertThat(pairs.signStiffness()).isEqualTo(a == 0 ? 0 : 1);
        }
    }

    @Test
    void theMeanAndTheNormsSayTheSameAsTheGram() {
        double[][] gram = {{2, 1}, {1, 3}};
        assertThat(Coherence.of(7.0 / 4, new double[] {2, 3})).isEqualTo(Coherence.of(gram));
    }

    /** Gradients of samples N(mean, sigma^2 I): the trace is d sigma^2, the signal |mean|^2. */
    @Test
    void theNoiseScaleIsUnbiasedOverManySteps() {
        int d = 20;
        int n = 8;
        NoiseScale all = NoiseScale.EMPTY;
        NoiseScale twoBatches = NoiseScale.EMPTY;
        for (int step = 0; step < 2000; step++) {
            double[][] g = new double[n][d];
            for (int i = 0; i < n; i++) {
                Rng.seed(9).fold(step).fold(i).normal(g[i]);
                for (int k = 0; k < d; k++) {
                    g[i][k] = 2 * g[i][k] + 0.5;
                }
            }
            double[] squares = {squaredMean(g, 2), squaredMean(g, n), 0};
            twoBatches = twoBatches.merge(NoiseScale.ofTwoBatches(2, squares[0], n, squares[1]));
            double sum = 0;
            for (double[] row : g) {
                sum += squaredMean(new double[][] {row}, 1) / n;
            }
            all = all.merge(NoiseScale.ofSamples(n, squares[1], sum));
        }
        // trace 80, signal 5, spread of the means about 0.3% and 2%; three of each
        assertThat(all.trace()).isCloseTo(80, within(1.0));
        assertThat(all.signal()).isCloseTo(5, within(0.4));
        assertThat(all.simple()).isCloseTo(16, within(1.5));
        assertThat(twoBatches.trace()).isCloseTo(80, within(4.0));
        assertThat(twoBatches.signal()).isCloseTo(5, within(0.8));
        assertThat(all.count()).isEqualTo(2000);
    }

    private static double squaredMean(double[][] g, int of) {
        double squared = 0;
        for (int k = 0; k < g[0].length; k++) {
            double mean = 0;
            for (int i = 0; i < of; i++) {
                mean += g[i][k] / of;
            }
            squared += mean * mean;
        }
        return squared;
    }

    @Test
    void batchesOfOneSizeSayNothing() {
        assertThatThrownBy(() -> NoiseScale.ofTwoBatches(4, 1, 4, 1)).hasMessageContaining("small < large");
    }

    @Test
    void signalToNoiseByHand() {
        // coordinate 0: values 1 and 3; coordinate 1: constant 2
        SignalToNoise found = SignalToNoise.of(new double[] {2, 2}, new double[] {2, 0});
        assertThat(found.ratios()).containsExactly(2);
        assertThat(found.mean()).isEqualTo(2);
        assertThat(found.normalisedVariance()).isCloseTo(2 / 10.0, within(1e-15));
        assertThat(found.medianRelativeVariance()).isEqualTo(0.5);
    }
}
