package dev.seiche.metrics.oscillation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.seiche.metrics.MetricSink;
import dev.seiche.metrics.MetricTable;
import dev.seiche.metrics.Need;
import dev.seiche.metrics.Quadratic;
import dev.seiche.nn.Loss;
import dev.seiche.nn.Network;
import dev.seiche.nn.data.Synthetic;
import dev.seiche.nn.layer.Mlp;
import dev.seiche.nn.train.Schedule;
import dev.seiche.nn.train.Trainer;
import dev.seiche.nn.train.Training;
import dev.seiche.tensor.DType;
import dev.seiche.tensor.Rng;
import dev.seiche.tensor.Scope;
import dev.seiche.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class OscillationProbeTest {
    private static final int STEPS = 100;

    private static MetricTable quadratic(double rate) {
        MetricTable table = new MetricTable();
        Quadratic.onCpu(scope -> {
            try (OscillationProbe probe = OscillationProbe.of(Quadratic.NETWORK.parameters(), scope, table)) {
                Quadratic.start(Quadratic.training(rate).probe(probe), scope).run(STEPS);
            }
        });
        return table;
    }

    @Test
    void onAQuadraticTheCosineIsThatOfTheClosedForm() {
        for (double rate : new double[] {0.09, 0.1, 0.104}) {
            double[] measured = quadratic(rate).column(OscillationNames.COS, STEPS);
            for (int t = 1; t < STEPS; t++) {
                double slow = Math.pow(1 - rate, 2 * t - 1); // g_t = (r^t, 0.95 s^t)
                double fast = 0.9025 * Math.pow(1 - 19 * rate, 2 * t - 1);
                double now = Math.hypot(Math.pow(1 - rate, t), 0.95 * Math.pow(1 - 19 * rate, t));
                double before = Math.hypot(Math.pow(1 - rate, t - 1), 0.95 * Math.pow(1 - 19 * rate, t - 1));
                // 100 steps, each with a few roundings
                assertThat(measured[t]).isCloseTo((slow + fast) / now / before, within(1e-12));
            }
        }
    }

    @Test
    void onAQuadraticTheCosineIsPredictedExactly() {
        MetricTable table = quadratic(0.104);
        double[] predicted = table.column(OscillationNames.PREDICTED_COS, STEPS);
        double[] measured = table.column(OscillationNames.COS, STEPS);
        PredictionError error = PredictionError.of(predicted, measured);
        assertThat(error.count()).isEqualTo(STEPS - 1);
        assertThat(error.p95()).isLessThan(1e-7); // r - q^2 cancels, and its root enters
    }

    @Test
    void onAQuadraticTheSmoothnessOfAStepIsTheCurvatureAlongItsGradient() {
        MetricTable table = quadratic(0.104);
        double[] smoothness = table.column(OscillationNames.SMOOTHNESS, STEPS);
        double[] curvature = table.column(OscillationNames.GRADIENT_CURVATURE, STEPS);
        assertThat(smoothness[0]).isNaN();
        for (int t = 1; t < STEPS; t++) {
            assertThat(smoothness[t]).isCloseTo(curvature[t - 1], within(1e-11)); // (gg - gh) / eta: 19 * 200 ulp
        }
        double[] scaled = table.column(OscillationNames.ETA_SMOOTHNESS, STEPS);
        assertThat(scaled[STEPS - 1]).isBetween(1.0, 2.0); // gradients turn
    }

    @Test
    void onceTheGradientAlternatesItsSpectrumIsAtPeriodTwo() {
        MetricTable turning = quadratic(0.104);
        assertThat(turning.column(OscillationNames.SPECTRAL)).hasSize(STEPS - SpectralScore.WINDOW + 1);
        assertThat(turning.column(OscillationNames.SPECTRAL).lastEntry().getValue())
                .isGreaterThan(0.95);
        MetricTable smooth = quadratic(0.04); // factors 0.96 and 0.24: no alternation at all
        assertThat(smooth.column(OscillationNames.SPECTRAL).lastEntry().getValue())
                .isLessThan(0.01);
    }

    @Test
    void emitsNamesInTheOrderOfTheNetwork() {
        List<String> names = new ArrayList<>();
        MetricSink sink = (step, name, value) -> {
            if (step == 1) {
                names.add(name);
            }
        };
        Quadratic.onCpu(scope -> {
            Network network = Network.of(Mlp.of(3, 4, 2));
            var options = new OscillationProbe.Options(3, 0, Schedule.everyStep());
            try (OscillationProbe probe =
                    new OscillationProbe(network.parameters(), options, Rng.seed(1), scope, sink.prefixed("arm/"))) {
                assertThat(probe.needs()).containsExactlyInAnyOrder(Need.LOSS, Need.GRADIENT, Need.HVP);
                blobs(network).probe(probe).start(scope, DType.F32, Rng.seed(2)).run(2);
            }
        });
        assertThat(names)
                .containsExactly(
                        "arm/grad/norm",
                        "arm/grad/norm/fc1",
                        "arm/grad/norm/fc2",
                        "arm/grad/cos",
                        "arm/grad/cos/fc1",
                        "arm/grad/cos/fc2",
                        "arm/grad/cos_lag/2",
                        "arm/grad/cos_lag/3",
                        "arm/grad/cos_predicted",
                        "arm/smoothness",
                        "arm/eta_smoothness",
                        "arm/sharpness/gradient");
    }

    @Test
    void aResumedRunMeasuresTheSameBits() {
        Network network = Network.of(Mlp.of(3, 4, 2));
        var options = new OscillationProbe.Options(3, 2, Schedule.every(2));
        MetricTable unbroken = new MetricTable();
        MetricTable resumed = new MetricTable();
        Quadratic.onCpu(scope -> {
            CosineTally whole;
            try (OscillationProbe probe = probe(network, options, scope, unbroken)) {
                blobs(network).probe(probe).start(scope, DType.F32, Rng.seed(2)).run(90);
                whole = probe.tally();
            }
            Map<String, Tensor> saved;
            try (OscillationProbe probe = probe(network, options, scope, resumed)) {
                Trainer trainer = blobs(network).probe(probe).start(scope, DType.F32, Rng.seed(2));
                trainer.run(41);
                saved = trainer.capture(scope);
            }
            try (OscillationProbe probe = probe(network, options, scope, resumed)) {
                Trainer trainer = blobs(network).probe(probe).start(scope, DType.F32, Rng.seed(77));
                trainer.restore(saved);
                trainer.run(90);
                assertThat(probe.tally()).isEqualTo(whole);
                assertThat(whole.count()).isEqualTo(89);
            }
        });
        assertThat(resumed.under("")).isEqualTo(unbroken.under("")).contains(OscillationNames.SPECTRAL);
        for (String name : unbroken.under("")) {
            assertThat(resumed.column(name)).as(name).isEqualTo(unbroken.column(name));
        }
    }

    @Test
    void aStepThatDoesNotFollowTheLastOneIsAnError() {
        Network network = Network.of(Mlp.of(3, 4, 2));
        Quadratic.onCpu(scope -> {
            try (OscillationProbe probe = OscillationProbe.of(network.parameters(), scope, (step, name, value) -> {})) {
                Training training = blobs(network).probe(probe);
                training.start(scope, DType.F32, Rng.seed(2)).run(3);
                Trainer other = training.start(scope, DType.F32, Rng.seed(2));
                assertThatThrownBy(() -> other.run(1))
                        .isInstanceOf(IllegalStateException.class)
                        .hasMessageStartingWith("oscillation: step 0 follows step 2");
            }
        });
    }

    @Test
    void aRunThatGrowsBeyondItsBoundIsMasked() {
        Quadratic.onCpu(scope -> {
            try (OscillationProbe probe =
                    OscillationProbe.of(Quadratic.NETWORK.parameters(), scope, (step, name, value) -> {})) {
                // 2 L_t = 0.85^2t + 0.0475 * 1.85^2t: 1.05 at first, 2.3 at t = 3, 6.8 at t = 4
                Quadratic.start(Quadratic.training(0.15).probe(probe), scope).run(30);
                assertThat(probe.tally().count()).isEqualTo(29);
                assertThat(probe.tally().masked()).isEqualTo(29 - 3);
            }
        });
    }

    private static OscillationProbe probe(
            Network network, OscillationProbe.Options options, Scope scope, MetricTable table) {
        return new OscillationProbe(network.parameters(), options, Rng.seed(1), scope, table);
    }

    private static Training blobs(Network network) {
        return Training.of(network, Loss.CROSS_ENTROPY, Synthetic.gaussianBlobs(Rng.seed(3), 12, 2, 3, 1))
                .learningRate(0.5);
    }
}
