package dev.seiche.metrics.opposing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.assertj.core.api.Assertions.withinPercentage;

import dev.seiche.metrics.opposing.TwoLayerLinear.State;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

class TwoLayerLinearTest {
    private static final int DIMENSIONS = 10;
    private static final int STEPS = 5000;

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
            TwoLayerLinear model = start();
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
        // eta * lambda > 1 at the end: signs flip while the amplitude decays
        assertThat(run.flips).isBetween(1, 200);
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
