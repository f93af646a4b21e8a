package dev.seiche.metrics.preset;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.seiche.metrics.BatchGradients;
import dev.seiche.metrics.MetricSet;
import dev.seiche.metrics.MetricTable;
import dev.seiche.metrics.Need;
import dev.seiche.metrics.Quadratic;
import dev.seiche.metrics.oscillation.SpectralScore;
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
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class PresetTest {
    private static final Network NETWORK = Network.of(Mlp.of(5, 6, 3));
    private static final Dataset DATA = Synthetic.gaussianBlobs(Rng.seed(3), 40, 3, 5, 1);
    private static final BatchGradients SOURCE = BatchGradients.of(NETWORK, Loss.CROSS_ENTROPY, DATA);

    private static Training training() {
        return Training.of(NETWORK, Loss.CROSS_ENTROPY, DATA).learningRate(0.3);
    }

    /** Every measure; what keeps nothing between steps once, at step 0. */
    private static MetricSet everything(Scope scope, MetricTable table) {
        Set<Measure> keeping = EnumSet.of(Measure.SHARPNESS, Measure.TRACIN, Measure.ITERATES);
        List<String> names = Stream.of(Measure.values())
                .map(measure ->
                        measure.word() + (measure.usual() == 1 ? "" : keeping.contains(measure) ? "@4" : "@100"))
                .toList();
        return Selection.of(names).open(SOURCE, scope, Rng.seed(0), table);
    }

    @Test
    void everyMeasureNeedsWhatItDeclaresAndRecordsItsEntries() {
        for (Measure measure : Measure.values()) {
            MetricTable table = new MetricTable();
            boolean adjacent = measure.usual() == 1;
            String word = measure.word()
                    + switch (measure) {
                        case ITERATES -> "@2";
                        case OPPOSING -> "@" + (OPPOSING - 1); // its gradients too, and late enough to be judged
                        default -> adjacent ? "@1" : "@100";
                    };
            Quadratic.onCpu(scope -> {
                try (MetricSet metrics = Selection.of(List.of(word)).open(SOURCE, scope, Rng.seed(0), table)) {
                    // entries declare the costliest that they ask for
                    assertThat(Collections.max(metrics.needs()))
                            .as(word)
                            .isLessThanOrEqualTo(Collections.max(measure.needs()));
                    int steps = measure == Measure.OSCILLATION ? SpectralScore.WINDOW + 1 : adjacent ? OPPOSING : 2;
                    training()
                            .probe(metrics)
                            .start(scope, DType.F64, Rng.seed(1))
                            .run(steps);
                }
            });
            List<String> missing = measure.entries().stream()
                    .filter(entry -> table.under("").stream().noneMatch(entry::matches))
                    .map(Entry::name)
                    .toList();
            assertThat(missing).as(measure.word()).isEmpty();
        }
    }

    /** Steps that opposing signals are held out for. */
    private static final int OPPOSING = 25;

    @Test
    void onlyWhatWasAskedForIsRecorded() {
        MetricTable table = new MetricTable();
        Quadratic.onCpu(scope -> {
            try (MetricSet metrics = Selection.of(List.of("grad/cos/fc1@2", "loss@5", "sharpness/2@4"))
                    .open(SOURCE, scope, Rng.seed(0), table)) {
                assertThat(metrics.needs()).doesNotContain(Need.SAMPLE_GRADIENTS);
                training().probe(metrics).start(scope, DType.F64, Rng.seed(1)).run(9);
            }
        });
        assertThat(table.under("")).containsExactlyInAnyOrder("grad/cos/fc1", "loss", "accuracy", "sharpness/2");
        assertThat(table.column("grad/cos/fc1").keySet()).containsExactly(0L, 2L, 4L, 6L, 8L);
        assertThat(table.column("loss").keySet()).containsExactly(0L, 5L);
        assertThat(table.column("sharpness/2").keySet()).containsExactly(0L, 4L, 8L);
    }

    @Test
    void aMeasureThatDoesNotFitIsRefusedByNameAndLeftOutOfPresets() {
        BatchGradients three = BatchGradients.of(NETWORK, Loss.CROSS_ENTROPY, DATA.first(3));
        Quadratic.onCpu(scope -> {
            assertThatThrownBy(() ->
                            Selection.of(List.of("tail")).open(three, scope, Rng.seed(0), (step, name, value) -> {}))
                    .hasMessageContaining("tail does not fit: two mini-batches need 4 samples, there are 3");
            try (MetricSet metrics = Preset.FULL.open(three, scope, (step, name, value) -> {})) {
                assertThat(metrics.metrics()).isNotEmpty();
            }
        });
    }

    @Test
    void everyRecordedNameIsInTheCatalogue() {
        MetricTable table = new MetricTable();
        Quadratic.onCpu(scope -> {
            try (MetricSet metrics = everything(scope, table)) {
                training().probe(metrics).start(scope, DType.F64, Rng.seed(1)).run(3);
                assertThat(metrics.needs()).containsExactlyInAnyOrder(Need.values());
                assertThat(metrics.needs(0)).contains(Need.HVP, Need.SAMPLE_GRADIENTS);
                assertThat(metrics.needs(1)).doesNotContain(Need.SAMPLE_GRADIENTS);
            }
        });
        assertThat(table.under("").size()).isGreaterThan(100);
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
