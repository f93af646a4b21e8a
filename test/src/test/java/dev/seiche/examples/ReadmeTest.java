package dev.seiche.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.seiche.kernels.cpu.CpuBackend;
import dev.seiche.kernels.cpu.CpuOptions;
import dev.seiche.tensor.DType;
import dev.seiche.tensor.Shape;
import dev.seiche.tensor.Tensor;
import dev.seiche.testkit.Testbed;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the README shows is what compiles and runs. */
class ReadmeTest {
    private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();

    @ParameterizedTest
    @CsvSource({"WatchGradients, example", "SamplesApart, samples"})
    void theExamplesInTheReadmeAreThoseThatCompile(String file, String mark) throws IOException {
        String source = Files.readString(ROOT.resolve("test/src/test/java/dev/seiche/examples/" + file + ".java"));
        String begins = "// README " + mark + " begins";
        String body = source.substring(
                source.indexOf(begins) + begins.length(), source.indexOf("        // README " + mark + " ends"));
        assertThat(Files.readString(ROOT.resolve("README.md")))
                .contains("```java" + body.stripTrailing().stripIndent() + "\n```");
        assertThat(mark.equals("samples") ? body.strip().lines().count() : 0).isLessThan(12);
    }

    @Test
    void theExampleOfSamplesReadsNormsAndCosines() {
        Testbed.run(() -> CpuBackend.open(CpuOptions.defaults()), scope -> {
            Tensor images = scope.tensor(DType.F64, Shape.of(3, 2), 1, 2, 3, 4, 1, 2);
            Tensor labels = scope.tensor(Shape.of(3), new int[] {0, 1, 0});
            Tensor weight = scope.tensor(DType.F64, Shape.of(2, 2), 0.5, -1, 0.25, 2);
            Tensor bias = scope.tensor(DType.F64, Shape.of(2), 0, 0.1);
            SamplesApart.Read read = SamplesApart.run(scope, images, labels, weight, bias);
            assertThat(read.norms()).hasSize(3).doesNotContain(0.0);
            assertThat(read.norms()[0]).isEqualTo(read.norms()[2]);
            // the same sample twice, and two of different classes whose inputs agree: they pull against each other
            assertThat(read.cosines()[0][2]).isCloseTo(1, within(1e-15));
            assertThat(read.cosines()[0][1]).isNegative();
            assertThat(read.towardsMean()).hasSize(3);
            assertThat(read.plan()).contains("CONTRACT", "JOINED");
        });
    }

    @Test
    void theExampleSeesGradientsTurnAgainstEachOther() {
        List<Double> cosines = new ArrayList<>();
        WatchGradients.run(100, 30, cosines::add);
        assertThat(cosines).hasSize(30);
        assertThat(cosines.get(0)).isNaN();
        // at this rate the largest eigenvalue times the rate starts above 2: the gradient turns within a few steps
        assertThat(cosines.subList(1, 30)).anyMatch(c -> c < -0.5);
    }
}
