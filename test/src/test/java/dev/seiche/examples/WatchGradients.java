package dev.seiche.examples;

import dev.seiche.kernels.cpu.CpuBackend;
import dev.seiche.metrics.oscillation.OscillationProbe;
import dev.seiche.nn.Loss;
import dev.seiche.nn.Network;
import dev.seiche.nn.data.DataPlaces;
import dev.seiche.nn.data.Dataset;
import dev.seiche.nn.data.ImageSets;
import dev.seiche.nn.data.LabelledImages;
import dev.seiche.nn.data.Standardisation;
import dev.seiche.nn.layer.Mlp;
import dev.seiche.nn.train.Training;
import dev.seiche.tensor.DType;
import dev.seiche.tensor.Rng;
import dev.seiche.tensor.Scope;
import java.nio.file.Path;
import java.util.Map;
import java.util.function.DoubleConsumer;

/** The example of the README: trains on the shipped images and reads a metric at every step. */
final class WatchGradients {
    private WatchGradients() {}

    static void run(int samples, int steps, DoubleConsumer cosines) {
        // README example begins
        LabelledImages images = ImageSets.load("fashion-mnist-1k", DataPlaces.of(null, Map.of(), Path.of(".")))
                .train()
                .first(samples);
        Dataset data = images.dataset("images", Standardisation.global(images));
        Network network = Network.of(Mlp.of(784, 50, 50, 10));

        try (CpuBackend cpu = CpuBackend.open();
                Scope model = Scope.root(cpu, "model");
                OscillationProbe probe = OscillationProbe.of(network.parameters(), model, (step, name, value) -> {
                    if (name.equals("grad/cos")) {
                        cosines.accept(value); // cosine of this step's gradient with the one before
                    }
                })) {
            Training.of(network, Loss.HALF_SQUARED_ERROR, data)
                    .learningRate(0.2)
                    .probe(probe)
                    .start(model, DType.F64, Rng.seed(1))
                    .run(steps);
        }
        // README example ends
    }
}
