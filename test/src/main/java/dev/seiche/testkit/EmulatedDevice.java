package dev.seiche.testkit;

import dev.seiche.kernels.cuda.CudaOptions;
import dev.seiche.testkit.emulator.EmulatedLibraries;
import dev.seiche.testkit.emulator.EmulatedMode;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The emulated CUDA device through the CUDA backend. Its libraries are built on first use; {@code -Dseiche.emulator}
 * names a folder of others. {@code -Dseiche.test.device=cuda:0} puts a GPU in the place of the device at full speed.
 */
public final class EmulatedDevice {
    private static final Pattern GPU = Pattern.compile("cuda:(\\d{1,3})");

    private EmulatedDevice() {}

    /** How to open it at full speed; skips the test, and says so, where it cannot be built. */
    public static CudaOptions options() {
        return options(device());
    }

    private static String device() {
        return System.getProperty("seiche.test.device", "emulated");
    }

    /** How to open it at full speed and looking at every access, by the mode; a GPU has the first alone. */
    public static Map<EmulatedMode, CudaOptions> fastAndChecked() {
        Map<EmulatedMode, CudaOptions> modes = new EnumMap<>(EmulatedMode.class);
        modes.put(EmulatedMode.FAST, options());
        if (device().equals("emulated")) {
            modes.put(EmulatedMode.CHECKED, options(EmulatedMode.CHECKED));
        }
        return modes;
    }

    /**
     * How to open a device by its name.
     *
     * @throws IllegalArgumentException unless it is {@code emulated}, {@code cuda:0}, {@code cuda:1} and so on
     */
    public static CudaOptions options(String device) {
        Matcher gpu = GPU.matcher(device);
        if (gpu.matches()) {
            return CudaOptions.gpu(Integer.parseInt(gpu.group(1)));
        }
        if (device.equals("emulated")) {
            return options(EmulatedMode.FAST);
        }
        throw new IllegalArgumentException(
                "a device with CUDA kernels is emulated or cuda:0 and so on, got '" + device + "'");
    }

    /** How to open it in a mode; skips the test, and says so, where it cannot be built. */
    public static CudaOptions options(EmulatedMode mode) {
        String folder = System.getProperty("seiche.emulator", "");
        Path libraries = folder.isEmpty() ? EmulatedLibraries.build() : Path.of(folder);
        return CudaOptions.emulated(libraries).withIndex(mode.index());
    }
}
