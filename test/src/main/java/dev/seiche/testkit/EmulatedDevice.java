package dev.seiche.testkit;

import dev.seiche.kernels.cuda.CudaOptions;
import dev.seiche.testkit.emulator.EmulatedLibraries;
import dev.seiche.testkit.emulator.EmulatedMode;
import java.nio.file.Path;

/**
 * The emulated CUDA device through the CUDA backend. Its libraries are built on first use; {@code -Dseiche.emulator}
 * names a folder of others.
 */
public final class EmulatedDevice {
    private EmulatedDevice() {}

    /** How to open it at full speed; skips the test, and says so, where it cannot be built. */
    public static CudaOptions options() {
        return options(EmulatedMode.FAST);
    }

    /** How to open it in a mode; skips the test, and says so, where it cannot be built. */
    public static CudaOptions options(EmulatedMode mode) {
        String folder = System.getProperty("seiche.emulator", "");
        Path libraries = folder.isEmpty() ? EmulatedLibraries.build() : Path.of(folder);
        return CudaOptions.emulated(libraries).withIndex(mode.index());
    }
}
