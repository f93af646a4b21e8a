package dev.seiche.examples;

import static org.assertj.core.api.Assertions.assertThat;

import dev.seiche.kernels.cpu.CpuBackend;
import dev.seiche.metrics.Metric;
import dev.seiche.metrics.preset.Measure;
import dev.seiche.metrics.preset.Selection;
import dev.seiche.nn.Loss;
import dev.seiche.nn.Network;
import dev.seiche.nn.data.Dataset;
import dev.seiche.nn.data.Synthetic;
import dev.seiche.nn.layer.Mlp;
import dev.seiche.tensor.DType;
import dev.seiche.tensor.Rng;
import dev.seiche.testkit.Testbed;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the page on metrics shows is what compiles and runs, and attaching a metric takes six lines at most. */
class MetricsPageTest {
    private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();
    private static final int MOST_LINES = 6;

    private static String example(String name) throws IOException {
        String source = Files.readString(ROOT.resolve("test/src/test/java/dev/seiche/examples/MeasureTraining.java"));
        String begin = "        // " + name + " begins\n";
        return source.substring(source.indexOf(begin) + begin.length(), source.indexOf("        // " + name + " ends"))
                .stripTrailing()
                .stripIndent();
    }

    @ParameterizedTest
    @ValueSource(strings = {"preset", "samples", "confusion", "tail", "opposing", "sharpness", "each", "frozen"})
    void theExampleOnThePageIsTheOneThatCompiles(String name) throws IOException {
        assertThat(Files.readString(ROOT.resolve("docs/metrics.md"))).contains("```java\n" + example(name) + "\n```");
    }

    @ParameterizedTest
    @ValueSource(strings = {"preset", "samples", "confusion", "tail", "opposing", "sharpness"})
    void attachingAMetricTakesFewLines(String name) throws IOException {
        // the start of the training included
        assertThat(example(name).lines()).hasSizeLessThanOrEqualTo(MOST_LINES);
    }

    private static void run(Consumer<MeasureTraining> example) {
        Testbed.run(CpuBackend::open, model -> {
            Dataset data = Synthetic.gaussianBlobs(Rng.seed(3), 200, 3, 5, 1);
            example.accept(new MeasureTraining(Network.of(Mlp.of(5, 12, 3)), Loss.CROSS_ENTROPY, data, model));
        });
    }

    @Test
    void theExamplesRun() {
        run(example -> {
            assertThat(example.preset(example.training()).column("noise/scale").keySet())
                    .containsExactly(0L, 50L, 100L, 150L);
            assertThat(example.confusion(example.training()).column("confusion/batch/min_cos"))
                    .hasSize(2);
            assertThat(example.tail(example.training()).column("tail/corrected"))
                    .hasSize(2);
        });
        run(example -> assertThat(example.samples(example.training()).column("coherence/m"))
                .hasSize(10));
        run(example -> assertThat(example.opposing(example.training()).history().steps())
                .isEqualTo(150));
        run(example -> assertThat(example.sharpness(example.training()).column("sharpness"))
                .hasSize(5));
    }

    /** Beside the metric's own line it takes that of the source and that of the training. */
    @Test
    void everyMeasureIsAttachedByOneLineAndMeasures() {
        List<String> words = new ArrayList<>();
        for (int i = 0; i < Measure.values().length; i++) {
            int at = i;
            run(example -> {
                List<Metric> each = example.each();
                assertThat(each).hasSameSizeAs(Measure.values());
                words.add(each.get(at).name());
                example.training()
                        .fullBatch()
                        .probe(each.get(at))
                        .start(example.model(), DType.F32, Rng.seed(1))
                        .run(101);
                assertThat(example.table().under("")).as(each.get(at).name()).isNotEmpty();
                for (int k = each.size() - 1; k >= 0; k--) {
                    each.get(k).close();
                }
            });
        }
        assertThat(words).containsExactlyElementsOf(Selection.words());
    }

    @Test
    void theExampleOfAFrozenPointPrintsFiniteNumbers() {
        List<String> lines = new ArrayList<>();
        Testbed.run(CpuBackend::open, model -> {
            Dataset data = Synthetic.gaussianBlobs(Rng.seed(3), 200, 3, 5, 1);
            Network network = Network.of(Mlp.of(5, 12, 3));
            new MeasureTraining(network, Loss.CROSS_ENTROPY, data, model)
                    .frozen(network.init(model, DType.F64, Rng.seed(1)), lines::add);
        });
        assertThat(lines).hasSize(4).noneMatch(line -> line.contains("NaN"));
    }
}
