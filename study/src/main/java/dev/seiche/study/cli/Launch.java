package dev.seiche.study.cli;

import dev.seiche.study.Devices;
import dev.seiche.study.Study;
import dev.seiche.study.UserException;
import dev.seiche.study.config.Config;
import dev.seiche.study.run.ActiveRun;
import dev.seiche.study.run.DiskFault;
import dev.seiche.study.run.Platform;
import dev.seiche.study.run.RunRecord;
import dev.seiche.study.run.RunStatus;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a new run is started with beside its configuration.
 *
 * @param data    directory of the data sets, or null for the usual places
 * @param out     a new or empty directory, or null for one in {@code runs}
 * @param device  name of what computes
 * @param threads compute threads, or null for all processors
 * @param seed    of all randomness
 */
record Launch(
        @Nullable Path data,
        @Nullable Path out,
        String device,
        @Nullable Integer threads,
        long seed) {
    /** More threads than any machine has; keeps a slip of the finger from starting them. */
    private static final int MOST_THREADS = 1024;

    /**
     * Runs a study in a new directory.
     *
     * @param file      YAML with values, or null
     * @param overrides words {@code key=value} on top of it
     * @return exit code
     */
    int run(Studies.Choice choice, @Nullable Path file, List<String> overrides, Execution execution) {
        return run(choice, choice.offer().study(), file, overrides, execution);
    }

    private <C extends Record> int run(
            Studies.Choice choice, Study<C> study, @Nullable Path file, List<String> overrides, Execution execution) {
        Config<C> bound = bind(choice, study, file, overrides);
        Devices.require(device);
        int count = checkThreads();
        if (data != null && !Files.isDirectory(data)) {
            throw new UserException(
                    "--data %s is no directory; give the directory that holds the data sets".formatted(data));
        }
        Instant now = Instant.now();
        String id = id(choice.name(), now);
        RunRecord record = new RunRecord(
                RunRecord.FORMAT,
                id,
                study.name(),
                choice.preset() == null ? null : choice.preset().name(),
                RunStatus.RUNNING,
                null,
                now.truncatedTo(ChronoUnit.MILLIS).toString(),
                null,
                seed,
                data == null ? null : data.toAbsolutePath().toString(),
                bound.tree(),
                bound.origins(),
                overrides,
                Platform.here(device, count),
                List.of(),
                null);
        Path directory = out == null ? Path.of("runs", id) : out;
        return execution.run(
                study, bound.value(), choice.offer().report(), around -> ActiveRun.start(directory, record, around));
    }

    /** The configuration of a study: built-in values, then a file's, then the words'. */
    static <C extends Record> Config<C> bind(
            Studies.Choice choice, Study<C> study, @Nullable Path file, List<String> overrides) {
        List<Config.Layer> layers = choice.layers();
        if (file != null) {
            try {
                layers.add(Config.Layer.file(file.toString(), Files.readString(file, StandardCharsets.UTF_8)));
            } catch (CharacterCodingException e) {
                throw new UserException("cannot read %s: it is not UTF-8 text".formatted(file), e);
            } catch (IOException e) {
                throw DiskFault.reading(file, e);
            }
        }
        return Config.bind(study.configType(), layers, overrides);
    }

    private int checkThreads() {
        if (threads == null) {
            return Runtime.getRuntime().availableProcessors();
        }
        if (threads < 1 || threads > MOST_THREADS) {
            throw new UserException("--threads must lie between 1 and %d, got %d; this machine has %d processors"
                    .formatted(MOST_THREADS, threads, Runtime.getRuntime().availableProcessors()));
        }
        return threads;
    }

    private static String id(String name, Instant now) {
        String time = DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss")
                .withZone(ZoneOffset.UTC)
                .format(now);
        // Two runs may start in the same second.
        long suffix = (31 * now.toEpochMilli() + ProcessHandle.current().pid()) & 0xFFFF;
        return "%s-%s-%04x".formatted(name, time, suffix);
    }
}
