package dev.seiche.study.oscillation;

import dev.seiche.nn.Loss;
import dev.seiche.nn.Module;
import dev.seiche.nn.Network;
import dev.seiche.nn.Objective;
import dev.seiche.nn.data.Dataset;
import dev.seiche.nn.layer.Norm;
import dev.seiche.nn.network.CurveFit;
import dev.seiche.nn.network.ResNet;
import dev.seiche.nn.network.Vgg;
import dev.seiche.study.RunContext;
import dev.seiche.study.UserException;
import dev.seiche.study.setup.Losses;
import dev.seiche.study.setup.TrainingData;
import dev.seiche.tensor.DType;
import dev.seiche.tensor.Rng;
import dev.seiche.tensor.Scope;
import dev.seiche.tensor.Shape;
import dev.seiche.tensor.TensorType;
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

    private static Network network(OscillationConfig.Net net, TrainingData data) {
        try {
            Network network = Network.of(module(net, data));
            network.outputType(new TensorType(DType.F32, Shape.of(1).concat(data.input())));
            return network;
        } catch (IllegalArgumentException e) {
            throw new UserException(
                    "network.kind %s does not fit %s: %s".formatted(net.kind(), data, e.getMessage()), e);
        }
    }

    private static Module module(OscillationConfig.Net net, TrainingData data) {
        if (!net.kind().equals("mlp") && net.hidden().isEmpty()) {
            throw new IllegalArgumentException("network.hidden names no width");
        }
        int channels = data.input().rank() == 3 ? data.input().dim(2) : 1;
        return switch (net.kind()) {
            case "curve" -> CurveFit.of(net.hidden().get(0));
            case "vgg-11" ->
                Vgg.eleven(channels, data.outputs(), Norm.NONE, net.hidden().get(0));
            case "resnet-20" -> ResNet.cifar(20, channels, data.outputs());
            case "resnet-32" -> ResNet.cifar(32, channels, data.outputs());
            default ->
                net.network(Math.toIntExact(data.input().size()), data.outputs())
                        .module();
        };
    }
}
