package dev.seiche.study.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.seiche.study.oscillation.OscillationResults;
import dev.seiche.study.run.RunDirectory;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The studies that are shipped, run small from the command line on the shipped images. */
class ShippedStudiesTest {
    /** Small enough for seconds, and at the larger rate it oscillates. */
    private static final List<String> SMALL = List.of(
            "data.samples=40",
            "network.hidden=[8,8]",
            "train.rates=[0.05,0.4]",
            "train.steps=24",
            "train.microBatch=16",
            "train.checkpointEvery=5",
            "measure.sharpnessEvery=6",
            "measure.restartSteps=12");

    /** What a command printed and how it ended. */
    private record Told(int code, String out, String err) {}

    @TempDir
    private Path directory = Path.of("");

    private static Told seiche(List<?> words) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        Console console = new Console(
                new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8),
                false,
                System::nanoTime);
        String[] args = words.stream().map(String::valueOf).toArray(String[]::new);
        int code = SeicheCli.execute(args, SeicheCli.shipped(), console);
        return new Told(code, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
    }

    private static Told small(Path out, Object... more) {
        List<Object> words = new ArrayList<>(List.of("run", "oscillation", "--out", out));
        words.addAll(SMALL);
        for (Object word : more) {
            String key = word.toString().replaceAll("=.*", "=");
            words.removeIf(w -> key.endsWith("=") && w.toString().startsWith(key));
            words.add(word);
        }
        return seiche(words);
    }

    @Test
    void theSameSeedGivesTheSameBitsForAnyNumberOfThreads() {
        for (String dtype : List.of("f64", "f32")) {
            Path one = directory.resolve("one-" + dtype);
            Path two = directory.resolve("two-" + dtype);
            Path again = directory.resolve("again-" + dtype);
            assertThat(small(one, "train.dtype=" + dtype, "--threads", 1).code())
                    .isZero();
            assertThat(small(two, "train.dtype=" + dtype, "--threads", 2).code())
                    .isZero();
            assertThat(small(again, "train.dtype=" + dtype, "--threads", 1).code())
                    .isZero();
            assertThat(again.resolve("metrics.jsonl")).hasSameBinaryContentAs(one.resolve("metrics.jsonl"));
            assertThat(two.resolve("metrics.jsonl")).hasSameBinaryContentAs(one.resolve("metrics.jsonl"));
        }
    }

    @Test
    void aResumedRunEndsWithTheBitsOfAnUnbrokenOne() throws IOException {
        Path whole = directory.resolve("whole");
        assertThat(small(whole).code()).isZero();
        // what a kill in the middle of the second arm leaves: rows after the last checkpoint, and no clean end
        Path broken = directory.resolve("broken");
        copyAsItWasAt(whole, broken, 24 + 1 + 22);
        Told resumed = seiche(List.of("resume", broken));
        assertThat(resumed.code()).as(resumed.err()).isZero();
        assertThat(broken.resolve("metrics.jsonl")).hasSameBinaryContentAs(whole.resolve("metrics.jsonl"));
        assertThat(broken.resolve("arrays/weights-lr-0.4.safetensors"))
                .hasSameBinaryContentAs(whole.resolve("arrays/weights-lr-0.4.safetensors"));
        assertThat(RunDirectory.read(broken).results(OscillationResults.class))
                .isEqualTo(RunDirectory.read(whole).results(OscillationResults.class));
    }

    /** A run of {@link #SMALL} as a kill after some rows leaves it; its last checkpoint is that of step 20 of the second arm. */
    private static void copyAsItWasAt(Path whole, Path broken, int rows) throws IOException {
        try (Stream<Path> files = Files.walk(whole)) {
            for (Path file : files.sorted().toList()) {
                Path to = broken.resolve(whole.relativize(file).toString());
                if (Files.isDirectory(file)) {
                    Files.createDirectories(to);
                } else if (!file.toString().contains("lr-0.4")) {
                    Files.copy(file, to);
                }
            }
        }
        List<String> lines = Files.readAllLines(whole.resolve("metrics.jsonl"));
        String kept = String.join("\n", lines.subList(0, rows)) + "\n{\"step\":22,\"lr=0.4/lo";
        Files.writeString(broken.resolve("metrics.jsonl"), kept);
        String record = Files.readString(broken.resolve("run.json"));
        Files.writeString(
                broken.resolve("run.json"), record.replace("\"status\" : \"completed\"", "\"status\" : \"running\""));
    }

    @Test
    void theSmallestRateStaysSmoothAndTheLargestOscillates() {
        Path run = directory.resolve("run");
        assertThat(small(run, "train.steps=120", "train.rates=[0.02,0.4]").code())
                .isZero();
        OscillationResults found =
                RunDirectory.read(run).results(OscillationResults.class).orElseThrow();
        assertThat(found.arms().get(0).lowestCosine()).isPositive();
        assertThat(found.arms().get(0).onset()).isNull();
        assertThat(found.arms().get(1).onset()).isNotNull();
        // the sharpness has passed 2 / rate before: what starts above it oscillates from the first steps
        assertThat(found.arms().get(1).crossing()).isNotNull();
        assertThat(found.verdicts()).hasSize(10);
        assertThat(run.resolve("report.html")).isNotEmptyFile();
    }

    @Test
    void divergenceIsSaidInAWordAndKeepsWhatWasMeasured() {
        Path run = directory.resolve("run");
        Told told = small(run, "train.rates=[1e150]", "train.loss=half-squared-error", "network.activation=relu");
        assertThat(told.code()).as(told.err()).isEqualTo(3);
        assertThat(told.err()).contains("diverged", "lr=1.0E150").doesNotContain("\tat ");
        assertThat(RunDirectory.read(run).metrics().rows()).isPositive();
    }

    @Test
    void whatCannotBeTrainedOnIsRefusedWithAFix() {
        refused(small(out(), "data.samples=0"), "at least 1");
        refused(small(out(), "data.samples=1001"), "1000 training images", "at most");
        refused(small(out(), "data.set=fashion-mist"), "fashion-mnist");
        refused(small(out(), "train.rates=[-0.1]"), "train.rates");
        refused(small(out(), "train.rates=[0.1,0.1]"), "names a learning rate twice");
        refused(small(out(), "train.rates=[]"), "train.rates");
        refused(small(out(), "train.rates=fast"), "train.rates");
        refused(small(out(), "train.microBatch=0"), "at least 1");
        refused(small(out(), "train.dtype=f16"), "f32", "f64");
        refused(small(out(), "train.loss=mse"), "half-squared-error");
        refused(small(out(), "network.hidden=[50,0]"), "network.hidden");
        refused(small(out(), "network.activation=tanhh"), "tanh");
        refused(small(out(), "measure.sharpnessEvery=-1"), "at least 0");
        refused(small(out(), "train.rate=0.1"), "did you mean 'rates'");
        // more samples at once than there are is simply all of them
        assertThat(small(directory.resolve("huge"), "train.microBatch=100000", "train.steps=2")
                        .code())
                .isZero();
    }

    @Test
    void filesThatAreNotWhatTheyShouldBeAreRefusedWithAFix() throws IOException {
        Path empty = Files.createDirectory(directory.resolve("empty"));
        refused(small(out(), "data.set=mnist", "--data", empty), "mnist", empty.toString());
        Path images = Files.createDirectory(directory.resolve("images"));
        Files.write(images.resolve("train-images-idx3-ubyte"), new byte[] {0, 0, 8, 3, 0, 0, 0, 9});
        Files.write(images.resolve("train-labels-idx1-ubyte"), new byte[] {0, 0, 8, 1, 0, 0, 0, 1, 7});
        Files.write(images.resolve("t10k-images-idx3-ubyte"), new byte[] {0, 0, 8, 3, 0, 0, 0, 9});
        Files.write(images.resolve("t10k-labels-idx1-ubyte"), new byte[] {0, 0, 8, 1, 0, 0, 0, 1, 7});
        refused(small(out(), "data.set=idx", "--data", images), "train-images-idx3-ubyte");
        Files.write(images.resolve("train-images-idx3-ubyte"), new byte[] {'P', 'N', 'G', 0, 1, 2, 3, 4, 5});
        refused(small(out(), "data.set=idx", "--data", images), "train-images-idx3-ubyte");
        byte[] gzip = new byte[40];
        Arrays.fill(gzip, (byte) 7);
        gzip[0] = 0x1f;
        gzip[1] = (byte) 0x8b;
        Files.delete(images.resolve("train-images-idx3-ubyte"));
        Files.write(images.resolve("train-images-idx3-ubyte.gz"), gzip);
        refused(small(out(), "data.set=idx", "--data", images), "train-images-idx3-ubyte.gz");
    }

    private Path out() {
        return directory.resolve("refused");
    }

    /** An error of one to five lines that holds all the texts, exit code 2, no stack trace, no run directory. */
    private void refused(Told told, String... texts) {
        assertThat(out()).doesNotExist();
        assertThat(told.code()).as(told.err()).isEqualTo(2);
        String error = told.err().substring(Math.max(0, told.err().indexOf("error:")));
        assertThat(error).contains(texts).doesNotContain("\tat ");
        assertThat(error.lines().count()).as(error).isBetween(1L, 5L);
    }
}
