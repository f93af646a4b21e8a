package dev.seiche.metrics.coherence;

import dev.seiche.autograd.sample.Gram;
import dev.seiche.metrics.noise.NoiseScale;

/**
 * Coherence of the gradients g_i of n samples, from three sums. Mergeable neither over samples nor over steps: it is a ratio.
 *
 * @param samples n
 * @param ofSum   |sum g_i|^2, in squared units of the gradient
 * @param sum     sum |g_i|^2, same unit
 */
public record Coherence(int samples, double ofSum, double sum) {

    /** From inner products of a batch with itself. */
    public static Coherence of(Gram gram) {
        return of(gram.toArray());
    }

    /** From inner products [n][n]. */
    public static Coherence of(double[][] gram) {
        double all = 0;
        double diagonal = 0;
        for (int i = 0; i < gram.length; i++) {
            for (double product : gram[i]) {
                all += product;
            }
            diagonal += gram[i][i];
        }
        return new Coherence(gram.length, Math.max(0, all), diagonal);
    }

    /** From the mean gradient's squared norm and those of the samples: no inner products needed. */
    public static Coherence of(double squaredMean, double[] squaredNorms) {
        double sum = 0;
        for (double each : squaredNorms) {
            sum += each;
        }
        double n = squaredNorms.length;
        return new Coherence(squaredNorms.length, n * n * squaredMean, sum);
    }

    /**
     * m-coherence, |sum g|^2 / sum |g|^2, in [0, n]: 1 for orthogonal gradients, n for identical ones, below 1 where they
     * cancel. Read it as: how many samples the average one helps. Chatterjee and Zielinski 2020.
     */
    public double mCoherence() {
        return ofSum / sum;
    }

    /**
     * E[g_z . g_z'] / E[g_z . g_z] over independent z and z', in [0, 1]; m-coherence by n. Includes z = z'. Chatterjee, ICLR
     * 2020.
     */
    public double alpha() {
        return mCoherence() / samples;
    }

    /** The same over different samples only, in [-1/(n-1), 1]: 0 for orthogonal gradients at any n. NaN for one sample. */
    public double alphaOfOthers() {
        return (ofSum - sum) / (samples - 1.0) / sum;
    }

    /** The noise scale that the same sums estimate. NaN for one sample. */
    public NoiseScale noiseScale() {
        return NoiseScale.ofSamples(samples, ofSum / ((double) samples * samples), sum / samples);
    }

    /** Gradient diversity, sum |g|^2 / |sum g|^2, at least 1/n: 1/m-coherence. Yin et al., AISTATS 2018. */
    public double diversity() {
        return sum / ofSum;
    }
}
