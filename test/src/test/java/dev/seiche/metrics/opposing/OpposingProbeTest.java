package dev.seiche.metrics.opposing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.seiche.metrics.BatchGradients;
import dev.seiche.metrics.MetricTable;
import dev.seiche.metrics.Quadratic;
import dev.seiche.metrics.oscillation.OscillationNames;
import dev.seiche.metrics.oscillation.OscillationProbe;
import dev.seiche.metrics.oscillation.ScaleCheck;
import dev.seiche.metrics.statistics.Summary;
import dev.seiche.nn.Loss;
import dev.seiche.nn.Network;
import dev.seiche.nn.data.DataPlaces;
import dev.seiche.nn.data.Dataset;
import dev.seiche.nn.data.ImageSets;
import dev.seiche.nn.data.LabelledImages;
import dev.seiche.nn.data.Standardisation;
import dev.seiche.nn.layer.Mlp;
import dev.seiche.nn.train.Schedule;
import dev.seiche.nn.train.Trainer;
import dev.seiche.nn.train.Training;
import dev.seiche.tensor.DType;
import dev.seiche.tensor.Rng;
import dev.seiche.tensor.Tensor;
import java.nio.file.Path;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** On shipped images, at the edge of stability: what the literature says of opposing groups. */
class OpposingProbeTest {
    private static final int STEPS = 220;
    private static final int LATE = 150;

    private static Dataset images() {
        LabelledImages images = ImageSets.load("fashion-mnist-1k", DataPlaces.of(null, Map.of(), Path.of(".")))
                .train()
                .first(200);
        return images.dataset("images", Standardisation.global(images));
    }

    private static double at(MetricTable table, String name, long step) {
        return Objects.requireNonNull(table.column(name).get(step));
    }

    private static double late(MetricTable table, String name) {
        NavigableMap<Long, Double> column = table.column(name).tailMap((long) LATE, true);
        return Summary.median(column.values().stream().mapToDouble(x -> x).toArray());
    }

    @Test
    void groupsOpposeEachOtherWhileGradientsOscillateAndARestartAtASmallerRateCalmsThem() {
        Network network = Network.of(Mlp.of(784, 50, 50, 10));
        MetricTable table = new MetricTable();
        Quadratic.onCpu(scope -> {
            Dataset data = images();
            Training recipe =
                    Training.of(network, Loss.HALF_SQUARED_ERROR, data).learningRate(0.2);
            OpposingProbe probe = new OpposingProbe(
                    BatchGradients.of(network, Loss.HALF_SQUARED_ERROR, data),
                    new OpposingProbe.Options(8, 20, Schedule.every(50)),
                    Rng.seed(0),
                    table);
            try (OscillationProbe cosines = new OscillationProbe(
                    network.parameters(), new OscillationProbe.Options(1, 0, null), Rng.seed(0), scope, table)) {
                Trainer trainer = recipe.probe(probe).probe(cosines).start(scope, DType.F64, Rng.seed(1));
                trainer.run(STEPS);
                assertThat(probe.history().steps()).isEqualTo(STEPS);
                ScaleCheck calm = ScaleCheck.run(
                        recipe, trainer.weights(), trainer.statistics(), 0.05, 40, 13, scope, (t, name, value) -> {});
                assertThat(calm.stopped()).isTrue();
                assertThat(calm.etaSharpness().first()).isLessThan(1.5);
                assertThat(calm.sharpened()).isTrue();
            }
        });
        assertThat(late(table, OscillationNames.COS)).isLessThan(-0.5);
        assertThat(late(table, "opposing/stability")).isGreaterThan(0.7);
        assertThat(late(table, "opposing/opposition")).isLessThan(-0.8);
        assertThat(late(table, "opposing/alternation")).isLessThan(-0.8);
        assertThat(late(table, "opposing/outsize")).isGreaterThan(2);
        assertThat(late(table, "opposing/rising")).isBetween(0.35, 0.65);
        assertThat(late(table, "opposing/cancelling")).isLessThan(0.2);
        assertThat(late(table, "opposing/gradient_norm")).isGreaterThan(1.5 * late(table, "opposing/random_norm"));
        assertThat(late(table, "opposing/gradient_cos")).isLessThan(late(table, "opposing/random_cos"));
        // along the sharpest direction they pull apart, and harder than random groups do
        for (long t = LATE; t < STEPS; t += 50) {
            double rising = at(table, "opposing/along_rising", t);
            double falling = at(table, "opposing/along_falling", t);
            assertThat(rising * falling).isNegative();
            double pull = Math.max(Math.abs(rising), Math.abs(falling)) * at(table, "opposing/gradient_norm", t);
            double random = at(table, "opposing/random_along", t) * at(table, "opposing/random_norm", t);
            assertThat(pull).isGreaterThan(random);
        }
    }

    @Test
    void aResumedRunMeasuresTheSameBits() {
        Network network = Network.of(Mlp.of(784, 10));
        MetricTable unbroken = new MetricTable();
        MetricTable resumed = new MetricTable();
        Quadratic.onCpu(scope -> {
            Dataset data = images().first(40);
            BatchGradients source = BatchGradients.of(network, Loss.CROSS_ENTROPY, data);
            OpposingProbe.Options options = new OpposingProbe.Options(4, 3, Schedule.every(5));
            Training recipe = Training.of(network, Loss.CROSS_ENTROPY, data).learningRate(0.1);
            recipe.probe(new OpposingProbe(source, options, Rng.seed(0), unbroken))
                    .start(scope, DType.F32, Rng.seed(1))
                    .run(14);
            Trainer first = recipe.probe(new OpposingProbe(source, options, Rng.seed(0), resumed))
                    .start(scope, DType.F32, Rng.seed(1));
            first.run(6);
            Map<String, Tensor> saved = first.capture(scope);
            Trainer second = recipe.probe(new OpposingProbe(source, options, Rng.seed(0), resumed))
                    .start(scope, DType.F32, Rng.seed(9));
            second.restore(saved);
            second.run(14);
        });
        assertThat(resumed.under("")).isEqualTo(unbroken.under(""));
        for (String name : unbroken.under("")) {
            assertThat(resumed.column(name)).as(name).isEqualTo(unbroken.column(name));
        }
    }
}
