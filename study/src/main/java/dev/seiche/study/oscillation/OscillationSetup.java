package dev.seiche.study.oscillation;

import dev.seiche.nn.Loss;
import dev.seiche.nn.Network;
import dev.seiche.nn.Objective;
import dev.seiche.nn.data.Dataset;
import dev.seiche.study.RunContext;
import dev.seiche.study.UserException;
import dev.seiche.study.setup.Losses;
import dev.seiche.study.setup.TrainingData;
import dev.seiche.tensor.DType;
import dev.seiche.tensor.Rng;
import dev.seiche.tensor.Scope;
import java.util.Locale;

/**
 * What a configuration names, made: data, network, loss.
 *
 * @param source the samples with their origin
 */
record OscillationSetup(TrainingData source, Network network, Loss loss, DType dtype) {
    static OscillationSetup of(OscillationConfig config, RunContext run) {
        TrainingData data = config.data().load(run);
        DType dtype = DType.valueOf(config.train().dtype().toUpperCase(Locale.ROOT));
        Network network = network(config.network(), data);
        if (!network.couplings().isEmpty()
                && config.train().microBatch() < data.data().size()) {
            throw new UserException(
                    "train.microBatch is %d, but batch norm needs all %d samples at once; use train.microBatch=%d"
                            .formatted(
                                    config.train().microBatch(),
                                    data.data().size(),
                                    data.data().size()));
        }
        return new OscillationSetup(data, network, Losses.of(config.train().loss()), dtype);
    }

    Dataset data() {
        return source.data();
    }

    /** The mean loss over all samples as training sees it, with the data in {@code scope}. */
    Objective objective(Scope scope, int microBatch) {
        Objective objective = Objective.of(network, loss, data(), microBatch, scope, dtype);
        return network.couplings().isEmpty() ? objective : objective.training(Rng.seed(0));
    }

    /** Hidden layers of an mlp may have different widths, which is not in the words of other studies. */
    private static Network network(OscillationConfig.Net net, TrainingData data) {
        return net.kind().equals("mlp")
                ? net.network(Math.toIntExact(data.input().size()), data.outputs())
                : net.choice().build(data);
    }
}
