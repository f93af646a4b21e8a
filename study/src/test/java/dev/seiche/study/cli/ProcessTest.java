package dev.seiche.study.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.seiche.study.run.RunDirectory;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What only a process can show: signals, sudden death, locks between processes, a full disk. */
class ProcessTest {
    private static final int STEPS = 60;

    @TempDir
    private Path directory = Path.of("");

    private static List<String> java(Object... words) {
        List<String> command = new ArrayList<>(List.of(
                ProcessHandle.current().info().command().orElse("java"),
                "-XX:-UsePerfData",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                WalkMain.class.getName()));
        for (Object word : words) {
            command.add(word.toString());
        }
        return command;
    }

    private Process start(List<String> command) throws IOException {
        Path told = Files.createTempFile(directory, "told", ".txt");
        return new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(told.toFile())
                .start();
    }

    /** Starts a walk that waits half-way, and returns once it is there. */
    private Process walking(Path run) throws IOException, InterruptedException {
        Path hold = Files.createFile(directory.resolve("hold"));
        Process process = start(
                java("run", "walk", "steps=" + STEPS, "holdWhile='" + hold + "'", "checkpointEvery=7", "--out", run));
        Path metrics = run.resolve("metrics.jsonl");
        while (process.isAlive()
                && (!Files.exists(metrics) || Files.readAllLines(metrics).size() < 20)) {
            Thread.sleep(5);
        }
        assertThat(process.isAlive()).isTrue();
        return process;
    }

    private Path whole() throws IOException, InterruptedException {
        Path run = directory.resolve("whole");
        assertThat(start(java("run", "walk", "steps=" + STEPS, "--out", run)).waitFor())
                .isZero();
        return run;
    }

    private void endsLike(Path whole, Path run) throws IOException, InterruptedException {
        Files.delete(directory.resolve("hold"));
        assertThat(start(java("resume", run)).waitFor()).isZero();
        RunDirectory read = RunDirectory.read(run);
        assertThat(read.statusInWords()).isEqualTo("completed");
        assertThat(read.record().resumed()).hasSize(1);
        assertThat(read.metrics().rows()).isEqualTo(STEPS);
        assertThat(run.resolve("metrics.jsonl")).hasSameBinaryContentAs(whole.resolve("metrics.jsonl"));
        assertThat(run.resolve("arrays/end.safetensors"))
                .hasSameBinaryContentAs(whole.resolve("arrays/end.safetensors"));
        assertThat(read.record().results())
                .isEqualTo(RunDirectory.read(whole).record().results());
    }

    @Test
    void aRunThatIsAskedToStopEndsCleanlyAndResumesToTheSameBits() throws IOException, InterruptedException {
        Path run = directory.resolve("a");
        Process process = walking(run);
        process.destroy();
        assertThat(process.waitFor()).isEqualTo(130);
        RunDirectory read = RunDirectory.read(run);
        assertThat(read.statusInWords()).isEqualTo("interrupted");
        assertThat(read.record().message()).startsWith("stopped before step");
        assertThat(read.metrics().torn()).isFalse();
        assertThat(run.resolve("report.html")).isNotEmptyFile();
        endsLike(whole(), run);
    }

    @Test
    void aKilledRunReadsAsInterruptedAndResumesToTheSameBits() throws IOException, InterruptedException {
        Path run = directory.resolve("a");
        Process process = walking(run);
        assertThat(RunDirectory.read(run).statusInWords()).isEqualTo("running");
        process.destroyForcibly();
        process.waitFor();
        RunDirectory read = RunDirectory.read(run);
        assertThat(read.statusInWords()).isEqualTo("interrupted (no clean end)");
        assertThat(read.metrics().rows()).isEqualTo(20);
        endsLike(whole(), run);
    }

    @Test
    void twoProcessesNeverWriteOneRun() throws IOException, InterruptedException {
        Path run = directory.resolve("a");
        Process process = walking(run);
        Path told = directory.resolve("second.txt");
        Process second = new ProcessBuilder(java("resume", run))
                .redirectErrorStream(true)
                .redirectOutput(told.toFile())
                .start();
        assertThat(second.waitFor()).isEqualTo(2);
        assertThat(Files.readString(told)).contains("is being written by another process (process " + process.pid());
        Files.delete(directory.resolve("hold"));
        assertThat(process.waitFor()).isZero();
        assertThat(RunDirectory.read(run).metrics().rows()).isEqualTo(STEPS);
    }

    @Test
    void aFullDiskLeavesWholeRowsAndOneError() throws IOException, InterruptedException {
        // The shell caps the size of any file at 64 KiB, which stops a row half-way as a full disk does.
        Path run = directory.resolve("a");
        Path told = directory.resolve("told.txt");
        List<String> command = new ArrayList<>(List.of("bash", "-c", "ulimit -f 64; exec \"$@\"", "bash"));
        command.addAll(java("run", "walk", "steps=5000", "filler=50", "--out", run));
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(told.toFile())
                .start();
        assertThat(process.waitFor()).as(Files.readString(told)).isEqualTo(2);
        List<String> errors = Files.readAllLines(told, StandardCharsets.UTF_8).stream()
                .filter(l -> l.startsWith("error:"))
                .toList();
        assertThat(errors).hasSize(1);
        assertThat(errors.getFirst()).contains("cannot write " + run.resolve("metrics.jsonl"), "file too large");
        RunDirectory read = RunDirectory.read(run);
        assertThat(read.statusInWords()).isEqualTo("failed");
        assertThat(read.metrics().torn()).isFalse();
        assertThat(read.metrics().rows()).isPositive();
    }
}
