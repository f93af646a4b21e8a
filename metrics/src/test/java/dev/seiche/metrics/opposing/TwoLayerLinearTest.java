package dev.seiche.metrics.opposing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.assertj.core.api.Assertions.withinPercentage;

import dev.seiche.metrics.curvature.SymmetricEigen;
import dev.seiche.metrics.opposing.TwoLayerLinear.State;
import dev.seiche.metrics.statistics.Moments;
import dev.seiche.tensor.Rng;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

class TwoLayerLinearTest {
    private static final int DIMENSIONS = 10;
    private static final int STEPS = 5000;
    private static final Rng RNG = Rng.seed(2023);

    /**
     * |beta| = 5, a = 100, c = 0.5, ten dimensions, as in the simulation that the expected numbers are from. Its b and q were
     * random; these have the sharpness it began with, 25.8, and the dip it went through, 24.8.
     */
    private static TwoLayerLinear start() {
        List<Double> beta = Collections.nCopies(DIMENSIONS, 5 / Math.sqrt(DIMENSIONS));
        List<Double> b = new ArrayList<>();
        for (int i = 0; i < DIMENSIONS; i++) {
            b.add(-0.047 / Math.sqrt(DIMENSIONS) + (i % 2 == 0 ? 0.0095 : -0.0095));
        }
        return new TwoLayerLinear(100, 0.01, beta, new State(b, 0.0445, 0.5));
    }

    /** What a run of gradient descent did. */
    private record Run(TwoLayerLinear end, double lowest, int flips, boolean diverged) {
        static Run of(double rate) {
            return of(start(), rate);
        }

        static Run of(TwoLayerLinear start, double rate) {
            TwoLayerLinear model = start;
            double lowest = model.sharpness();
            int flips = 0;
            for (int t = 0; t < STEPS; t++) {
                TwoLayerLinear next = model.descend(rate);
                if (!Double.isFinite(next.loss()) || next.loss() > 1e6) {
                    return new Run(model, lowest, flips, true);
                }
                flips += Math.signum(next.state().q())
                                        * Math.signum(model.state().q())
                                < 0
                        ? 1
                        : 0;
                model = next;
                if (t < 50) {
                    lowest = Math.min(lowest, model.sharpness());
                }
            }
            return new Run(model, lowest, flips, false);
        }
    }

    @Test
    void sharpnessFallsIntoTheValleyAndThenRisesToItsClosedForm() {
        assertThat(start().sharpness()).isCloseTo(25.8, withinPercentage(1));
        Run run = Run.of(0.002); // 2/eta = 1000, never reached
        assertThat(run.lowest).isCloseTo(24.8, withinPercentage(1));
        assertThat(run.end.sharpness()).isCloseTo(512, withinPercentage(1));
        assertThat(run.end.sharpness())
                .isCloseTo(100 * run.end.state().c() * run.end.state().c(), withinPercentage(1e-6));
        assertThat(run.end.state().c()).isCloseTo(2.263, withinPercentage(1));
        assertThat(run.end.loss()).isLessThan(1e-20);
        // eta * lambda > 1 at the end: signs flip while the amplitude decays, until it is too small for a number
        assertThat(run.flips).isCloseTo(45, within(1));
    }

    /** The start decides when eta lambda exceeds 1, and so how many flips are left until q is too small for a number. */
    @Test
    void fortyFiveFlipsAreWithinTheSpreadOfStartsOfThatSharpnessAndDip() {
        List<Integer> flips = new ArrayList<>();
        List<Double> beta = start().beta();
        for (int draw = 0; flips.size() < 8; draw++) {
            double[] z = new double[DIMENSIONS + 1];
            RNG.fold("start").fold(draw).normal(z);
            double[] b =
                    Arrays.stream(z).limit(DIMENSIONS).map(each -> 0.04 * each).toArray();
            TwoLayerLinear model = new TwoLayerLinear(100, 0.01, beta, new State(boxed(b), 0.05 * z[DIMENSIONS], 0.5));
            if (Math.abs(model.sharpness() / 25.8 - 1) < 0.01) {
                Run run = Run.of(model, 0.002);
                if (Math.abs(run.lowest / 24.8 - 1) < 0.01) {
                    flips.add(run.flips);
                    assertThat(run.end.sharpness()).isCloseTo(512, withinPercentage(1));
                }
            }
        }
        Moments spread = Moments.of(flips.stream().mapToDouble(x -> x).toArray());
        assertThat(45.0).isCloseTo(spread.mean(), within(3 * spread.deviation()));
    }

    @Test
    void aRateAboveTheThresholdOscillatesAndTheModelReducesItsSharpness() {
        Run run = Run.of(0.004); // 2/eta = 500 < 512
        assertThat(run.diverged).isFalse();
        assertThat(run.flips).isCloseTo(4886, withinPercentage(1));
        assertThat(run.end.state().c()).isCloseTo(2.226, withinPercentage(1));
        assertThat(run.end.sharpness()).isCloseTo(495.6, withinPercentage(1)).isLessThan(500);
        assertThat(run.end.loss()).isLessThan(1e-20);
    }

    @Test
    void aRateFarAboveTheThresholdDiverges() {
        assertThat(Run.of(0.008).diverged).isTrue(); // 2/eta = 250
    }

    @Test
    void gradientFlowConservesWhatTheTheorySays() {
        TwoLayerLinear model = start();
        double conserved = model.conserved();
        for (int t = 0; t < 20_000; t++) {
            model = model.flow(0.0005); // 512 * 0.0005 = 0.26: the error of a step is below 1e-5 of it
        }
        assertThat(model.conserved()).isCloseTo(conserved, within(1e-5));
        assertThat(model.loss()).isLessThan(1e-20);
        double c2 = model.state().c() * model.state().c();
        // at the minimum |b| = |beta| / c, q = 0
        assertThat(c2 - 25 / c2).isCloseTo(conserved, within(1e-5));
    }

    @Test
    void gradientAndHessianAreDerivativesOfTheLoss() {
        TwoLayerLinear model = start();
        double h = 1e-5;
        double[] g = flat(model.gradient());
        for (int k = 0; k < DIMENSIONS + 2; k++) {
            TwoLayerLinear up = moved(model, k, h);
            TwoLayerLinear down = moved(model, k, -h);
            // central differences: error of order h^2 times third derivatives of up to a few hundred
            assertThat((up.loss() - down.loss()) / (2 * h)).isCloseTo(g[k], within(1e-6));
            double[] gUp = flat(up.gradient());
            double[] gDown = flat(down.gradient());
            for (int j = 0; j < DIMENSIONS + 2; j++) {
                assertThat((gUp[j] - gDown[j]) / (2 * h)).isCloseTo(model.hessian()[j][k], within(1e-6));
            }
        }
    }

    /** The model as it is defined, over inputs with exactly the moments that it takes: x = +-sqrt(d) e_k, x_o = 0 or +-s 1. */
    @Test
    void theReductionIsTheWholeModelsLoss() {
        int d = 3;
        int outlier = 7;
        double[] beta = {1, -2, 0.5};
        double[] b = {0.3, 0.1, -0.7};
        double[] bo = new double[outlier];
        RNG.normal(bo);
        double a = 5;
        double p = 0.125;
        double c = 1.3;
        double size = Math.sqrt(a / (p * outlier));
        double q = Arrays.stream(bo).sum() / Math.sqrt(outlier);
        TwoLayerLinear reduced = new TwoLayerLinear(a, p, boxed(beta), new State(boxed(b), q, c));
        double[] byOutlier = new double[3];
        for (int sign = -1; sign <= 1; sign++) {
            for (int k = 0; k < d; k++) {
                for (int way = -1; way <= 1; way += 2) {
                    double x = way * Math.sqrt(d);
                    double output =
                            c * (b[k] * x + sign * size * Arrays.stream(bo).sum());
                    double target = beta[k] * x + Math.abs(sign * size * outlier) / Math.sqrt(outlier);
                    byOutlier[sign + 1] += (output - target) * (output - target) / 2 / (2 * d);
                }
            }
        }
        double whole = p / 2 * (byOutlier[0] + byOutlier[2]) + (1 - p) * byOutlier[1];
        assertThat(whole).isCloseTo(reduced.loss() + a / 2, within(1e-13));
        assertThat(byOutlier[2]).isCloseTo(reduced.groupLoss(1), within(1e-12));
        assertThat(byOutlier[0]).isCloseTo(reduced.groupLoss(-1), within(1e-12));
    }

    private static List<Double> boxed(double... values) {
        return Arrays.stream(values).boxed().toList();
    }

    @Test
    void atTheMinimumAllEigenvaluesAreKnown() {
        for (double a : new double[] {0.5, 100}) {
            double c = 1.5;
            List<Double> beta = Collections.nCopies(DIMENSIONS, 0.7);
            List<Double> b = Collections.nCopies(DIMENSIONS, 0.7 / c);
            TwoLayerLinear model = new TwoLayerLinear(a, 0.1, beta, new State(b, 0, c));
            double squared = DIMENSIONS * 0.49 / (c * c);
            double[] known = new double[DIMENSIONS + 2];
            Arrays.fill(known, c * c);
            known[0] = a * c * c;
            known[1] = c * c + squared;
            known[2] = 0;
            double[] found = SymmetricEigen.of(model.hessian(), DIMENSIONS + 2).values();
            Arrays.sort(known);
            Arrays.sort(found);
            assertThat(found).containsExactly(known, within(1e-12));
        }
    }

    @Test
    void aSmallBalancedStartEndsAtTheStrengthOfTheOutlierTimesThatOfTheSignal() {
        double small = 0.05;
        List<Double> beta = Collections.nCopies(DIMENSIONS, 5 / Math.sqrt(DIMENSIONS));
        List<Double> b = Collections.nCopies(DIMENSIONS, small / Math.sqrt(DIMENSIONS)); // |b| = c, q far smaller
        for (double a : new double[] {1, 4, 100}) {
            TwoLayerLinear model = new TwoLayerLinear(a, 0.01, beta, new State(b, 1e-4, small));
            for (int t = 0; t < 20_000; t++) {
                model = model.flow(0.001);
            }
            // c^2 = |b|^2 = |beta| = 5: a c^2 where a > 2, else c^2 + |b|^2
            assertThat(model.sharpness()).isCloseTo(5 * Math.max(2, a), withinPercentage(1e-3));
        }
    }

    @Test
    void aSwingMovesTheGroupsAndNotTheMean() {
        TwoLayerLinear model = start();
        State s = model.state();
        TwoLayerLinear swung = new TwoLayerLinear(100, 0.01, model.beta(), new State(s.b(), -s.q(), s.c()));
        assertThat(swung.loss()).isEqualTo(model.loss());
        double moved = swung.groupLoss(1) - model.groupLoss(1);
        // (a/p) c |q| for each way
        assertThat(moved).isCloseTo(2 * 100 / 0.01 * 0.5 * 0.0445, withinPercentage(1e-6));
        assertThat(swung.groupLoss(-1) - model.groupLoss(-1)).isCloseTo(-moved, withinPercentage(1e-6));
    }

    private static TwoLayerLinear moved(TwoLayerLinear model, int k, double by) {
        List<Double> b = new ArrayList<>(model.state().b());
        double q = model.state().q();
        double c = model.state().c();
        if (k < DIMENSIONS) {
            b.set(k, b.get(k) + by);
        } else if (k == DIMENSIONS) {
            q += by;
        } else {
            c += by;
        }
        return new TwoLayerLinear(model.a(), model.p(), model.beta(), new State(b, q, c));
    }

    private static double[] flat(State s) {
        double[] out = new double[s.b().size() + 2];
        for (int i = 0; i < s.b().size(); i++) {
            out[i] = s.b().get(i);
        }
        out[s.b().size()] = s.q();
        out[s.b().size() + 1] = s.c();
        return out;
    }
}
