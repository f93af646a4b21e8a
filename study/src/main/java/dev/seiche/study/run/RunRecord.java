package dev.seiche.study.run;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * The content of {@code run.json}.
 *
 * @param format    version of this layout, {@value #FORMAT}
 * @param id        name of the run
 * @param study     name of the study
 * @param preset    name of the preset that it was started by, or null
 * @param status    how it ended
 * @param message   why it ended like that, or null
 * @param started   ISO-8601 time in UTC
 * @param ended     ISO-8601 time in UTC, or null while running
 * @param seed      seed of all randomness
 * @param data      directory given by {@code --data}, or null
 * @param config    configuration in force
 * @param origins   where each value came from, by dotted key
 * @param overrides {@code key=value} words as typed
 * @param platform  what computed it
 * @param resumed   every time it went on from a checkpoint
 * @param results   what the study found, or null before its end
 */
public record RunRecord(
        int format,
        String id,
        String study,
        @Nullable String preset,
        RunStatus status,
        @Nullable String message,
        String started,
        @Nullable String ended,
        long seed,
        @Nullable String data,
        Map<String, Object> config,
        Map<String, String> origins,
        List<String> overrides,
        Platform platform,
        List<Resumption> resumed,
        @Nullable JsonNode results) {
    /** The layout that this program writes and reads. */
    public static final int FORMAT = 1;

    /**
     * A run went on.
     *
     * @param at       ISO-8601 time in UTC
     * @param step     step of the checkpoint, or 0 where it began anew
     * @param platform what computed from there
     */
    public record Resumption(String at, long step, Platform platform) {}

    public RunRecord {
        Objects.requireNonNull(id, "id is missing");
        Objects.requireNonNull(study, "study is missing");
        Objects.requireNonNull(status, "status is missing");
        Objects.requireNonNull(started, "started is missing");
        Objects.requireNonNull(platform, "platform is missing");
        config = Collections.unmodifiableMap(new LinkedHashMap<>(Objects.requireNonNull(config, "config is missing")));
        origins =
                Collections.unmodifiableMap(new LinkedHashMap<>(Objects.requireNonNull(origins, "origins is missing")));
        overrides = List.copyOf(Objects.requireNonNull(overrides, "overrides is missing"));
        results = results == null || results.isNull() ? null : results;
        resumed = List.copyOf(Objects.requireNonNull(resumed, "resumed is missing"));
    }

    /** The same run, ended. */
    RunRecord ended(RunStatus how, @Nullable String why, String when, @Nullable JsonNode found) {
        return new RunRecord(
                format, id, study, preset, how, why, started, when, seed, data, config, origins, overrides, platform,
                resumed, found);
    }

    /** The same run, going on. */
    RunRecord goingOn(Resumption from) {
        List<Resumption> all = new ArrayList<>(resumed);
        all.add(from);
        return new RunRecord(
                format,
                id,
                study,
                preset,
                RunStatus.RUNNING,
                null,
                started,
                null,
                seed,
                data,
                config,
                origins,
                overrides,
                platform,
                all,
                null);
    }
}
