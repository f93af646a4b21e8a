package dev.seiche.metrics.tail;

import dev.seiche.metrics.statistics.Bootstrap;
import dev.seiche.metrics.statistics.Summary;
import dev.seiche.tensor.Rng;
import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * The ways to make one tail index of noise in many coordinates.
 *
 * <ul>
 *   <li>{@link #official}: all coordinates of all mini-batches are draws of one law, in their order, as published. On noise
 *       that is exactly Gaussian it reads 1.49 where log scales of coordinates vary by 1, 0.93 where by 2, 0.90 with a tenth
 *       exact zeros, 1.34 where neighbours correlate by 0.05;
 *   <li>{@link #corrected}: each coordinate divided by its root mean square over mini-batches, constant coordinates and exact
 *       zeros left out, shuffled so that blocks mix coordinates and mini-batches;
 *   <li>{@link #perCoordinate}: an index for every coordinate, from its own draws. Battash, Wolf, Lindenbaum, AISTATS 2024.
 * </ul>
 */
public final class Pooling {
    private Pooling() {}

    /** As published. */
    public static double official(GradientNoise noise) {
        return TailIndex.official(noise.pooled());
    }

    /** Corrected. NaN when fewer than 4 draws are left. Use 64 mini-batches or more: with P of them, no draw is above sqrt(P). */
    public static double corrected(GradientNoise noise, Rng rng) {
        double[] draws = correctedDraws(noise, rng);
        return draws.length < 4 ? Double.NaN : TailIndex.ofBlocks(draws, (int) Math.sqrt(draws.length));
    }

    /**
     * The corrected number with a bootstrap interval over blocks, which after the shuffle are nearly independent; it says
     * nothing about other weights or other data.
     */
    public static Bootstrap correctedInterval(GradientNoise noise, double level, int times, Rng rng) {
        double[] draws = correctedDraws(noise, rng);
        int k1 = (int) Math.sqrt(draws.length);
        return Bootstrap.ofMean(
                TailIndex.contributions(draws, k1), mean -> Math.log(k1) / mean, level, times, rng.fold("bootstrap"));
    }

    /** What the corrected estimate is made from: standardised, without zeros, shuffled. */
    public static double[] correctedDraws(GradientNoise noise, Rng rng) {
        if (noise.varying().length == 0) {
            return new double[0];
        }
        double[] draws =
                Arrays.stream(noise.standardised().pooled()).filter(v -> v != 0).toArray();
        return Arrays.stream(rng.fold("shuffle").permutation(draws.length))
                .mapToDouble(i -> draws[i])
                .toArray();
    }

    /** One index for each varying coordinate, by {@link TailIndex#ofBlocks} over its mini-batches with K1 = sqrt(P). */
    public static double[] perCoordinate(GradientNoise noise) {
        int k1 = Math.max(2, (int) Math.sqrt(noise.batches()));
        return IntStream.of(noise.varying())
                .mapToDouble(j -> TailIndex.ofBlocks(noise.coordinate(j), k1))
                .toArray();
    }

    /** The middle one of {@link #perCoordinate}; NaN for none. */
    public static double medianPerCoordinate(GradientNoise noise) {
        return Summary.median(perCoordinate(noise));
    }
}
