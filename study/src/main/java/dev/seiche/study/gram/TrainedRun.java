package dev.seiche.study.gram;

import dev.seiche.nn.NamedTensors;
import dev.seiche.nn.Network;
import dev.seiche.nn.Parameter;
import dev.seiche.nn.ParameterVector;
import dev.seiche.study.TensorArrays;
import dev.seiche.study.UserException;
import dev.seiche.study.config.Config;
import dev.seiche.study.oscillation.OscillationConfig;
import dev.seiche.study.oscillation.OscillationStudy;
import dev.seiche.study.run.DiskFault;
import dev.seiche.study.run.RunDirectory;
import dev.seiche.study.run.SafeTensors;
import dev.seiche.tensor.DType;
import dev.seiche.tensor.Scope;
import dev.seiche.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * A finished or interrupted run whose network and weights are taken.
 *
 * @param network as its configuration describes it
 */
record TrainedRun(Path directory, OscillationConfig.Net network) {
    private static final String ENDING = ".safetensors";
    private static final String CHECKPOINTED = "trainer-state/weights/";

    /**
     * Reads what the run was.
     *
     * @throws UserException when the directory holds none, or one of another study
     */
    static TrainedRun read(Path directory) {
        RunDirectory run = RunDirectory.read(directory);
        String study = new OscillationStudy().name();
        if (!run.record().study().equals(study)) {
            throw new UserException("%s is a run of the study '%s'; weights are taken from runs of '%s'"
                    .formatted(directory, run.record().study(), study));
        }
        Config<OscillationConfig> config = Config.bind(
                OscillationConfig.class, List.of(Config.Layer.file("run.json", run.configText())), List.of());
        return new TrainedRun(directory, config.value().network());
    }

    /** Its network for so many inputs and classes. */
    Network network(int inputs, int classes) {
        return network.network(inputs, classes);
    }

    /**
     * Weights that the run wrote, in {@code scope}.
     *
     * @param name of the file without its ending, in arrays or checkpoints; empty where there is only one in arrays
     */
    ParameterVector weights(String name, Network target, DType dtype, Scope scope) {
        Map<String, Path> last = list("arrays", "weights-");
        Map<String, Path> files = new TreeMap<>(last);
        files.putAll(list("checkpoints", "step-"));
        Path file =
                name.isEmpty() && last.size() == 1 ? last.values().iterator().next() : files.get(name);
        if (file == null) {
            throw new UserException(
                    files.isEmpty()
                            ? "%s holds no weights yet; let it come to its end, or to a checkpoint".formatted(directory)
                            : "%s holds %s weights %s; name one with --weights"
                                    .formatted(
                                            directory,
                                            name.isEmpty() ? "several" : "no '" + name + "', but the",
                                            String.join(", ", files.keySet())));
        }
        return load(file, target, dtype, scope);
    }

    /** Files of a folder whose names begin so, by their names without the ending. */
    private Map<String, Path> list(String folder, String prefix) {
        Map<String, Path> found = new TreeMap<>();
        Path place = directory.resolve(folder);
        if (!Files.isDirectory(place)) {
            return found;
        }
        try (Stream<Path> files = Files.list(place)) {
            files.forEach(file -> {
                String name = file.getFileName().toString();
                if (name.startsWith(prefix) && name.endsWith(ENDING)) {
                    found.put(name.substring(0, name.length() - ENDING.length()), file);
                }
            });
            return found;
        } catch (IOException e) {
            throw DiskFault.reading(place, e);
        }
    }

    private static ParameterVector load(Path file, Network target, DType dtype, Scope scope) {
        try (Scope read = scope.child("weights")) {
            Map<String, Tensor> all = TensorArrays.read(SafeTensors.read(file).arrays(), read);
            Map<String, Tensor> checkpointed = NamedTensors.under(CHECKPOINTED, all);
            Map<String, Tensor> named = checkpointed.isEmpty() ? all : checkpointed;
            Map<String, Tensor> kept = new LinkedHashMap<>();
            for (Parameter parameter : target.parameters()) {
                Tensor found = named.get(parameter.name());
                if (found == null || !found.shape().equals(parameter.shape())) {
                    throw new UserException(
                            "%s has %s, but the network for these data needs %s; use the data of the run"
                                    .formatted(
                                            file,
                                            found == null ? "no " + parameter.name() : found.describe(),
                                            parameter));
                }
                kept.put(parameter.name(), scope.keep(read.ops().cast(found, dtype)));
            }
            return ParameterVector.of(target.parameters(), parameter -> NamedTensors.require(kept, parameter.name()));
        }
    }
}
