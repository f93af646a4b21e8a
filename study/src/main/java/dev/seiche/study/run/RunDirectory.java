package dev.seiche.study.run;

import dev.seiche.study.ArrayData;
import dev.seiche.study.UserException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import tools.jackson.core.JacksonException;

/**
 * A run as it lies on disk, read once: a snapshot while it is still being written. Immutable.
 *
 * @param path    where it lies
 * @param record  what {@code run.json} says
 * @param alive   whether a living process is writing it
 * @param metrics all whole rows
 */
public record RunDirectory(Path path, RunRecord record, boolean alive, MetricsFile metrics) {
    /**
     * Reads a run.
     *
     * @throws UserException when it is no run or is damaged
     */
    public static RunDirectory read(Path path) {
        RunRecord record = RunFile.read(path);
        boolean alive = record.status() == RunStatus.RUNNING && RunLock.isHeld(path);
        return new RunDirectory(path, record, alive, MetricsFile.read(path.resolve(ActiveRun.METRICS)));
    }

    /** How the run ended, in words. */
    public String statusInWords() {
        return record.status() == RunStatus.RUNNING && !alive
                ? "interrupted (no clean end)"
                : record.status().word();
    }

    /**
     * What the study found, where it came to its end.
     *
     * @throws UserException when it does not fit the record
     */
    public <R extends Record> Optional<R> results(Class<R> type) {
        if (record.results() == null) {
            return Optional.empty();
        }
        try {
            return Optional.of(RunFile.value(record.results(), type));
        } catch (JacksonException e) {
            throw new UserException(
                    "%s: its results cannot be understood by this version: %s"
                            .formatted(
                                    path.resolve(RunFile.NAME),
                                    String.valueOf(e.getOriginalMessage())
                                            .lines()
                                            .findFirst()
                                            .orElse("")),
                    e);
        }
    }

    /** The configuration in force as JSON text, which is YAML too. */
    public String configText() {
        return text(record.config());
    }

    /** Maps, lists and records as JSON text, which is YAML too. */
    public static String text(Object tree) {
        return RunFile.text(tree);
    }

    /**
     * Arrays that the study wrote.
     *
     * @param name as given to {@code arrays}
     */
    public Map<String, ArrayData> arrays(String name) {
        return SafeTensors.read(path.resolve(ActiveRun.ARRAYS).resolve(name + ".safetensors"))
                .arrays();
    }
}
