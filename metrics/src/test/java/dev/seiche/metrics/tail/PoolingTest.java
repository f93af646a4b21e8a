package dev.seiche.metrics.tail;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.seiche.metrics.statistics.Bootstrap;
import dev.seiche.tensor.Rng;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.IntToDoubleFunction;
import org.junit.jupiter.api.Test;

/** Noise that is exactly Gaussian, with one defect at a time. Expected readings are from simulation elsewhere. */
class PoolingTest {
    private static final Rng RNG = Rng.seed(53);
    private static final int BATCHES = 100;
    private static final int COORDINATES = 1000;

    private static GradientNoise gaussian(IntToDoubleFunction scale, double common, double mean) {
        double[][] rows = new double[BATCHES][COORDINATES];
        for (int p = 0; p < BATCHES; p++) {
            RNG.fold(p).normal(rows[p]);
            for (int block = 0; block < COORDINATES; block += 250) { // K1 of the official reading is 250 here
                double shared = RNG.fold("shared").fold(p).normal(block);
                for (int j = block; j < block + 250; j++) {
                    double z = Math.sqrt(1 - common) * rows[p][j] + Math.sqrt(common) * shared;
                    rows[p][j] = scale.applyAsDouble(j) * (z + mean);
                }
            }
        }
        return GradientNoise.of(rows);
    }

    private static double logNormal(int j, double deviation) {
        return Math.exp(deviation * RNG.fold("scale").normal(j));
    }

    @Test
    void equalIndependentCoordinatesReadTwoEitherWay() {
        GradientNoise noise = gaussian(j -> 1, 0, 0);
        // 400 blocks or 316: deviation 0.044
        assertThat(Pooling.official(noise)).isCloseTo(2, within(0.14));
        assertThat(Pooling.corrected(noise, RNG)).isCloseTo(2, within(0.14));
    }

    @Test
    void unequalScalesDeceiveTheOfficialReadingAndNotTheCorrectedOne() {
        double k1 = TailIndex.officialBlock(BATCHES * COORDINATES);
        for (double tau : new double[] {1, 2}) {
            GradientNoise noise = gaussian(j -> logNormal(j, tau), 0, 0);
            double theory = 1 / (0.5 + tau * tau / Math.log(k1));
            // the scales of 1,000 coordinates are a draw themselves
            assertThat(Pooling.official(noise)).as("log-sd %s", tau).isCloseTo(theory, within(0.12));
            // simulated elsewhere: 1.49 and 0.93
            assertThat(Pooling.official(noise)).as("log-sd %s", tau).isCloseTo(tau == 1 ? 1.49 : 0.93, within(0.12));
            assertThat(Pooling.corrected(noise, RNG)).isCloseTo(2, within(0.14));
        }
    }

    @Test
    void exactZerosDeceiveTheOfficialReadingAndNotTheCorrectedOne() {
        GradientNoise tenth = gaussian(j -> j % 10 == 0 ? 0 : 1, 0, 0);
        assertThat(tenth.zeroShare()).isCloseTo(0.1, within(1e-12));
        assertThat(Pooling.official(tenth)).isCloseTo(0.90, within(0.05));
        assertThat(Pooling.corrected(tenth, RNG)).isCloseTo(2, within(0.14));
        GradientNoise half = gaussian(j -> j % 2 == 0 ? 0 : 1, 0, 0);
        assertThat(Pooling.official(half)).isCloseTo(0.28, within(0.02));
        assertThat(Pooling.corrected(half, RNG)).isCloseTo(2, within(0.14));
    }

    @Test
    void correlatedNeighboursDeceiveTheOfficialReadingMoreTheMoreTheyAre() {
        double weak = Pooling.official(gaussian(j -> 1, 0.05, 0));
        double strong = Pooling.official(gaussian(j -> 1, 0.5, 0));
        assertThat(weak).isCloseTo(1.34, within(0.12));
        assertThat(strong).isCloseTo(1.07, within(0.06));
        // shuffled over mini-batches, a block of 316 has three of each
        assertThat(Pooling.corrected(gaussian(j -> 1, 0.05, 0), RNG)).isCloseTo(2, within(0.16));
    }

    @Test
    void aMeanThatWasNotRemovedDeceivesBothAndCentringRemovesIt() {
        GradientNoise shifted = gaussian(j -> 1, 0, 0.1);
        assertThat(Pooling.official(shifted)).isCloseTo(1.48, within(0.1));
        assertThat(Pooling.official(shifted.centred())).isCloseTo(2, within(0.14));
    }

    @Test
    void oneScaleForEachBlockDoesNoHarm() {
        assertThat(Pooling.official(gaussian(j -> logNormal(j / 250, 1), 0, 0))).isCloseTo(2.01, within(0.14));
    }

    @Test
    void fewMiniBatchesCannotShowATailOnceStandardised() {
        double[][] rows = new double[16][];
        for (int p = 0; p < rows.length; p++) {
            rows[p] = StableDistribution.of(1.2).sample(RNG.fold("few").fold(p), COORDINATES);
        }
        double largest = Arrays.stream(GradientNoise.of(rows).standardised().pooled())
                .map(Math::abs)
                .max()
                .orElse(0);
        // divided by a root mean square of P = 16 no number is above sqrt(P); minus their mean (P - 1) / sqrt(P)
        assertThat(largest).isLessThanOrEqualTo(4 + 1e-12).isGreaterThan(3.9);
    }

    @Test
    void heavyTailsAreFoundByBothWhereNothingIsWrong() {
        double[][] rows = new double[BATCHES][];
        for (int p = 0; p < BATCHES; p++) {
            rows[p] = StableDistribution.of(1.5).sample(RNG.fold("stable").fold(p), COORDINATES);
        }
        GradientNoise noise = GradientNoise.of(rows);
        assertThat(Pooling.official(noise)).isCloseTo(1.5, within(0.08));
        // dividing by a root mean square of 100 heavy-tailed draws lightens tails, and never hides them
        TailReading reading = TailReading.of(noise, 3, RNG);
        assertThat(reading.corrected()).isBetween(1.4, 1.8);
        assertThat(reading.kurtosis()).isGreaterThan(5);
        assertThat(Pooling.medianPerCoordinate(noise)).isCloseTo(1.5, within(0.25));
    }

    @Test
    void theGaussianTwinReadsWhatGaussianNoiseOfThatCovarianceReads() {
        GradientNoise noise = gaussian(j -> j % 10 == 0 ? 0 : logNormal(j, 1), 0.05, 0);
        TailReading reading = TailReading.of(noise, 3, RNG);
        assertThat(reading.official()).isLessThan(1.2);
        assertThat(reading.officialNull()).isCloseTo(reading.official(), within(0.12));
        assertThat(reading.corrected()).isCloseTo(reading.correctedNull(), within(0.2));
    }

    @Test
    void theBootstrapIntervalHoldsTheEstimate() {
        GradientNoise noise = gaussian(j -> 1, 0, 0);
        Bootstrap interval = Pooling.correctedInterval(noise, 0.95, 200, RNG);
        assertThat(interval.estimate()).isCloseTo(Pooling.corrected(noise, RNG), within(1e-9));
        assertThat(interval.low()).isBetween(1.8, 2.0);
        assertThat(interval.high()).isBetween(2.0, 2.25);
    }

    private static GradientNoise part(Map<String, GradientNoise> parts, String name) {
        return Objects.requireNonNull(parts.get(name));
    }

    @Test
    void layersAndParametersAreSplitByTheirColumns() {
        GradientNoise noise = new GradientNoise(
                new double[][] {{1, 2, 3, 4}, {5, 6, 7, 9}},
                List.of(
                        new GradientNoise.Column("a.weight", "a", 2),
                        new GradientNoise.Column("b.weight", "b", 1),
                        new GradientNoise.Column("a.bias", "a", 1)));
        assertThat(part(noise.byLayer(), "a").rows()[1]).containsExactly(5, 6, 9);
        assertThat(part(noise.byParameter(), "b.weight").rows()[0]).containsExactly(3);
        assertThat(noise.centred().rows()[0]).containsExactly(-2, -2, -2, -2.5);
        assertThat(noise.pooled()).containsExactly(1, 2, 3, 4, 5, 6, 7, 9);
    }

    @Test
    void normalityIsRejectedAtItsLevelForGaussianNoiseAndSurelyForHeavyTails() {
        double[][] rows = new double[300][400];
        double[][] heavy = new double[300][];
        for (int p = 0; p < rows.length; p++) {
            RNG.fold("normality").fold(p).normal(rows[p]);
            heavy[p] = StableDistribution.of(1.7).sample(RNG.fold("heavy").fold(p), 400);
        }
        GradientNoise gaussian = GradientNoise.of(rows);
        // 400 tests at 5%: deviation 1.1%
        Normality coordinates = Normality.ofCoordinates(gaussian, 400, RNG);
        assertThat(coordinates.directions()).isEqualTo(400);
        assertThat(coordinates.shapiro()).isCloseTo(0.05, within(0.04));
        assertThat(coordinates.anderson()).isCloseTo(0.05, within(0.04));
        assertThat(coordinates.shapiroHolm()).isLessThan(0.01);
        assertThat(Normality.ofProjections(gaussian, 100, RNG).shapiro()).isLessThan(0.13);
        assertThat(Normality.ofCoordinates(GradientNoise.of(heavy), 100, RNG).shapiroHolm())
                .isGreaterThan(0.9);
    }
}
