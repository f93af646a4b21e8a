package dev.seiche.metrics.tail;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.seiche.metrics.statistics.Moments;
import dev.seiche.tensor.Rng;
import java.util.Arrays;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Known answers, from simulation elsewhere: mean and standard deviation of the estimate for draws of a known law. */
class TailIndexTest {
    private static final Rng RNG = Rng.seed(2019);

    @Test
    void readsTheIndexOfStableDraws() {
        double[] alpha = {0.6, 1.0, 1.2, 1.5, 1.8, 2.0};
        double[] mean = {0.601, 1.000, 1.198, 1.501, 1.804, 2.002};
        double[] deviation = {0.006, 0.010, 0.014, 0.018, 0.027, 0.027};
        for (int i = 0; i < alpha.length; i++) {
            double[] x = StableDistribution.of(alpha[i]).sample(RNG.fold(i), 100_000);
            assertThat(TailIndex.ofBlocks(x, 100))
                    .as("alpha %s", alpha[i])
                    .isCloseTo(mean[i], within(3 * deviation[i]));
        }
    }

    @Test
    void readsTheIndexOfStableDrawsInTheBlocksOfThePublishedCode() {
        double[] alpha = {0.6, 1.0, 1.2, 1.5, 1.8, 2.0};
        double[] mean = {0.600, 1.005, 1.206, 1.499, 1.798, 2.003};
        double[] deviation = {0.008, 0.016, 0.021, 0.024, 0.035, 0.044};
        for (int i = 0; i < alpha.length; i++) {
            double[] x = StableDistribution.of(alpha[i]).sample(RNG.fold(i).fold("published"), 316 * 316);
            assertThat(TailIndex.officialBlock(x.length)).isEqualTo(316);
            assertThat(TailIndex.official(x)).as("alpha %s", alpha[i]).isCloseTo(mean[i], within(3 * deviation[i]));
        }
    }

    @Test
    void readsLawsOfFiniteVarianceAsTheirBiasSays() {
        double[] u = new double[316 * 316];
        RNG.fold("uniform").uniform(u);
        double[] uniform = Arrays.stream(u).map(v -> v - 0.5).toArray();
        double[] laplace = Arrays.stream(u)
                .map(v -> v < 0.5 ? Math.log(2 * v + 1e-300) : -Math.log(2 - 2 * v))
                .toArray();
        // 1/alpha = 1/2 + delta/ln K1 with delta = ln s - 0.6352 - E ln|X|; deviation 0.04 as at 316 blocks above
        assertThat(TailIndex.official(laplace)).isCloseTo(1.82, within(0.12));
        assertThat(TailIndex.official(uniform)).isCloseTo(2.15, within(0.15));
        assertThat(TailIndex.official(student(3))).isCloseTo(1.79, within(0.12));
        assertThat(TailIndex.official(student(5))).isCloseTo(1.90, within(0.13));
    }

    @Test
    void theBiasOfFiniteVarianceIsTheClosedForm() {
        // Laplace: s = sqrt 2, E ln|X| = -gamma
        double delta = Math.log(Math.sqrt(2)) - (0.5772156649 + Math.log(2)) / 2 + 0.5772156649;
        // the approach to 2 is slow
        assertThat(1 / (0.5 + delta / Math.log(1000))).isCloseTo(1.85, within(0.005));
        for (int k1 : new int[] {10, 100, 1000}) {
            double[] u = new double[1_000_000];
            RNG.fold("laplace").fold(k1).uniform(u);
            double[] x = Arrays.stream(u)
                    .map(v -> v < 0.5 ? Math.log(2 * v + 1e-300) : -Math.log(2 - 2 * v))
                    .toArray();
            double blocks = 1_000_000.0 / k1;
            // ln|normal| has deviation 1.11; small blocks are not quite normal yet
            double tolerance = 4 * 1.11 / Math.sqrt(blocks) / Math.log(k1) + 0.01;
            assertThat(1 / TailIndex.ofBlocks(x, k1)).isCloseTo(0.5 + delta / Math.log(k1), within(tolerance));
        }
    }

    private static double[] student(int degrees) {
        double[] x = new double[316 * 316];
        Rng key = RNG.fold("student").fold(degrees);
        double[] square = new double[x.length];
        for (int k = 0; k < degrees; k++) {
            double[] z = new double[x.length];
            key.fold(k).normal(z);
            for (int i = 0; i < x.length; i++) {
                square[i] += z[i] * z[i];
            }
        }
        key.fold("numerator").normal(x);
        for (int i = 0; i < x.length; i++) {
            x[i] /= Math.sqrt(square[i] / degrees);
        }
        return x;
    }

    @Test
    void aCountWithoutDivisorsHasNoOfficialReading() {
        assertThat(TailIndex.officialBlock(101)).isEqualTo(1);
        assertThat(TailIndex.official(new double[101])).isNaN();
        assertThat(TailIndex.officialBlock(10_000)).isEqualTo(100);
        assertThat(TailIndex.officialBlock(12 * 17)).isEqualTo(12);
    }

    @Test
    void orderStatisticsAndVectorsReadStableDrawsToo() {
        double[] x = StableDistribution.of(1.5).sample(RNG.fold("order"), 200_000);
        // a median of 2,000 sums has about twice the spread of a mean of logs
        assertThat(TailIndex.ofOrder(x, 100, 0.5)).isCloseTo(1.5, within(0.15));
        double[][] vectors = new double[20_000][10];
        double[] flat = StableDistribution.of(1.2).sample(RNG.fold("vectors"), 200_000);
        for (int i = 0; i < flat.length; i++) {
            vectors[i / 10][i % 10] = flat[i];
        }
        assertThat(TailIndex.ofVectors(vectors, 100)).isCloseTo(1.2, within(0.1));
        assertThat(TailIndex.medianOfVectors(vectors, 2, 5, 10, 20, 50, 100, 40_000))
                .isCloseTo(1.2, within(0.1));
    }

    @Test
    void theCharacteristicFunctionGivesIndexAndScale() {
        for (double alpha : new double[] {1.0, 1.5, 2.0}) {
            double[] x = new StableDistribution(alpha, 3).sample(RNG.fold("ecf"), 50_000);
            CharacteristicFit fit = CharacteristicFit.of(x);
            // simulated spread of the slope is about 0.01 at this size
            assertThat(fit.alpha()).as("alpha %s", alpha).isCloseTo(alpha, within(0.05));
            assertThat(fit.scale()).isCloseTo(3, within(0.1));
        }
    }

    @Test
    void hillReadsAParetoTailExactlyAndNoPowerTailAsLarge() {
        double[] u = new double[100_000];
        RNG.fold("pareto").uniform(u);
        double[] pareto = Arrays.stream(u).map(v -> Math.pow(1 - v, -1 / 1.5)).toArray();
        // the estimate has deviation alpha / sqrt k
        assertThat(TailIndex.hill(pareto, 5000)).isCloseTo(1.5, within(4 * 1.5 / Math.sqrt(5000)));
        assertThat(TailIndex.pickands(pareto, 5000)).isCloseTo(1.5, within(0.3));
        double[] stable = StableDistribution.of(1.8).sample(RNG.fold("hill"), 100_000);
        assertThat(TailIndex.hill(stable, 5000)).isCloseTo(2.65, within(0.15)); // biased, as known
        double[] gaussian = new double[100_000];
        RNG.fold("gaussian").normal(gaussian);
        assertThat(TailIndex.hill(gaussian, 100)).isGreaterThan(8);
        assertThat(TailIndex.hill(gaussian, 5000)).isCloseTo(5.98, within(0.3));
    }

    @Test
    void theSamplerHasTheLawItSays() {
        double[] gaussian = new StableDistribution(2, 1).sample(RNG.fold("law"), 100_000);
        assertThat(Moments.of(gaussian).variance()).isCloseTo(2, within(0.03)); // 2 sqrt(2/n), three of them
        for (double alpha : new double[] {0.7, 1.0, 1.6}) {
            double[] x = StableDistribution.of(alpha).sample(RNG.fold("phi"), 100_000);
            for (double t : new double[] {0.3, 1, 2}) {
                double phi =
                        Arrays.stream(x).map(v -> Math.cos(t * v)).average().orElse(0);
                assertThat(phi).isCloseTo(Math.exp(-Math.pow(t, alpha)), within(4 * 0.71 / Math.sqrt(x.length)));
            }
        }
        assertThat(StableDistribution.of(1.3).sample(RNG, 10))
                .isEqualTo(Arrays.copyOf(StableDistribution.of(1.3).sample(RNG, 1000), 10));
    }

    @Test
    void zerosAreLeftOutAndDoNotMoveTheEstimate() {
        double[] x = StableDistribution.of(1.4).sample(RNG.fold("zeros"), 40_000);
        double[] padded = IntStream.range(0, 80_000)
                .mapToDouble(i -> i % 2 == 0 ? 0 : x[i / 2])
                .toArray();
        assertThat(TailIndex.ofBlocks(padded, 200)).isEqualTo(TailIndex.ofBlocks(x, 200));
        assertThat(TailIndex.ofBlocks(new double[100], 10)).isNaN();
    }
}
