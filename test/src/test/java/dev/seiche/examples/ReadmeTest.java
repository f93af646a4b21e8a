package dev.seiche.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What the README shows is what compiles and runs. */
class ReadmeTest {
    private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();

    @Test
    void theExampleInTheReadmeIsTheOneThatCompiles() throws IOException {
        String source = Files.readString(ROOT.resolve("test/src/test/java/dev/seiche/examples/WatchGradients.java"));
        String body = source.substring(
                source.indexOf("// README example begins") + "// README example begins".length(),
                source.indexOf("        // README example ends"));
        assertThat(Files.readString(ROOT.resolve("README.md")))
                .contains("```java" + body.stripTrailing().stripIndent() + "\n```");
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
