package dev.seiche.study;

import dev.seiche.kernels.cpu.CpuBackend;
import dev.seiche.kernels.cpu.CpuOptions;
import dev.seiche.kernels.cuda.CudaBackend;
import dev.seiche.kernels.cuda.CudaOptions;
import dev.seiche.kernels.cuda.driver.CudaUnavailableException;
import dev.seiche.tensor.Backend;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The devices that a run can be computed on, by the names that people write. */
public final class Devices {
    private static final List<String> NAMES = List.of("cpu", "cuda:0", "emulated");
    private static final Pattern CUDA = Pattern.compile("cuda:(\\d{1,3})");

    /** The folder of the emulated device's libraries; {@code ./seiche} sets it. */
    private static final String EMULATOR = "seiche.emulator";

    private Devices() {}

    /** All names, the first of several GPUs for all of them. */
    public static List<String> names() {
        return NAMES;
    }

    /**
     * Refuses a name that is not known, and a device that cannot be used here.
     *
     * @throws UserException naming the known ones, or saying in one line why it cannot be used
     */
    public static void require(String name) {
        if (!name.equals("cpu")) {
            cuda(name, CudaBackend::find);
        }
    }

    /**
     * Opens a device; close it last.
     *
     * @param threads compute threads of a CPU, at least 1
     * @throws UserException when there is no such device
     */
    public static Backend open(String name, int threads) {
        if (name.equals("cpu")) {
            return CpuBackend.open(CpuOptions.defaults().withThreads(threads));
        }
        return cuda(name, CudaBackend::open);
    }

    private static <R> R cuda(String name, Function<CudaOptions, R> use) {
        try {
            return use.apply(options(name));
        } catch (CudaUnavailableException e) {
            throw new UserException(e.getMessage(), e);
        }
    }

    private static CudaOptions options(String name) {
        Matcher gpu = CUDA.matcher(name);
        if (gpu.matches()) {
            return CudaOptions.gpu(Integer.parseInt(gpu.group(1)));
        }
        if (!name.equals("emulated")) {
            throw new UserException("there is no device '%s'; %s".formatted(name, Suggestions.sentence(name, NAMES)));
        }
        String folder = System.getProperty(EMULATOR, "");
        if (folder.isEmpty()) {
            throw new UserException(
                    "emulated cannot be used: its libraries are not built; start it with ./seiche, or give their folder with -D"
                            + EMULATOR + "=DIR");
        }
        return CudaOptions.emulated(Path.of(folder));
    }
}
