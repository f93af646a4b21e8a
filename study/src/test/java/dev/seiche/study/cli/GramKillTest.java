package dev.seiche.study.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.seiche.study.run.RunDirectory;
import dev.seiche.study.run.SafeTensors;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** A Gram of all shipped images that is killed half-way and goes on. */
class GramKillTest {
    /** So many that the kill comes between two of them, not after the last. */
    private static final int BLOCKS = 16;

    private static final int TILES = BLOCKS * (BLOCKS + 1) / 2;

    @TempDir
    private Path directory = Path.of("");

    private Process start(Object... words) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                ProcessHandle.current().info().command().orElse("java"),
                "--add-modules=jdk.incubator.vector",
                "--enable-native-access=ALL-UNNAMED",
                "-XX:-UsePerfData",
                "-Xmx512m",
                "-cp",
                System.getProperty("java.class.path"),
                SeicheCli.class.getName()));
        for (Object word : words) {
            command.add(word.toString());
        }
        Path told = Files.createTempFile(directory, "told", ".txt");
        return new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(told.toFile())
                .start();
    }

    private static long tiles(Path run) throws IOException {
        if (!Files.isDirectory(run.resolve("parts"))) {
            return 0;
        }
        try (Stream<Path> files = Files.list(run.resolve("parts"))) {
            return files.filter(file -> file.toString().endsWith(".safetensors"))
                    .count();
        }
    }

    /** All pairs in tiles, and the extremes alone from sketches, of which every 8 samples make a part. */
    static Stream<Arguments> runs() {
        List<Object> all = List.of("--samples", 1000, "--tile", 63);
        List<Object> few = List.of("--samples", 200, "--tile", 8);
        return Stream.of(
                Arguments.of(all, List.of("--model", "mlp:50,50", "--budget", "32MB"), TILES),
                Arguments.of(all, List.of("--model", "cnn:4,8", "--budget", "16MB"), TILES),
                Arguments.of(few, List.of("--model", "mlp:512,512", "--screen", 1024), 25));
    }

    @ParameterizedTest
    @MethodSource("runs")
    void killedHalfWayAndResumedItEndsWithTheBitsOfAnUnbrokenRun(List<Object> samples, List<Object> options, int parts)
            throws IOException, InterruptedException {
        List<Object> words = new ArrayList<>(samples);
        words.addAll(options);
        Path whole = directory.resolve("whole");
        Path broken = directory.resolve("broken");
        List<Object> unbroken = new ArrayList<>(List.of("gram", "--out", whole));
        unbroken.addAll(words);
        assertThat(start(unbroken.toArray()).waitFor()).isZero();

        List<Object> killed = new ArrayList<>(List.of("gram", "--out", broken));
        killed.addAll(words);
        Process process = start(killed.toArray());
        while (process.isAlive() && tiles(broken) < parts / 2) {
            Thread.sleep(2);
        }
        assertThat(process.isAlive()).isTrue();
        // SIGKILL: no handler of ours runs
        process.destroyForcibly();
        process.waitFor();
        assertThat(RunDirectory.read(broken).statusInWords()).isEqualTo("interrupted (no clean end)");
        assertThat(tiles(broken)).isBetween((long) parts / 2, parts - 1L);

        boolean all = parts == TILES;
        String first = all ? "tile-00000-00000" : "sketch-00000";
        pretendToBeOfOtherWeights(broken.resolve("parts/" + first + ".safetensors"));

        assertThat(start("resume", broken).waitFor()).isZero();
        assertThat(tiles(broken)).isEqualTo(parts);
        for (String folder : List.of("parts", "arrays")) {
            if (!Files.isDirectory(whole.resolve(folder))) {
                continue;
            }
            try (Stream<Path> files = Files.list(whole.resolve(folder))) {
                for (Path file : files.toList()) {
                    assertThat(broken.resolve(whole.relativize(file).toString()))
                            .hasSameBinaryContentAs(file);
                }
            }
        }
        assertThat(RunDirectory.read(broken).record().results())
                .isEqualTo(RunDirectory.read(whole).record().results());
        String log = Files.readString(broken.resolve("log.txt"));
        assertThat(log).contains("resumed from step 0");
        if (all) {
            assertThat(log).contains("1 tiles of other weights, data, settings or of another build are computed again");
        }
    }

    /** A part says what it was computed from; one that says something else is not taken, here for it holds nothing. */
    private static void pretendToBeOfOtherWeights(Path file) {
        Map<String, String> about = new TreeMap<>(SafeTensors.read(file).metadata());
        assertThat(about).containsKeys("parameters", "data", "model", "dtype", "batch_norm", "device", "seiche");
        assertThat(about.put("parameters", "others")).matches("[0-9a-f]{64}");
        assertThat(about.get("data")).matches("[0-9a-f]{64}");
        new SafeTensors(Map.of(), about).write(file);
    }
}
