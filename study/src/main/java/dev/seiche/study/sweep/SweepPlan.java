package dev.seiche.study.sweep;

import dev.seiche.study.UserException;
import dev.seiche.study.run.AtomicFile;
import dev.seiche.study.run.DiskFault;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * What a sweep runs: the content of {@code sweep.json}.
 *
 * @param format  version of this layout
 * @param study   name of a study or preset
 * @param axes    settings; those with one value are the same for all trials
 * @param options more words for {@code seiche run}: data, device, threads
 */
public record SweepPlan(int format, String study, List<SweepAxis> axes, List<String> options) {
    private static final int FORMAT = 1;
    private static final String FILE = "sweep.json";
    private static final int MOST = 100_000;

    private static final JsonMapper JSON =
            JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

    public SweepPlan {
        axes = List.copyOf(axes);
        options = List.copyOf(options);
    }

    /** A plan of this version. */
    public static SweepPlan of(String study, List<SweepAxis> axes, List<String> options) {
        long trials = 1;
        for (SweepAxis axis : axes) {
            trials *= axis.values().size();
            if (trials > MOST) {
                throw new UserException("this sweep has more than %d trials; give fewer values".formatted(MOST));
            }
        }
        if (axes.stream().map(SweepAxis::key).distinct().count() < axes.size()) {
            throw new UserException("a key is given twice: %s; give each once, with all its values"
                    .formatted(axes.stream().map(SweepAxis::key).toList()));
        }
        return new SweepPlan(FORMAT, study, axes, options);
    }

    /**
     * One run of a sweep.
     *
     * @param index    from 0
     * @param settings value of each axis, by key
     */
    public record Trial(int index, Map<String, String> settings) {
        /** Words for {@code seiche run}. */
        List<String> words() {
            List<String> words = new ArrayList<>();
            settings.forEach((key, value) -> {
                if (key.equals(SweepAxis.SEED)) {
                    words.add("--seed=" + value);
                } else {
                    words.add(key + "=" + value);
                }
            });
            return words;
        }

        /** Where it lies in the directory of the sweep. */
        Path directory(Path sweep) {
            return sweep.resolve("trials").resolve("%04d".formatted(index));
        }
    }

    /** Every combination; the last axis changes fastest. */
    public List<Trial> trials() {
        List<Map<String, String>> all = new ArrayList<>();
        all.add(new LinkedHashMap<>());
        for (SweepAxis axis : axes) {
            List<Map<String, String>> longer = new ArrayList<>();
            for (Map<String, String> begun : all) {
                for (String value : axis.values()) {
                    Map<String, String> one = new LinkedHashMap<>(begun);
                    one.put(axis.key(), value);
                    longer.add(one);
                }
            }
            all = longer;
        }
        List<Trial> trials = new ArrayList<>();
        for (Map<String, String> settings : all) {
            trials.add(new Trial(trials.size(), settings));
        }
        return trials;
    }

    /** The axes with more than one value. */
    public List<SweepAxis> varied() {
        return axes.stream().filter(axis -> axis.values().size() > 1).toList();
    }

    /** Whether a directory holds a sweep. */
    public static boolean isIn(Path directory) {
        return Files.isRegularFile(directory.resolve(FILE));
    }

    /**
     * Reads the plan of a directory.
     *
     * @throws UserException when there is none, or another version's
     */
    public static SweepPlan read(Path directory) {
        Path file = directory.resolve(FILE);
        try {
            SweepPlan plan = JSON.readValue(Files.readAllBytes(file), SweepPlan.class);
            if (plan.format != FORMAT) {
                throw new UserException("%s has format %d, this Seiche reads format %d; use the version that wrote it"
                        .formatted(file, plan.format, FORMAT));
            }
            return plan;
        } catch (IOException e) {
            throw DiskFault.reading(file, e);
        } catch (JacksonException e) {
            throw new UserException(
                    "%s cannot be understood; choose another directory with --out DIR".formatted(file), e);
        }
    }

    /** Writes {@code sweep.json}. */
    public void write(Path directory) {
        try {
            Files.createDirectories(directory);
        } catch (IOException e) {
            throw DiskFault.writing(directory, e);
        }
        ByteBuffer bytes = ByteBuffer.wrap(JSON.writeValueAsBytes(this));
        AtomicFile.write(directory.resolve(FILE), channel -> {
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
        });
    }
}
