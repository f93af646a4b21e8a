package dev.seiche.study;

import dev.seiche.kernels.cpu.CpuBackend;
import dev.seiche.kernels.cpu.CpuOptions;
import dev.seiche.tensor.Backend;
import java.util.List;

/** The devices that a run can be computed on, by the names that people write. */
public final class Devices {
    private static final List<String> NAMES = List.of("cpu");

    private Devices() {}

    /** All names. */
    public static List<String> names() {
        return NAMES;
    }

    /**
     * Refuses a name that is not known.
     *
     * @throws UserException naming the known ones
     */
    public static void require(String name) {
        if (!NAMES.contains(name)) {
            throw new UserException("there is no device '%s'; %s".formatted(name, Suggestions.sentence(name, NAMES)));
        }
    }

    /**
     * Opens a device; close it last.
     *
     * @param threads compute threads of a CPU, at least 1
     * @throws UserException when there is no such device
     */
    public static Backend open(String name, int threads) {
        require(name);
        return CpuBackend.open(CpuOptions.defaults().withThreads(threads));
    }
}
