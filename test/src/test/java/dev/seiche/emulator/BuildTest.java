package dev.seiche.emulator;

import static dev.seiche.emulator.Gpu.function;
import static org.assertj.core.api.Assertions.assertThat;

import dev.seiche.testkit.emulator.EmulatedLibraries;
import dev.seiche.testkit.emulator.EmulatedMode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import jcuda.Pointer;
import jcuda.driver.CUdeviceptr;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BuildTest {
    private static Process build(Path out, String compiler) throws IOException {
        Path script =
                EmulatedLibraries.build().resolve("../../emulator/build.sh").normalize();
        ProcessBuilder builder = new ProcessBuilder(script.toString(), out.toString()).redirectErrorStream(true);
        builder.environment().put("CXX", compiler);
        Process process = builder.start();
        process.getOutputStream().close();
        return process;
    }

    @Test
    void nothingIsBuiltAgainWhenNothingChanged() throws IOException, InterruptedException {
        Path directory = EmulatedLibraries.build();
        Map<Path, FileTime> before = times(directory);
        Process again = build(directory, "g++");

        assertThat(new String(again.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
                .isEmpty();
        assertThat(again.waitFor()).isZero();
        assertThat(times(directory)).isEqualTo(before);
    }

    private static Map<Path, FileTime> times(Path directory) throws IOException {
        Map<Path, FileTime> times = new TreeMap<>();
        try (Stream<Path> files = Files.list(directory)) {
            for (Path file : files.toList()) {
                if (Files.isRegularFile(file)) {
                    times.put(file, Files.getLastModifiedTime(file));
                }
            }
        }
        assertThat(times).hasSize(4);
        return times;
    }

    @Test
    void withoutACompilerTheBuildSaysWhatIsMissing(@TempDir Path out) throws IOException, InterruptedException {
        Process without = build(out, "no-such-compiler");

        assertThat(new String(without.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
                .contains("the emulated CUDA device needs no-such-compiler, which is not installed");
        assertThat(without.waitFor()).isEqualTo(69);
    }

    @Test
    void threadsRunInTheOtherOrderInReverse() {
        assertThat(lastWriter(EmulatedMode.FAST)).isEqualTo(63);
        assertThat(lastWriter(EmulatedMode.FAST_REVERSE)).isZero();
    }

    private static float lastWriter(EmulatedMode mode) {
        try (Gpu gpu = new Gpu(mode)) {
            CUdeviceptr x = gpu.allocate(4);
            gpu.launch(function(gpu.module("planted.cu"), "last_writer"), 1, 64, Pointer.to(x));
            return gpu.floats(x, 1)[0];
        }
    }
}
