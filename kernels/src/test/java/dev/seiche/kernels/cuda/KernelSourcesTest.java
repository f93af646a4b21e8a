package dev.seiche.kernels.cuda;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The rules of the house for the text of kernels. */
class KernelSourcesTest {
    private static final Pattern NAME = Pattern.compile("[a-z0-9_]+_(?:f32|f64|i32)_v\\d+");

    private final KernelSources sources = KernelSources.read();

    private Map<String, String> files() {
        Map<String, String> all = new HashMap<>(sources.programs());
        all.putAll(sources.headers());
        return all;
    }

    @Test
    void everyFileIsShipped() throws IOException {
        Path folder = Path.of("src/main/cuda").toAbsolutePath();
        Path home = Files.isDirectory(folder)
                ? folder
                : Path.of("kernels/src/main/cuda").toAbsolutePath();
        Set<String> written = new TreeSet<>();
        try (Stream<Path> files = Files.list(home)) {
            files.forEach(file -> written.add(String.valueOf(file.getFileName())));
        }
        assertThat(files().keySet()).containsExactlyInAnyOrderElementsOf(written);
    }

    @Test
    void everyGlobalFunctionIsFoundAndNamedByTypeAndVersion() {
        sources.programs().forEach((file, text) -> {
            long globals = text.lines().filter(l -> l.contains("__global__")).count();
            long found =
                    sources.kernels().values().stream().filter(file::equals).count();
            assertThat(found).as(file).isEqualTo(globals).isPositive();
        });
        assertThat(sources.kernels().keySet())
                .allMatch(name -> NAME.matcher(name).matches());
    }

    /** Chains use any expression, and tests of single kernels hold it to the reference. */
    @Test
    void everyExpressionHasAKernelOfItsOwnForEachType() {
        String kernels = String.valueOf(sources.programs().get("elementwise.cu"));
        Matcher structs = Pattern.compile("(?m)^struct (\\w+)")
                .matcher(String.valueOf(sources.headers().get("expressions.cuh")));
        int found = 0;
        while (structs.find()) {
            found++;
            String use = structs.group(1) + "::of(";
            assertThat(kernels.lines().filter(line -> line.contains("(" + use)).count())
                    .as(use)
                    .isEqualTo(2);
        }
        assertThat(found).isGreaterThan(20);
    }

    @Test
    void nothingButOurOwnHeadersIsIncluded() {
        files().forEach((file, text) -> {
            Matcher include = Pattern.compile("#include\\s+(\\S+)").matcher(text);
            while (include.find()) {
                assertThat(include.group(1)).as(file).matches("\"\\w+\\.cuh\"");
            }
        });
    }

    @Test
    void assemblyStandsInOneHeader() {
        files().forEach((file, text) -> {
            if (!file.equals("device.cuh")) {
                assertThat(Pattern.compile("\\basm\\b").matcher(text).find())
                        .as(file)
                        .isFalse();
            }
        });
    }

    @Test
    void aSharedStatementDeclaresOneVariable() {
        files().forEach((file, text) -> {
            List<String> statements = Pattern.compile("__shared__[^;]*;")
                    .matcher(text.replaceAll("//.*", ""))
                    .results()
                    .map(m -> m.group())
                    .toList();
            assertThat(statements)
                    .as(file)
                    .noneMatch(s -> s.replaceAll("\\[[^]]*]|\\([^)]*\\)", "").contains(","));
        });
    }
}
