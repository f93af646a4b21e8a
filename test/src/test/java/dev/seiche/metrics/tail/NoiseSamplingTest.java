package dev.seiche.metrics.tail;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.seiche.metrics.BatchGradients;
import dev.seiche.metrics.MetricTable;
import dev.seiche.metrics.Quadratic;
import dev.seiche.nn.Loss;
import dev.seiche.nn.Network;
import dev.seiche.nn.ParameterVector;
import dev.seiche.nn.data.DataPlaces;
import dev.seiche.nn.data.Dataset;
import dev.seiche.nn.data.ImageSets;
import dev.seiche.nn.data.LabelledImages;
import dev.seiche.nn.data.Standardisation;
import dev.seiche.nn.data.Synthetic;
import dev.seiche.nn.init.Init;
import dev.seiche.nn.layer.Activation;
import dev.seiche.nn.layer.Mlp;
import dev.seiche.nn.train.Schedule;
import dev.seiche.nn.train.Training;
import dev.seiche.tensor.DType;
import dev.seiche.tensor.Rng;
import dev.seiche.tensor.Scope;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.api.Test;

class NoiseSamplingTest {
    private static final Rng RNG = Rng.seed(1901);

    @Test
    void aPassSumsToZeroAndIsTheDataInItsOrder() {
        Quadratic.onCpu(scope -> {
            Network network = Network.of(Mlp.of(5, 4, 3));
            Dataset data = Synthetic.gaussianBlobs(RNG, 22, 3, 5, 1);
            BatchGradients source = BatchGradients.of(network, Loss.CROSS_ENTROPY, data);
            ParameterVector w = network.init(scope, DType.F64, RNG);
            GradientNoise noise = NoiseSampling.of(5).pass(source, w, RNG, scope);
            assertThat(noise.batches()).isEqualTo(5); // 5 5 5 5 2
            assertThat(noise.coordinates()).isEqualTo((int) w.size());
            assertThat(noise.byLayer()).containsOnlyKeys("fc1", "fc2");
            for (int j = 0; j < noise.coordinates(); j++) {
                assertThat(Arrays.stream(noise.coordinate(j)).sum()).isCloseTo(0, within(1e-14));
            }
            double[] first = source.values(w, scope, 0, 1, 2, 3, 4);
            double[] second = source.values(w, scope, 5, 6, 7, 8, 9);
            assertThat(noise.rows()[0][7] - noise.rows()[1][7]).isCloseTo(first[7] - second[7], within(1e-14));
        });
    }

    @Test
    void randomMiniBatchesAreMeasuredFromTheExactGradient() {
        Quadratic.onCpu(scope -> {
            Network network = Network.of(Mlp.of(5, 4, 3));
            Dataset data = Synthetic.gaussianBlobs(RNG, 22, 3, 5, 1);
            BatchGradients source = BatchGradients.of(network, Loss.CROSS_ENTROPY, data);
            ParameterVector w = network.init(scope, DType.F64, RNG);
            // all of the data is no noise
            GradientNoise none = NoiseSampling.of(22).random(source, 3, w, RNG, scope);
            assertThat(Arrays.stream(none.pooled()).map(Math::abs).max().orElse(1))
                    .isLessThan(1e-15);
            GradientNoise all = NoiseSampling.of(4).random(source, 6, w, RNG, scope);
            GradientNoise some = new NoiseSampling(4, 10).random(source, 6, w, RNG, scope);
            assertThat(some.coordinates()).isEqualTo(10);
            assertThat(all.rows()[2]).contains(some.rows()[2]);
        });
    }

    @Test
    void onANetworkThePublishedNumberIsFarBelowTwoAndTheCorrectedOneIsTwoForLargeBatches() {
        LabelledImages images = ImageSets.load("fashion-mnist-1k", DataPlaces.of(null, Map.of(), Path.of(".")))
                .train();
        Dataset data = images.dataset("images", Standardisation.global(images));
        Quadratic.onCpu(scope -> {
            Network network = Network.of(Mlp.of(784, 16, 16, 10)
                    .withActivation(Activation.RELU)
                    .withInit(Init.kaimingNormal())
                    .withoutBias());
            ParameterVector w = network.init(scope, DType.F32, RNG);
            BatchGradients source = BatchGradients.of(network, Loss.CROSS_ENTROPY, data);
            for (int batch : new int[] {10, 100}) {
                try (Scope step = scope.child("noise")) {
                    GradientNoise noise = new NoiseSampling(batch, 4000).random(source, 128, w, RNG, step);
                    double official = Pooling.official(noise);
                    double corrected = Pooling.corrected(noise, RNG);
                    // whatever the batch size, because it is about scales of coordinates
                    assertThat(official).isBetween(0.9, 1.6);
                    if (batch == 100) {
                        assertThat(corrected).isBetween(1.9, 2.1);
                    }
                }
            }
        });
    }

    @Test
    void theProbeEmitsBothReadingsSideBySideInAllAndByLayer() {
        MetricTable table = new MetricTable();
        Quadratic.onCpu(scope -> {
            Network network = Network.of(Mlp.of(5, 6, 3));
            Dataset data = Synthetic.gaussianBlobs(RNG, 60, 3, 5, 1);
            BatchGradients source = BatchGradients.of(network, Loss.CROSS_ENTROPY, data);
            TailProbe.Options options = new TailProbe.Options(NoiseSampling.of(10), 64, 2, true);
            Training.of(network, Loss.CROSS_ENTROPY, data)
                    .probe(new TailProbe(source, options, Schedule.every(2), RNG, table))
                    .start(scope, DType.F64, RNG)
                    .run(3);
        });
        assertThat(table.under("tail/"))
                .contains("official", "corrected", "official/fc1", "corrected/fc2", "shapiro_coordinates_holm");
        for (String name : table.under("")) {
            assertThat(table.column(name).keySet()).as(name).containsExactly(0L, 2L);
            assertThat(table.column(name).get(0L)).as(name).isFinite();
        }
    }
}
