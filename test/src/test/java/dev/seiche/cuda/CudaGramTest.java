package dev.seiche.cuda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.seiche.kernels.cuda.CudaOptions;
import dev.seiche.study.cli.SeicheCli;
import dev.seiche.study.gram.GramResults;
import dev.seiche.study.run.RunDirectory;
import dev.seiche.testkit.EmulatedDevice;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code seiche gram --device emulated}: the same cosines as on the CPU, and a record that says where they come from. */
class CudaGramTest {
    @TempDir
    private Path directory = Path.of("");

    private final CudaOptions options = EmulatedDevice.options();

    private RunDirectory gram(String device) throws IOException, InterruptedException {
        Path run = directory.resolve(device.replace(':', '-'));
        Path told = directory.resolve("told.txt");
        List<String> command = new ArrayList<>(List.of(
                ProcessHandle.current().info().command().orElse("java"),
                "--add-modules=jdk.incubator.vector",
                "--enable-native-access=ALL-UNNAMED",
                "-Djava.library.path=" + System.getProperty("java.library.path"),
                "-Dseiche.emulator=" + (options.libraries() == null ? "" : options.libraries()),
                "-cp",
                System.getProperty("java.class.path"),
                SeicheCli.class.getName()));
        command.addAll(List.of("gram", "--device", device, "--model", "cnn:3", "--samples", "24", "--tile", "12"));
        command.addAll(List.of("--out", run.toString()));
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(told.toFile())
                .start();
        assertThat(process.waitFor()).as(Files.readString(told)).isZero();
        return RunDirectory.read(run);
    }

    @Test
    void aDeviceFindsTheCosinesOfTheCpuAndTheRecordNamesIt() throws IOException, InterruptedException {
        RunDirectory cpu = gram("cpu");
        RunDirectory cuda = gram(options.device());
        assertThat(cpu.record().platform().device()).isEqualTo("cpu");
        assertThat(cuda.record().platform().device()).isEqualTo(options.device());
        assertThat(Files.readString(cuda.path().resolve("log.txt")))
                .contains("tensors are on " + options.device() + "; the JVM is not counted in their budget");
        List<GramResults.Cosines> expected =
                cpu.results(GramResults.class).orElseThrow().layers();
        List<GramResults.Cosines> found =
                cuda.results(GramResults.class).orElseThrow().layers();
        for (int layer = 0; layer < expected.size(); layer++) {
            // f32 gradients of some hundred terms in another order
            assertThat(found.get(layer).mean()).isCloseTo(expected.get(layer).mean(), within(1e-5));
            assertThat(found.get(layer).lowest()).isCloseTo(expected.get(layer).lowest(), within(1e-5));
        }
    }
}
