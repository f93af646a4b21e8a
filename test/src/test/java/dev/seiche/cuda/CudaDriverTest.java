package dev.seiche.cuda;

import static org.assertj.core.api.Assertions.assertThat;

import dev.seiche.kernels.cuda.CudaBackend;
import dev.seiche.kernels.cuda.CudaOptions;
import dev.seiche.kernels.cuda.driver.Gpu;
import dev.seiche.kernels.cuda.driver.GpuContext;
import dev.seiche.kernels.cuda.driver.PinnedMemory;
import dev.seiche.tensor.DType;
import dev.seiche.tensor.Scope;
import dev.seiche.tensor.Shape;
import dev.seiche.testkit.EmulatedDevice;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What differs between drivers, and what is kept between runs. */
class CudaDriverTest {
    private final CudaOptions options = EmulatedDevice.options();

    @Test
    void aDriverWithoutStreamOrderedMemoryLendsPlainMemory() {
        Gpu found = CudaBackend.find(options);
        Gpu plain = new Gpu(
                found.device(),
                found.libraries(),
                found.index(),
                found.name(),
                found.major(),
                found.minor(),
                found.memoryBytes(),
                found.multiprocessors(),
                false);
        try (GpuContext context = GpuContext.open(plain, false)) {
            long address = context.allocate(64);
            PinnedMemory host = context.pin(64);
            context.setBytes(address, (byte) 7, 64);
            context.download(address, host, 0, 64);
            context.synchronize();
            assertThat(host.segment().toArray(ValueLayout.JAVA_BYTE)).containsOnly((byte) 7);
            assertThat(context.allocate(1L << 60)).isZero();
            context.release(address);
        }
    }

    @Test
    void compiledKernelsAreKeptAndTornOnesCompiledAgain(@TempDir Path folder) throws IOException {
        Path kept = folder.resolve("images");
        String before = System.setProperty("seiche.cuda.cache", kept.toString());
        try {
            compute();
            Map<Path, byte[]> written = images(kept);
            assertThat(written).isNotEmpty();
            compute();
            assertThat(images(kept)).containsOnlyKeys(written.keySet());
            for (Path image : written.keySet()) {
                Files.writeString(image, "torn");
            }
            compute();
            images(kept).forEach((image, bytes) -> assertThat(bytes).isEqualTo(written.get(image)));
        } finally {
            if (before == null) {
                System.clearProperty("seiche.cuda.cache");
            } else {
                System.setProperty("seiche.cuda.cache", before);
            }
        }
    }

    private void compute() {
        try (CudaBackend backend = CudaBackend.open(options);
                Scope scope = Scope.root(backend, "test")) {
            double[] sums = scope.ops()
                    .sum(scope.tensor(DType.F64, Shape.of(2, 3), 1, 2, 3, 4, 5, 6), 1)
                    .toDoubles();
            assertThat(sums).containsExactly(6, 15);
        }
    }

    private static Map<Path, byte[]> images(Path folder) throws IOException {
        Map<Path, byte[]> images = new TreeMap<>();
        try (Stream<Path> files = Files.list(folder)) {
            files.forEach(file -> {
                try {
                    images.put(file, Files.readAllBytes(file));
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });
        }
        return images;
    }
}
