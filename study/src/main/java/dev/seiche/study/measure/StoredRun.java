package dev.seiche.study.measure;

import dev.seiche.study.UserException;
import dev.seiche.study.config.Config;
import dev.seiche.study.oscillation.OscillationConfig;
import dev.seiche.study.oscillation.OscillationStudy;
import dev.seiche.study.run.RunDirectory;
import dev.seiche.study.setup.StoredWeights;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A run of any study that trains, to measure at weights that it wrote. Immutable.
 *
 * @param weights where to begin
 * @param values  the run's data, network and loss as this study names them; full batches, and one step
 * @param data    where the run had its data sets, if that was said
 */
public record StoredRun(StoredWeights weights, Config.Layer values, Optional<Path> data) {
    /**
     * Reads what a run was and where its weights are.
     *
     * @param name as {@link StoredWeights#choose}
     * @param step as {@link StoredWeights#choose}
     * @throws UserException where the directory is no such run, or the weights are not there
     */
    public static StoredRun read(Path directory, String name, @Nullable Long step) {
        RunDirectory run = RunDirectory.read(directory);
        Map<String, Object> config = run.record().config();
        Object data = config.get("data");
        Object network = config.get("network");
        if (data == null || network == null || !(config.get("train") instanceof Map<?, ?> how)) {
            throw new UserException("%s is a run of the study '%s', which trains no network; give one that does"
                    .formatted(directory, run.record().study()));
        }
        StoredWeights weights = StoredWeights.choose(directory, name, step);
        Map<String, Object> train = new LinkedHashMap<>();
        for (String key : List.of("loss", "dtype")) {
            if (how.get(key) != null) {
                train.put(key, how.get(key));
            }
        }
        train.putAll(Map.of("rate", weights.rate(), "batch", 0, "steps", 1));
        Map<String, Object> values = Map.of(
                "data",
                data,
                "network",
                run.record().study().equals(new OscillationStudy().name()) ? oscillation(run) : network,
                "train",
                train,
                "start",
                Map.of("run", directory.toAbsolutePath().normalize().toString(), "weights", weights.name()));
        return new StoredRun(
                weights,
                Config.Layer.builtIn("run " + directory, RunDirectory.text(values)),
                Optional.ofNullable(run.record().data()).map(Path::of));
    }

    /** That study has a list of widths. */
    private static Record oscillation(RunDirectory run) {
        return Config.bind(OscillationConfig.class, List.of(Config.Layer.file("run.json", run.configText())), List.of())
                .value()
                .network()
                .choice();
    }
}
