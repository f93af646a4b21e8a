package dev.seiche.study.run;

import dev.seiche.study.Checkpoint;
import dev.seiche.study.UserException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * The states that a run can go on from: one file each, {@code checkpoints/step-000000120.safetensors}, so that a state
 * is there as a whole or not at all. The last {@value #KEPT} are kept.
 *
 * <p>Beside the study's state a file holds how far {@code metrics.jsonl} had come, so that a resumed run takes back the
 * rows that were written later.
 */
final class Checkpoints {
    static final String FOLDER = "checkpoints";

    private static final int KEPT = 2;
    private static final String STATE = "state/";

    /**
     * A state with the place in the metrics that belongs to it.
     *
     * @param checkpoint   the study's state
     * @param metricsBytes size of {@code metrics.jsonl} then
     * @param metricsRows  its rows then
     */
    record Saved(Checkpoint checkpoint, long metricsBytes, long metricsRows) {}

    private final Path directory;

    Checkpoints(Path run) {
        this.directory = run.resolve(FOLDER);
    }

    /** Writes a state, then forgets the older ones beyond those that are kept. */
    void save(Checkpoint checkpoint, long metricsBytes, long metricsRows) {
        Map<String, String> metadata = new HashMap<>();
        metadata.put("step", Long.toString(checkpoint.step()));
        metadata.put("metrics_bytes", Long.toString(metricsBytes));
        metadata.put("metrics_rows", Long.toString(metricsRows));
        checkpoint.state().forEach((key, text) -> metadata.put(STATE + key, text));
        Path file = directory.resolve("step-%09d.safetensors".formatted(checkpoint.step()));
        try {
            Files.createDirectories(directory);
        } catch (IOException e) {
            throw DiskFault.writing(directory, e);
        }
        new SafeTensors(checkpoint.arrays(), metadata).write(file);
        try {
            for (Path old : newestFirst().stream().skip(KEPT).toList()) {
                Files.deleteIfExists(old);
            }
        } catch (IOException e) {
            throw DiskFault.writing(directory, e);
        }
    }

    /** States from the newest to the oldest; they are read one by one. */
    List<Path> newestFirst() {
        if (!Files.isDirectory(directory)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(directory)) {
            List<Path> all =
                    new ArrayList<>(files.filter(f -> f.getFileName().toString().matches("step-\\d{9,}\\.safetensors"))
                            .toList());
            all.sort(Comparator.comparingLong(Checkpoints::step).reversed());
            return all;
        } catch (IOException e) {
            throw DiskFault.reading(directory, e);
        }
    }

    private static long step(Path file) {
        return Long.parseLong(file.getFileName().toString().replaceAll("\\D", ""));
    }

    /**
     * Reads a state.
     *
     * @throws UserException when the file is damaged
     */
    static Saved read(Path file) {
        SafeTensors all = SafeTensors.read(file);
        Map<String, String> state = new HashMap<>();
        all.metadata().forEach((key, text) -> {
            if (key.startsWith(STATE)) {
                state.put(key.substring(STATE.length()), text);
            }
        });
        return new Saved(
                new Checkpoint(number(file, all, "step"), all.arrays(), state),
                number(file, all, "metrics_bytes"),
                number(file, all, "metrics_rows"));
    }

    private static long number(Path file, SafeTensors all, String key) {
        String text = all.metadata().getOrDefault(key, "");
        if (!text.matches("\\d{1,18}")) {
            throw new UserException("%s is not a checkpoint: its %s is '%s'; remove it to go on from an older one"
                    .formatted(file, key, text));
        }
        return Long.parseLong(text);
    }
}
