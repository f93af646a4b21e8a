package dev.seiche.study.gram;

import dev.seiche.nn.Network;
import dev.seiche.nn.ParameterVector;
import dev.seiche.study.UserException;
import dev.seiche.study.config.Config;
import dev.seiche.study.oscillation.OscillationConfig;
import dev.seiche.study.oscillation.OscillationStudy;
import dev.seiche.study.run.RunDirectory;
import dev.seiche.study.setup.StoredWeights;
import dev.seiche.tensor.DType;
import dev.seiche.tensor.Scope;
import java.nio.file.Path;
import java.util.List;

/**
 * A finished or interrupted run whose network and weights are taken.
 *
 * @param network as its configuration describes it
 */
record TrainedRun(Path directory, OscillationConfig.Net network) {
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
     * @param name of the file without its ending, in arrays or checkpoints; empty where there is only one choice
     */
    ParameterVector weights(String name, Network target, DType dtype, Scope scope) {
        return StoredWeights.choose(directory, name, null).load(target, dtype, scope);
    }
}
