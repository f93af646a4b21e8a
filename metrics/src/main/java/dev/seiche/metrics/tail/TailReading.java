package dev.seiche.metrics.tail;

import dev.seiche.metrics.statistics.Summary;
import dev.seiche.tensor.Rng;

/**
 * The published and the corrected tail index of the same noise, with what each reads on Gaussian noise of the same covariance
 * and shape. A number means something only beside its Gaussian one. No unit; an index is above 0.
 *
 * @param official       {@link Pooling#official}
 * @param officialNull   the same of Gaussian noise: mean over draws
 * @param officialNullSd standard deviation over draws
 * @param corrected      {@link Pooling#corrected}
 * @param correctedNull  the same of Gaussian noise: mean over draws
 * @param correctedNullSd standard deviation over draws
 * @param zeroShare      of exact zeros, in [0, 1]
 * @param kurtosis       {@link GradientNoise#meanExcessKurtosis}
 */
public record TailReading(
        double official,
        double officialNull,
        double officialNullSd,
        double corrected,
        double correctedNull,
        double correctedNullSd,
        double zeroShare,
        double kurtosis) {

    /**
     * Reads noise.
     *
     * @param nulls draws of Gaussian noise to compare with, each of P^2 M work; 0 for none, which makes their numbers NaN
     */
    public static TailReading of(GradientNoise noise, int nulls, Rng rng) {
        double[] officials = new double[nulls];
        double[] correcteds = new double[nulls];
        for (int i = 0; i < nulls; i++) {
            GradientNoise twin = noise.gaussianTwin(rng.fold("null").fold(i));
            officials[i] = Pooling.official(twin);
            correcteds[i] = Pooling.corrected(twin, rng.fold(i));
        }
        Summary official = Summary.of(officials);
        Summary corrected = Summary.of(correcteds);
        return new TailReading(
                Pooling.official(noise),
                official.mean(),
                official.deviation(),
                Pooling.corrected(noise, rng),
                corrected.mean(),
                corrected.deviation(),
                noise.zeroShare(),
                noise.meanExcessKurtosis());
    }

    /** How many standard deviations the corrected index is below its Gaussian one: above about 3, tails are heavier. */
    public double heaviness() {
        return (correctedNull - corrected) / correctedNullSd;
    }
}
