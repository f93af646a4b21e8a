package dev.seiche.metrics.tail;

import dev.seiche.metrics.statistics.AndersonDarling;
import dev.seiche.metrics.statistics.Holm;
import dev.seiche.metrics.statistics.ShapiroWilk;
import dev.seiche.tensor.Rng;
import java.util.Arrays;
import java.util.function.ToDoubleFunction;

/**
 * Whether gradient noise is Gaussian, by tests over mini-batches along some directions. Shares are of directions, in [0, 1];
 * for Gaussian noise about 5% are rejected at 5%. Panigrahi, Somani, Goyal, Netrapalli, "Non-Gaussianity of stochastic
 * gradient noise", 2019.
 *
 * <p>A random projection of many independent coordinates is near Gaussian whatever they are, so projections err on the side
 * of Gaussian; {@link #ofCoordinates} does not. Give 100 to 1,000 mini-batches: more reject any small deviation.
 *
 * @param directions     tested
 * @param shapiro        share rejected at 5% by Shapiro and Wilk
 * @param shapiroHolm    share rejected at 5% after Holm's correction; above 0 is a verdict on the noise as a whole
 * @param anderson       share rejected at 5% by Anderson and Darling
 * @param andersonHolm   the same after Holm's correction
 */
public record Normality(int directions, double shapiro, double shapiroHolm, double anderson, double andersonHolm) {
    private static final double LEVEL = 0.05;

    /** Along random directions, uniform on the sphere. */
    public static Normality ofProjections(GradientNoise noise, int directions, Rng rng) {
        double[][] draws = new double[directions][noise.batches()];
        double[] direction = new double[noise.coordinates()];
        for (int r = 0; r < directions; r++) {
            rng.fold(r).normal(direction); // its length does not matter to the tests
            for (int p = 0; p < noise.batches(); p++) {
                double sum = 0;
                for (int j = 0; j < direction.length; j++) {
                    sum += direction[j] * noise.rows()[p][j];
                }
                draws[r][p] = sum;
            }
        }
        return of(draws);
    }

    /** Along some coordinates that vary, drawn without replacement; all of them if there are no more. */
    public static Normality ofCoordinates(GradientNoise noise, int most, Rng rng) {
        int[] varying = noise.varying();
        int[] order = rng.permutation(varying.length);
        double[][] draws = new double[Math.min(most, varying.length)][];
        for (int r = 0; r < draws.length; r++) {
            draws[r] = noise.coordinate(varying[order[r]]);
        }
        return of(draws);
    }

    /** Of draws along each direction. */
    public static Normality of(double[][] draws) {
        double[] shapiro = ps(draws, x -> ShapiroWilk.of(x).p());
        double[] anderson = ps(draws, x -> AndersonDarling.of(x).p());
        return new Normality(
                draws.length,
                rejected(shapiro),
                rejected(Holm.adjust(shapiro)),
                rejected(anderson),
                rejected(Holm.adjust(anderson)));
    }

    private static double[] ps(double[][] draws, ToDoubleFunction<double[]> test) {
        return Arrays.stream(draws).mapToDouble(test).toArray();
    }

    private static double rejected(double[] p) {
        return Arrays.stream(p).filter(each -> each <= LEVEL).count() / (double) p.length;
    }
}
