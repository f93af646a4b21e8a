package dev.seiche.testkit;

import dev.seiche.kernels.cuda.CudaOptions;
import java.nio.file.Path;
import org.junit.jupiter.api.Assumptions;

/** The emulated CUDA device, where its libraries were built: {@code seiche.emulator} names their folder. */
public final class EmulatedDevice {
    private EmulatedDevice() {}

    /** How to open it; skips the test where it was not built. */
    public static CudaOptions options() {
        String folder = System.getProperty("seiche.emulator", "");
        Assumptions.assumeFalse(folder.isEmpty(), "the emulated device was not built: -Dseiche.emulator=DIR");
        return CudaOptions.emulated(Path.of(folder));
    }
}
