package dev.seiche.study.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.seiche.study.run.RunDirectory;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SeicheCliTest {
    /** What a command printed and how it ended. */
    private record Told(int code, String out, String err) {}

    private static Told seiche(Object... words) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        Console console = new Console(
                new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8),
                false,
                System::nanoTime);
        String[] args = Stream.of(words).map(String::valueOf).toArray(String[]::new);
        int code = SeicheCli.execute(args, WalkStudy.offered(), console);
        return new Told(code, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
    }

    /** An error of one to five lines that holds all the texts, exit code 2, and no stack trace. */
    private static void refused(List<?> words, String... texts) {
        Told told = seiche(words.toArray());
        assertThat(told.code()).as(told.err()).isEqualTo(2);
        assertThat(told.err()).contains(texts).doesNotContain("\tat ");
        assertThat(told.err().lines().count()).as(told.err()).isBetween(1L, 5L);
    }

    @Test
    void aRunLeavesAWholeDirectoryAndATable(@TempDir Path directory) throws IOException {
        Path run = directory.resolve("a");
        Told told = seiche("run", "walk", "steps=30", "--out", run, "--seed", 7, "--threads", 2);
        assertThat(told.code()).as(told.err()).isZero();
        assertThat(told.out()).contains("Found", "report   " + run.resolve("report.html"), "pictures");
        RunDirectory read = RunDirectory.read(run);
        assertThat(read.statusInWords()).isEqualTo("completed");
        assertThat(read.record().seed()).isEqualTo(7);
        assertThat(read.record().platform().threads()).isEqualTo(2);
        assertThat(read.record().overrides()).containsExactly("steps=30");
        assertThat(read.record().config()).containsEntry("steps", 30).containsEntry("filler", 0);
        assertThat(read.record().origins()).containsEntry("steps", "command line");
        assertThat(read.metrics().rows()).isEqualTo(30);
        assertThat(read.arrays("end")).containsOnlyKeys("x");
        assertThat(read.results(WalkStudy.Found.class)).isPresent();
        assertThat(run.resolve("png/path.png")).isNotEmptyFile();
        assertThat(Files.readString(run.resolve("log.txt"))).contains("started walk-", "walked 30 steps", "completed");
        try (Stream<Path> files = Files.walk(run)) {
            assertThat(files.map(p -> p.getFileName().toString())).noneMatch(n -> n.endsWith(".part"));
        }
    }

    @Test
    void theSameSeedGivesTheSameBytesAndAnotherSeedOthers(@TempDir Path directory) throws IOException {
        for (int seed : List.of(1, 2)) {
            for (String name : List.of("a", "b")) {
                assertThat(seiche("run", "walk", "--seed", seed, "--out", directory.resolve(name + seed))
                                .code())
                        .isZero();
            }
        }
        assertThat(directory.resolve("a1/metrics.jsonl")).hasSameBinaryContentAs(directory.resolve("b1/metrics.jsonl"));
        assertThat(directory.resolve("a1/arrays/end.safetensors"))
                .hasSameBinaryContentAs(directory.resolve("b1/arrays/end.safetensors"));
        assertThat(Files.readString(directory.resolve("a1/metrics.jsonl")))
                .isNotEqualTo(Files.readString(directory.resolve("a2/metrics.jsonl")));
    }

    @Test
    void aPresetIsItsStudyWithOtherValues(@TempDir Path directory) {
        Path run = directory.resolve("a");
        assertThat(seiche("run", "stroll", "--out", run).code()).isZero();
        RunDirectory read = RunDirectory.read(run);
        assertThat(read.record().study()).isEqualTo("walk");
        assertThat(read.record().preset()).isEqualTo("stroll");
        assertThat(read.record().origins()).containsEntry("steps", "preset stroll");
        assertThat(read.metrics().rows()).isEqualTo(7);
    }

    @Test
    void divergenceKeepsWhatWasMeasuredAndDrawsIt(@TempDir Path directory) {
        Path run = directory.resolve("a");
        Told told = seiche("run", "walk", "divergeAt=5", "--out", run);
        assertThat(told.code()).isEqualTo(3);
        assertThat(told.err())
                .contains("error: x is NaN at step 5; choose a smaller rate")
                .doesNotContain("\tat ");
        RunDirectory read = RunDirectory.read(run);
        assertThat(read.statusInWords()).isEqualTo("diverged");
        assertThat(read.record().message()).contains("NaN at step 5");
        assertThat(read.metrics().rows()).isEqualTo(6);
        assertThat(run.resolve("report.html")).isNotEmptyFile();
        refused(List.of("resume", run), "cannot be resumed: it diverged");
    }

    @Test
    void aBugIsCalledABugAndShownWithDebugOnly(@TempDir Path directory) {
        Told told = seiche("run", "walk", "breakAt=5", "--out", directory.resolve("a"));
        assertThat(told.code()).isEqualTo(1);
        assertThat(told.err()).contains("this is a bug in Seiche", "--debug").doesNotContain("\tat ");
        assertThat(RunDirectory.read(directory.resolve("a")).statusInWords()).isEqualTo("failed");
        Told shown = seiche("run", "walk", "breakAt=5", "--out", directory.resolve("b"), "--debug");
        assertThat(shown.err()).contains("\tat dev.seiche.study.cli.WalkStudy");
    }

    @Test
    void showPrintsAFileThatConfigTakes(@TempDir Path directory) throws IOException {
        Told told = seiche("show", "stroll", "filler=3");
        assertThat(told.code()).isZero();
        assertThat(told.out())
                .contains(
                        "# Steps in all (at least 1)",
                        "steps: 7  # from: preset stroll",
                        "filler: 3  # from: command line");
        Path file = Files.writeString(directory.resolve("my.yaml"), told.out());
        Told again = seiche("show", "walk", "--config", file);
        assertThat(again.out()).contains("steps: 7  # from: " + file + ":3");
    }

    @Test
    void listNamesStudiesAndPresets() {
        assertThat(seiche("list").out()).contains("stroll", "Seven steps (preset of walk)", "walk", "A chaotic walk");
    }

    @Test
    void versionTellsTheBuild() {
        assertThat(seiche("--version").out()).startsWith("seiche ").contains("build ", "java 25");
    }

    @Test
    void wrongWordsAreRefusedBeforeAnythingIsWritten(@TempDir Path directory) throws IOException {
        Path out = directory.resolve("never");
        refused(List.of(), "no command given");
        refused(List.of("rum", "walk"), "rum", "seiche --help");
        refused(List.of("run"), "STUDY");
        refused(
                List.of("run", "wlak", "--out", out),
                "there is no study 'wlak'; did you mean 'walk'? known: walk, stroll");
        refused(
                List.of("run", "walk", "--out", out, "--device", "abacus"),
                "there is no device 'abacus'; known: cpu, cuda:0, emulated");
        // whether the driver or only the tenth device is missing
        refused(List.of("run", "walk", "--out", out, "--device", "cuda:9"), "cuda:9 cannot be used");
        refused(List.of("run", "walk", "--out", out, "--threads", "0"), "--threads must lie between 1 and 1024, got 0");
        refused(List.of("run", "walk", "--out", out, "--threads", "two"), "'two' is not an int");
        refused(List.of("run", "walk", "--out", out, "--seed", "x"), "'x' is not a long");
        refused(List.of("run", "walk", "--out", out, "--speed", "9"), "--speed");
        refused(List.of("run", "walk", "--out", out, "step=5"), "unknown key 'step'; did you mean 'steps'?");
        refused(List.of("run", "walk", "--out", out, "steps=0"), "'steps' must be at least 1, got 0");
        refused(List.of("run", "walk", "--out", out, "steps=many"), "wants a whole number");
        refused(List.of("run", "walk", "--out", out, "steps=1", "steps=2"), "given twice");
        refused(List.of("run", "walk", "--out", out, "steps"), "not of the form key=value");
        refused(List.of("run", "walk", "--out", out, "--data", directory.resolve("no")), "is no directory");
        refused(
                List.of("run", "walk", "--out", out, "--config", directory.resolve("no.yaml")),
                "cannot read",
                "no such file");
        Path broken = Files.writeString(directory.resolve("broken.yaml"), "steps: 1\nsteps: 2\n");
        refused(List.of("run", "walk", "--out", out, "--config", broken), broken + ":2: key 'steps' is given twice");
        Path binary = Files.write(directory.resolve("binary.yaml"), new byte[] {(byte) 0xff, (byte) 0xfe, 0});
        refused(List.of("run", "walk", "--out", out, "--config", binary), "is not UTF-8 text");
        refused(List.of("show", "walk", "filler=-1"), "at least 0");
        assertThat(out).doesNotExist();
    }

    @Test
    void aPlaceThatCannotHoldARunIsRefusedAndLeftAsItWas(@TempDir Path directory) throws IOException {
        Path file = Files.writeString(directory.resolve("file"), "x");
        refused(List.of("run", "walk", "--out", file), "is a file");
        refused(List.of("run", "walk", "--out", file.resolve("a")), "cannot write", "--out DIR");
        Path foreign = Files.createDirectory(directory.resolve("foreign"));
        Files.writeString(foreign.resolve("thesis.tex"), "x");
        refused(List.of("run", "walk", "--out", foreign), "is not empty (thesis.tex) and holds no run");
        Path run = directory.resolve("run");
        assertThat(seiche("run", "stroll", "--out", run).code()).isZero();
        byte[] before = Files.readAllBytes(run.resolve("run.json"));
        refused(List.of("run", "stroll", "--out", run), "holds a run already; go on with it by 'seiche resume");
        assertThat(Files.readAllBytes(run.resolve("run.json"))).isEqualTo(before);
        try (Stream<Path> inside = Files.list(foreign)) {
            assertThat(inside).containsExactly(foreign.resolve("thesis.tex"));
        }
    }

    @Test
    void aDirectoryThatIsNoRunOrADamagedOneIsRefused(@TempDir Path directory) throws IOException {
        refused(List.of("report", directory), "is not a run: it holds no run.json");
        refused(List.of("resume", directory.resolve("no")), "is not a run: it is no directory");
        Path run = directory.resolve("run");
        assertThat(seiche("run", "stroll", "--out", run).code()).isZero();
        refused(List.of("resume", run), "cannot be resumed: it came to its end");
        String whole = Files.readString(run.resolve("run.json"));
        Files.writeString(run.resolve("run.json"), whole.substring(0, 100));
        refused(List.of("report", run), "run.json cannot be understood");
        Files.writeString(run.resolve("run.json"), whole.replace("\"format\" : 1", "\"format\" : 99"));
        refused(List.of("report", run), "has format 99, this Seiche reads format 1");
        Files.writeString(run.resolve("run.json"), whole.replace("\"seed\"", "\"sead\""));
        refused(List.of("report", run), "run.json cannot be understood");
        Files.writeString(run.resolve("run.json"), whole.replace("\"walk\"", "\"swim\""));
        refused(List.of("report", run), "there is no study 'swim' in this version");
        Files.writeString(run.resolve("run.json"), whole);
        Files.delete(run.resolve("metrics.jsonl"));
        refused(List.of("report", run), "metrics.jsonl", "no such file");
    }

    @Test
    void withoutATerminalThereIsALineEveryTenth(@TempDir Path directory) {
        Told told = seiche("run", "walk", "steps=1000", "--out", directory.resolve("a"));
        assertThat(told.err().lines().filter(l -> l.contains("%"))).hasSize(10);
        assertThat(told.err()).contains(" 50% 500/1000 | ", "/s | ETA ", "100% 1000/1000 | ", "| took ");
    }
}
