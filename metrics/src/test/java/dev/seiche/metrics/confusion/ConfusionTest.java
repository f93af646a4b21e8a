package dev.seiche.metrics.confusion;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.seiche.metrics.statistics.Summary;
import dev.seiche.tensor.Rng;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class ConfusionTest {
    private static final Rng RNG = Rng.seed(1904);

    static double[][] gram(double[][] g) {
        double[][] out = new double[g.length][g.length];
        for (int i = 0; i < g.length; i++) {
            for (int j = 0; j < g.length; j++) {
                for (int k = 0; k < g[i].length; k++) {
                    out[i][j] += g[i][k] * g[j][k];
                }
            }
        }
        return out;
    }

    static double[][] gaussian(String name, int n, int d) {
        double[][] x = new double[n][d];
        for (int i = 0; i < n; i++) {
            RNG.fold(name).fold(i).normal(x[i]);
        }
        return x;
    }

    @Test
    void threeVectorsByHand() {
        Confusion found = Confusion.ofSamples(gram(new double[][] {{3, 0}, {0, 2}, {-1, -1}}));
        assertThat(found.products()).containsExactly(0, -3, -2);
        assertThat(found.bound()).isEqualTo(3);
        assertThat(found.summary().min()).isCloseTo(-1 / Math.sqrt(2), within(1e-15));
        assertThat(found.distances()[0]).isCloseTo(Math.sqrt(13), within(1e-15));
        assertThat(found.negative()).isCloseTo(2 / 3.0, within(1e-15));
        assertThat(found.signStiffness()).isCloseTo(-2 / 3.0, within(1e-15));
    }

    @Test
    void aPairOfMiniBatchesTellsTheNoiseScaleAgainstItsUnion() {
        // a = (1, 0), b = (0, 1) of 4 samples each: |g_4|^2 = 1, |g_8|^2 = 1/2
        Confusion pair = new Confusion(new double[] {0}, new double[] {0}, new double[] {Math.sqrt(2)});
        assertThat(pair.noiseScale(4).trace()).isCloseTo(4, within(1e-14));
        assertThat(pair.noiseScale(4).signal()).isCloseTo(0, within(1e-14));
        // a = b: no noise at all
        Confusion same = new Confusion(new double[] {3}, new double[] {1}, new double[] {0});
        assertThat(same.noiseScale(4).simple()).isCloseTo(0, within(1e-14));
        assertThat(same.noiseScale(4).signal()).isCloseTo(3, within(1e-14));
    }

    @Test
    void orthogonalGradientsAreNotConfusedAndAgreeingOnesHaveNoNegativeBound() {
        assertThat(Confusion.ofSamples(gram(new double[][] {{1, 0, 0}, {0, 5, 0}, {0, 0, 2}}))
                        .bound())
                .isZero();
        Confusion agreeing = Confusion.ofSamples(gram(new double[][] {{1, 0.1}, {1, 0.2}}));
        assertThat(agreeing.bound()).isZero();
        assertThat(agreeing.summary().min()).isPositive();
        assertThat(Confusion.ofSamples(gram(new double[][] {{0, 0}, {1, 1}})).cosines()[0])
                .isNaN();
    }

    @Test
    void aLinearModelHasTheCosinesOfItsDataUpToTheSignsOfResiduals() {
        for (int d : new int[] {120, 80}) {
            double[][] x = gaussian("x", 100, d);
            double[] r = new double[100];
            RNG.fold("r").normal(r);
            double[][] g = new double[100][d];
            for (int i = 0; i < 100; i++) {
                for (int k = 0; k < d; k++) {
                    g[i][k] = r[i] * x[i][k];
                }
            }
            Confusion data = Confusion.ofSamples(gram(x));
            Confusion gradients = Confusion.ofSamples(gram(g));
            int pair = 0;
            for (int i = 0; i < 100; i++) {
                for (int j = i + 1; j < 100; j++) {
                    double sign = Math.signum(r[i] * r[j]);
                    assertThat(gradients.cosines()[pair]).isCloseTo(sign * data.cosines()[pair], within(1e-12));
                    pair++;
                }
            }
            // 4,950 cosines: the deviation of 1/sqrt(d) is known to about 2%
            assertThat(gradients.summary().deviation()).isCloseTo(1 / Math.sqrt(d), within(0.05 / Math.sqrt(d)));
        }
    }

    @Test
    void theSpreadOfCosinesOfARegressionIsThatOfItsDataAtAllTimes() {
        for (int d : new int[] {120, 80}) {
            for (int steps : new int[] {0, 200, 2000, 20_000}) {
                double[] found = regression(d, steps, RNG.fold("times"));
                // 0.0913 and 0.112; 4,950 cosines know it to about 2%
                assertThat(found[3]).as("%s steps", steps).isCloseTo(1 / Math.sqrt(d), within(0.05 / Math.sqrt(d)));
            }
        }
    }

    @Test
    void linearRegressionWithMoreWeightsThanSamplesLosesItsConfusion() {
        Middle wide = regressions(120);
        Middle narrow = regressions(80);
        // what a few runs elsewhere gave, smallest to largest; single runs vary by more, the middle of nine does not
        assertThat(wide.loss).isBetween(9e-5, 2e-3);
        assertThat(wide.bound).isBetween(0.02, 0.4);
        assertThat(wide.lowest).isBetween(-0.36, -0.30);
        assertThat(narrow.loss).isBetween(0.10, 0.16);
        assertThat(narrow.bound).isBetween(18.0, 48.0);
        assertThat(narrow.lowest).isBetween(-0.41, -0.36);
    }

    /** Medians over runs. */
    private record Middle(double loss, double bound, double lowest) {}

    private static Middle regressions(int d) {
        double[][] found = new double[3][9];
        for (int run = 0; run < 9; run++) {
            double[] one = regression(d, 20_000, RNG.fold("run").fold(run));
            for (int k = 0; k < 3; k++) {
                found[k][run] = one[k];
            }
        }
        return new Middle(Summary.median(found[0]), Summary.median(found[1]), Summary.median(found[2]));
    }

    /** SGD with single samples, rate 0.5/d, on Gaussian inputs and targets: loss, bound, smallest cosine and their spread. */
    private static double[] regression(int d, int steps, Rng rng) {
        double[][] x = new double[100][d];
        for (int i = 0; i < 100; i++) {
            rng.fold("inputs").fold(i).normal(x[i]);
        }
        double[] y = new double[100];
        rng.fold("targets").normal(y);
        double[] w = new double[d];
        for (int t = 0; t < steps; t++) {
            int i = rng.fold("order").below(t, 100);
            double r = dot(x[i], w) - y[i];
            for (int k = 0; k < d; k++) {
                w[k] -= 0.5 / d * r * x[i][k];
            }
        }
        double[][] g = new double[100][d];
        double loss = 0;
        for (int i = 0; i < 100; i++) {
            double r = dot(x[i], w) - y[i];
            loss += r * r / 200;
            for (int k = 0; k < d; k++) {
                g[i][k] = r * x[i][k];
            }
        }
        Confusion found = Confusion.ofSamples(gram(g));
        return new double[] {
            loss, found.bound(), found.summary().min(), found.summary().deviation()
        };
    }

    private static double dot(double[] a, double[] b) {
        double sum = 0;
        for (int k = 0; k < a.length; k++) {
            sum += a[k] * b[k];
        }
        return sum;
    }

    @Test
    void classesAreToldApart() {
        double[][] g = {{1, 0}, {2, 0}, {-1, 0}, {-3, 0}};
        int[] labels = {0, 0, 1, 1};
        assertThat(Confusion.within(gram(g), labels).cosineStiffness()).isCloseTo(1, within(1e-15));
        assertThat(Confusion.between(gram(g), labels).cosineStiffness()).isCloseTo(-1, within(1e-15));
        assertThat(Confusion.between(gram(g), labels).pairs()).isEqualTo(4);
    }

    @Test
    void averagingAlignsGradientsOfACommonMean() {
        double[][] g = gaussian("batches", 256, 200);
        for (double[] row : g) {
            row[0] += 3;
        }
        double[][] gram = gram(g);
        double before = -1;
        for (int batch : new int[] {1, 4, 16, 64}) {
            Confusion found = new BatchPairs(batch, 100).ofSamples(gram, RNG);
            // E cos is about m / (m + d/b) with m = 9 and d = 200; a mean of 100 has deviation 0.007
            double expected = 9 / (9 + 200.0 / batch);
            assertThat(found.cosineStiffness()).isCloseTo(expected, within(0.03));
            assertThat(found.summary().min()).isGreaterThan(before);
            before = found.summary().min();
        }
    }

    @Test
    void theMinimumOfAHundredIsAnExtremeValue() {
        double[][] gram = gram(gaussian("extreme", 400, 500));
        double sum = 0;
        for (int run = 0; run < 20; run++) {
            sum += new BatchPairs(1, 100)
                            .ofSamples(gram, RNG.fold(run))
                            .summary()
                            .min()
                    / 20;
        }
        assertThat(sum).isCloseTo(-2.51 / Math.sqrt(500), within(0.3 / Math.sqrt(500)));
    }

    @Test
    void pairsOfABatchAreDisjointAndNeedRoom() {
        assertThatThrownBy(() -> new BatchPairs(3, 1).ofSamples(new double[5][5], RNG))
                .hasMessageContaining("need 6 samples, there are 5");
        // two batches that make up the whole of centred data point exactly apart
        double[][] g = {{1, 0}, {-1, 0}, {0, 1}, {0, -1}};
        Confusion halves = new BatchPairs(2, 50).ofSamples(gram(g), RNG);
        assertThat(Arrays.stream(halves.cosines()).filter(c -> !Double.isNaN(c)).boxed())
                .isNotEmpty()
                .allMatch(c -> Math.abs(c + 1) < 1e-12);
    }

    @Test
    void runsArePooledForTheDensity() {
        Confusion one = Confusion.ofSamples(gram(gaussian("a", 20, 30)));
        Confusion all = one.merge(Confusion.ofSamples(gram(gaussian("b", 20, 30))));
        assertThat(all.pairs()).isEqualTo(380);
        double mass = 0;
        for (double each : all.density().on(-1, 1, 401)) {
            mass += each * 2 / 400;
        }
        assertThat(mass).isCloseTo(1, within(1e-3));
    }
}
