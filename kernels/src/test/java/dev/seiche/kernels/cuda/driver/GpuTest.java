package dev.seiche.kernels.cuda.driver;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A device that cannot be used says so in one line, with the way out. */
class GpuTest {
    private static Gpu gpu(int major, int minor) {
        return new Gpu("cuda:1", null, 1, "Old Card", major, minor, 1L << 30, 10, true);
    }

    private static void refused(Runnable call, String why) {
        assertThatThrownBy(call::run)
                .isInstanceOf(CudaUnavailableException.class)
                .hasMessageStartingWith("cuda:1 cannot be used: ")
                .hasMessageContaining(why)
                .hasMessageEndingWith("; use --device cpu")
                .hasMessageNotContaining("\n");
    }

    @Test
    void aCapabilityThatIsTooLowIsRefused() {
        refused(() -> gpu(7, 0).requireCapability(), "Old Card has compute capability 7.0, needed is 7.5");
        assertThatCode(() -> gpu(7, 5).requireCapability()).doesNotThrowAnyException();
        assertThatCode(() -> gpu(12, 0).requireCapability()).doesNotThrowAnyException();
    }

    @Test
    void aDriverThatIsTooOldIsRefused() {
        refused(
                () -> Gpu.requireVersion("cuda:1", 11080),
                "the driver is made for CUDA 11.8, needed is one for CUDA 12.0 or newer");
        assertThatCode(() -> Gpu.requireVersion("cuda:1", 12000)).doesNotThrowAnyException();
    }

    @Test
    void aDriverThatIsMissingIsRefused(@TempDir Path empty) {
        refused(() -> Gpu.find("cuda:1", empty, 1), "no NVIDIA driver was found: libcuda.so.1 does not load");
    }
}
