package dev.seiche.metrics.preset;

import static org.assertj.core.api.Assertions.assertThat;

import dev.seiche.metrics.BatchGradients;
import dev.seiche.metrics.MetricSet;
import dev.seiche.metrics.MetricTable;
import dev.seiche.metrics.Need;
import dev.seiche.metrics.Quadratic;
import dev.seiche.metrics.example.ForgettingProbe;
import dev.seiche.metrics.opposing.OpposingProbe;
import dev.seiche.nn.Loss;
import dev.seiche.nn.Network;
import dev.seiche.nn.data.Dataset;
import dev.seiche.nn.data.Synthetic;
import dev.seiche.nn.layer.Mlp;
import dev.seiche.nn.train.Trainer;
import dev.seiche.nn.train.Training;
import dev.seiche.tensor.DType;
import dev.seiche.tensor.Rng;
import dev.seiche.tensor.Scope;
import dev.seiche.tensor.Tensor;
import java.util.Map;
import org.junit.jupiter.api.Test;

class PresetTest {
    private static final Network NETWORK = Network.of(Mlp.of(5, 6, 3));
    private static final Dataset DATA = Synthetic.gaussianBlobs(Rng.seed(3), 40, 3, 5, 1);
    private static final BatchGradients SOURCE = BatchGradients.of(NETWORK, Loss.CROSS_ENTROPY, DATA);

    private static Training training() {
        return Training.of(NETWORK, Loss.CROSS_ENTROPY, DATA).learningRate(0.3);
    }

    private static MetricSet everything(Scope scope, MetricTable table) {
        return Preset.FULL
                .open(SOURCE, scope, table)
                .and(OpposingProbe.of(SOURCE, table))
                .and(new ForgettingProbe(table));
    }

    @Test
    void everyRecordedNameIsInTheCatalogue() {
        MetricTable table = new MetricTable();
        Quadratic.onCpu(scope -> {
            try (MetricSet metrics = everything(scope, table)) {
                training().probe(metrics).start(scope, DType.F64, Rng.seed(1)).run(30);
                assertThat(metrics.needs()).containsExactlyInAnyOrder(Need.values());
                assertThat(metrics.needs(0)).contains(Need.HVP, Need.SAMPLE_GRADIENTS);
                assertThat(metrics.needs(1)).doesNotContain(Need.SAMPLE_GRADIENTS);
            }
        });
        assertThat(table.under("").size()).isGreaterThan(60);
        assertThat(table.under(""))
                .allSatisfy(name -> assertThat(Catalogue.of(name)).as(name).isPresent());
    }

    @Test
    void aResumedRunMeasuresTheSameBits() {
        MetricTable unbroken = new MetricTable();
        MetricTable resumed = new MetricTable();
        Quadratic.onCpu(scope -> {
            try (MetricSet metrics = everything(scope, unbroken)) {
                training().probe(metrics).start(scope, DType.F32, Rng.seed(1)).run(12);
            }
            Map<String, Tensor> saved;
            try (MetricSet metrics = everything(scope, resumed)) {
                Trainer trainer = training().probe(metrics).start(scope, DType.F32, Rng.seed(1));
                trainer.run(5);
                saved = trainer.capture(scope);
            }
            try (MetricSet metrics = everything(scope, resumed)) {
                Trainer trainer = training().probe(metrics).start(scope, DType.F32, Rng.seed(9));
                trainer.restore(saved);
                trainer.run(12);
            }
        });
        assertThat(resumed.under("")).isEqualTo(unbroken.under(""));
        for (String name : unbroken.under("")) {
            assertThat(resumed.column(name)).as(name).isEqualTo(unbroken.column(name));
        }
    }

    @Test
    void measuringDoesNotTouchTraining() {
        Quadratic.onCpu(scope -> {
            Trainer plain = training().miniBatches(8).start(scope, DType.F32, Rng.seed(1));
            plain.run(6);
            for (Preset preset : Preset.values()) {
                try (MetricSet metrics = preset.open(SOURCE, scope, (step, name, value) -> {})) {
                    Trainer watched = training().miniBatches(8).probe(metrics).start(scope, DType.F32, Rng.seed(1));
                    watched.run(6);
                    assertThat(watched.weights().toDoubles())
                            .isEqualTo(plain.weights().toDoubles());
                }
            }
        });
    }
}
