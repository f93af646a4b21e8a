package dev.seiche.bench.gpu;

import static org.assertj.core.api.Assertions.assertThat;

import dev.seiche.testkit.EmulatedDevice;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GpuBenchTest {
    private final PrintStream out = System.out;
    private final PrintStream err = System.err;
    private final ByteArrayOutputStream said = new ByteArrayOutputStream();

    @BeforeEach
    void listen() {
        EmulatedDevice.options(); // skips where it cannot be built
        PrintStream both = new PrintStream(said, true, StandardCharsets.UTF_8);
        System.setOut(both);
        System.setErr(both);
    }

    @AfterEach
    void listenNoMore() {
        System.setOut(out);
        System.setErr(err);
    }

    private String said() {
        return said.toString(StandardCharsets.UTF_8);
    }

    @Test
    void onTheEmulatedDeviceAllAnswersAgreeAndNoTimesAreShown(@TempDir Path folder) throws Exception {
        Path results = folder.resolve("new/results.json");
        int code = GpuBench.run("--device", "emulated", "--out", results.toString(), "--tested", "all well");

        assertThat(code).as(said()).isZero();
        assertThat(said())
                .contains(GpuCatalogue.tasks(64).size() + " answers agree")
                .contains("say nothing about a GPU")
                .doesNotContainPattern("\\bms\\b");
        assertThat(Files.readString(results))
                .contains("\"tested\" : \"all well\"", "\"timed\" : false", "\"library\" : \"cudnn\"")
                .doesNotContain("_ms", "gflops");
    }

    @Test
    void aDeviceThatIsNotThereIsOneLine() {
        assertThat(GpuBench.run("--device", "cuda:77", "--describe")).isEqualTo(2);
        assertThat(said()).startsWith("bench/gpu: cuda:77 cannot be used").hasLineCount(1);
    }

    @Test
    void whatIsNoDeviceAndWhatIsNoTaskAreRefused() {
        assertThat(GpuBench.run("--device", "abacus")).isEqualTo(2);
        assertThat(said()).contains("got 'abacus'");
        assertThat(GpuBench.run("--device", "emulated", "matmull")).isEqualTo(2);
        assertThat(said()).contains("no task begins with one of [matmull]");
    }

    @Test
    void tasksHaveNamesOfTheirOwnAndAPartOfThePeakInFullSize() {
        List<GpuTask> tasks = GpuCatalogue.tasks(1);
        assertThat(tasks.stream().map(GpuTask::name)).doesNotHaveDuplicates();
        assertThat(tasks).allMatch(task -> task.bytes() > 0 && task.flops() >= 0 && task.terms() > 0);
    }

    @Test
    void oneWrongElementAmongManyIsSeen() {
        GpuTask task = GpuCatalogue.tasks(64).get(0);
        double[] right = new double[1000];
        Arrays.fill(right, 0.5);
        double[] wrong = right.clone();
        wrong[17] += 1e-3;
        assertThat(task.distance(right, right, task.rounding())).isZero();
        assertThat(task.distance(wrong, right, task.rounding())).isGreaterThan(1);
        wrong[17] = Double.NaN;
        assertThat(task.distance(wrong, right, task.rounding())).isInfinite();
    }
}
