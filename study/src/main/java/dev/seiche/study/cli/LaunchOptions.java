package dev.seiche.study.cli;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Options of every command that starts a run. */
final class LaunchOptions {
    /** Of {@code --device}. */
    static final String DEVICES = "What computes: cpu (default), cuda:0 for the first GPU, or emulated.";

    @Option(names = "--out", paramLabel = "DIR", description = "A new or empty directory (default: runs/ID).")
    private @Nullable Path out;

    @Option(names = "--device", paramLabel = "NAME", description = DEVICES)
    private String device = "cpu";

    @Option(names = "--threads", paramLabel = "N", description = "Compute threads (default: all processors).")
    private @Nullable Integer threads;

    @Option(names = "--seed", paramLabel = "S", description = "Seed of all randomness (default: 1).")
    private long seed = 1;

    /** @param data directory of the data sets, or null for the usual places */
    Launch launch(@Nullable Path data) {
        return new Launch(data, out, device, threads, seed);
    }
}
