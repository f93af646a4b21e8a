package dev.seiche.metrics.tail;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.seiche.tensor.Rng;
import org.junit.jupiter.api.Test;

class IterateTailTest {
    private static final Rng RNG = Rng.seed(2021);
    private static final int DIMENSIONS = 5;
    private static final int EXAMPLES = 500;
    private static final int RUNS = 800;
    private static final int STEPS = 400;

    private static double[][] inputs() {
        double[][] x = new double[EXAMPLES][DIMENSIONS];
        for (int i = 0; i < EXAMPLES; i++) {
            RNG.fold("x").fold(i).normal(x[i]);
        }
        return x;
    }

    private static double[] targets() {
        double[] y = new double[EXAMPLES];
        RNG.fold("noise").normal(y);
        for (int i = 0; i < EXAMPLES; i++) {
            y[i] *= 3;
        }
        return y;
    }

    /** The least-squares solution, by gradient descent over all examples. */
    private static double[] solution() {
        double[][] x = inputs();
        double[] y = targets();
        double[] w = new double[DIMENSIONS];
        for (int t = 0; t < 200; t++) {
            double[] gradient = new double[DIMENSIONS];
            for (int i = 0; i < EXAMPLES; i++) {
                add(gradient, w, x[i], y[i], 1.0 / EXAMPLES);
            }
            for (int k = 0; k < DIMENSIONS; k++) {
                w[k] -= 0.5 * gradient[k];
            }
        }
        return w;
    }

    private static void add(double[] gradient, double[] w, double[] x, double y, double weight) {
        double residual = -y;
        for (int k = 0; k < DIMENSIONS; k++) {
            residual += x[k] * w[k];
        }
        for (int k = 0; k < DIMENSIONS; k++) {
            gradient[k] += weight * residual * x[k];
        }
    }

    /** Linear regression as in the ICML 2021 set-up, smaller: data N(0, 1), start N(0, 9), noise of deviation 3. */
    private static double[][] averages(double rate, int batch) {
        double[][] x = inputs();
        double[] y = targets();
        double[][] out = new double[RUNS][DIMENSIONS];
        for (int run = 0; run < RUNS; run++) {
            Rng key = RNG.fold("run").fold(run);
            double[] w = new double[DIMENSIONS];
            key.normal(w);
            for (int k = 0; k < DIMENSIONS; k++) {
                w[k] *= 3;
            }
            for (int t = 0; t < STEPS; t++) {
                step(w, x, y, rate, batch, key.fold(t));
                for (int k = 0; k < DIMENSIONS && t >= STEPS / 2; k++) {
                    out[run][k] += w[k] / (STEPS / 2.0);
                }
            }
        }
        return out;
    }

    private static void step(double[] w, double[][] x, double[] y, double rate, int batch, Rng key) {
        double[] gradient = new double[DIMENSIONS];
        for (int s = 0; s < batch; s++) {
            int i = key.below(s, EXAMPLES);
            add(gradient, w, x[i], y[i], 1.0 / batch);
        }
        for (int k = 0; k < DIMENSIONS; k++) {
            w[k] -= rate * gradient[k];
        }
    }

    @Test
    void iteratesHaveHeavierTailsForALargerRatioOfRateToBatchSize() {
        double[] centre = solution();
        double light = IterateTail.ofRuns(averages(0.02, 5), centre);
        double heavy = IterateTail.ofRuns(averages(0.33, 1), centre);
        assertThat(light).isGreaterThan(1.8);
        assertThat(heavy).isLessThan(light - 0.2);
    }

    @Test
    void aLayerOfStableWeightsReadsItsIndexWhateverItsMean() {
        double[] weights = StableDistribution.of(1.5).sample(RNG, 100_000);
        for (int i = 0; i < weights.length; i++) {
            weights[i] += 7;
        }
        // the mean of 1.5-stable draws is known to n^(-1/3), which sums see: 0.1 of 1,000 draws of deviation about 100
        assertThat(IterateTail.ofLayer(weights)).isCloseTo(1.5, within(0.1));
    }
}
