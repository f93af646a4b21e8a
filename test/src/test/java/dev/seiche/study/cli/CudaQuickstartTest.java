package dev.seiche.study.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.seiche.study.run.MetricsFile;
import dev.seiche.study.run.RunDirectory;
import dev.seiche.testkit.EmulatedDevice;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The quickstart with a small network, computed by CUDA kernels: the curves that a user looks at are the CPU's. */
class CudaQuickstartTest {
    private static final String EMULATOR = "seiche.emulator";
    private static final List<String> SMALL =
            List.of("data.samples=40", "network.hidden=[8,8]", "train.steps=10", "measure.sharpnessEvery=10");

    /**
     * Of the loss, by learning rate. The devices add in other orders: in f32 a mean of some hundred terms differs by a few
     * times 2^-24. At 0.02 steps are stable and carry no difference on, and 32 of them are allowed. The others begin beyond
     * the edge of stability: along the sharpest direction a difference is multiplied by {@code |1 - rate * sharpness|} a
     * step, up to 8 at first, until the oscillation has levelled off after a few steps: 64 times as much is allowed.
     */
    private static final Map<String, Double> BOUNDS = Map.of("0.02", 0x1p-19, "0.1", 0x1p-13, "0.2", 0x1p-13);

    @TempDir
    private Path directory = Path.of("");

    private final String folder = System.getProperty(EMULATOR, "");

    @BeforeEach
    void nameTheEmulatorAsTheProgramsScriptDoes() {
        System.setProperty(
                EMULATOR, String.valueOf(EmulatedDevice.options("emulated").libraries()));
    }

    @AfterEach
    void forgetIt() {
        if (folder.isEmpty()) {
            System.clearProperty(EMULATOR);
        } else {
            System.setProperty(EMULATOR, folder);
        }
    }

    private MetricsFile quickstart(String device) {
        Path run = directory.resolve(device);
        ByteArrayOutputStream said = new ByteArrayOutputStream();
        PrintStream stream = new PrintStream(said, true, StandardCharsets.UTF_8);
        String[] words = Stream.concat(
                        Stream.of("run", "quickstart", "--device", device, "--out", run.toString()), SMALL.stream())
                .toArray(String[]::new);
        int code = SeicheCli.execute(words, SeicheCli.shipped(), new Console(stream, stream, false, System::nanoTime));
        assertThat(code).as(said.toString(StandardCharsets.UTF_8)).isZero();
        return RunDirectory.read(run).metrics();
    }

    @Test
    void theLossCurvesAreThoseOfTheCpu() {
        MetricsFile cpu = quickstart("cpu");
        MetricsFile emulated = quickstart("emulated");
        BOUNDS.forEach((rate, bound) -> {
            double[] expected = loss(cpu, rate);
            double[] actual = loss(emulated, rate);
            assertThat(actual).hasSameSizeAs(expected).hasSizeGreaterThan(9);
            for (int step = 0; step < expected.length; step++) {
                assertThat(Math.abs(actual[step] - expected[step]) / expected[step])
                        .as("rate %s, step %d: %s, %s on the CPU", rate, step, actual[step], expected[step])
                        .isLessThanOrEqualTo(bound);
            }
        });
    }

    private static double[] loss(MetricsFile table, String rate) {
        return table.column("lr=" + rate + "/loss").orElseThrow().values();
    }
}
