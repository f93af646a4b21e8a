package dev.seiche.metrics.curvature;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.seiche.metrics.MetricTable;
import dev.seiche.metrics.Quadratic;
import dev.seiche.metrics.oscillation.OscillationNames;
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
import java.util.Map;
import org.junit.jupiter.api.Test;

class SharpnessProbeTest {
    private static final Network NETWORK = Network.of(Mlp.of(3, 6, 2));

    @Test
    void measuresTheCurvatureOfAQuadraticOnSchedule() {
        MetricTable table = new MetricTable();
        Quadratic.onCpu(scope -> {
            try (SharpnessProbe probe = SharpnessProbe.every(5, Quadratic.NETWORK.parameters(), scope, table)) {
                Quadratic.start(Quadratic.training(0.1).probe(probe), scope).run(11);
            }
        });
        assertThat(table.column(OscillationNames.SHARPNESS).keySet()).containsExactly(0L, 5L, 10L);
        for (double value : table.column(OscillationNames.SHARPNESS).values()) {
            assertThat(value).isCloseTo(19, within(1e-10)); // rounding: the space has two dimensions
        }
        assertThat(table.column(OscillationNames.ETA_SHARPNESS).get(10L)).isCloseTo(1.9, within(1e-11));
        assertThat(table.column("sharpness/2").get(10L)).isCloseTo(1, within(1e-10));
        assertThat(table.column(OscillationNames.CONVERGED).values()).containsOnly(1.0);
        // g_0 = (1, 0.95), and at a rate of 0.1 both parts shrink alike
        assertThat(table.column(OscillationNames.OVERLAP).get(0L)).isCloseTo(0.9025 / 1.9025, within(1e-10));
        assertThat(table.column(OscillationNames.OVERLAP).get(10L)).isCloseTo(0.9025 / 1.9025, within(1e-10));
        assertThat(table.column(OscillationNames.RESIDUAL).get(5L)).isLessThan(1e-10);
    }

    @Test
    void saysWhenASearchDidNotConverge() {
        MetricTable table = new MetricTable();
        Quadratic.onCpu(scope -> {
            Lanczos brief = Lanczos.largest(1).withMaxProducts(1);
            try (SharpnessProbe probe = probe(brief, Schedule.everyStep(), scope, table)) {
                blobs().probe(probe).start(scope, DType.F32, Rng.seed(2)).run(1);
            }
        });
        assertThat(table.column(OscillationNames.CONVERGED).get(0L)).isZero();
        assertThat(table.column(OscillationNames.RESIDUAL).get(0L)).isPositive();
        assertThat(table.column(OscillationNames.PRODUCTS).get(0L)).isEqualTo(2);
    }

    @Test
    void aResumedRunMeasuresTheSameBits() {
        MetricTable unbroken = new MetricTable();
        MetricTable resumed = new MetricTable();
        Lanczos lanczos = Lanczos.largest(2);
        Quadratic.onCpu(scope -> {
            try (SharpnessProbe probe = probe(lanczos, Schedule.every(3), scope, unbroken)) {
                blobs().probe(probe).start(scope, DType.F32, Rng.seed(2)).run(10);
            }
            Map<String, Tensor> saved;
            try (SharpnessProbe probe = probe(lanczos, Schedule.every(3), scope, resumed)) {
                Trainer trainer = blobs().probe(probe).start(scope, DType.F32, Rng.seed(2));
                trainer.run(5);
                saved = trainer.capture(scope);
            }
            try (SharpnessProbe probe = probe(lanczos, Schedule.every(3), scope, resumed)) {
                Trainer trainer = blobs().probe(probe).start(scope, DType.F32, Rng.seed(77));
                trainer.restore(saved);
                trainer.run(10);
            }
        });
        assertThat(unbroken.column(OscillationNames.SHARPNESS).keySet()).containsExactly(0L, 3L, 6L, 9L);
        for (String name : unbroken.under("")) {
            assertThat(resumed.column(name)).as(name).isEqualTo(unbroken.column(name));
        }
    }

    @Test
    void refusesASearchForTheSmallestEigenvalues() {
        Quadratic.onCpu(scope -> assertThatThrownBy(() -> probe(
                        Lanczos.largest(1).withEnd(Lanczos.End.SMALLEST),
                        Schedule.everyStep(),
                        scope,
                        new MetricTable()))
                .hasMessageStartingWith("sharpness: it is the largest eigenvalue"));
    }

    private static SharpnessProbe probe(Lanczos lanczos, Schedule schedule, Scope scope, MetricTable table) {
        return new SharpnessProbe(NETWORK.parameters(), lanczos, schedule, Rng.seed(1), scope, table);
    }

    private static Training blobs() {
        return Training.of(NETWORK, Loss.CROSS_ENTROPY, Synthetic.gaussianBlobs(Rng.seed(3), 12, 2, 3, 1))
                .learningRate(0.5);
    }
}
