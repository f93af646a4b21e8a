package dev.seiche.study.oscillation;

import dev.seiche.nn.Network;
import dev.seiche.nn.init.Init;
import dev.seiche.nn.layer.Activation;
import dev.seiche.nn.layer.Mlp;
import dev.seiche.study.config.AtLeast;
import dev.seiche.study.config.Doc;
import dev.seiche.study.config.NotEmpty;
import dev.seiche.study.config.OneOf;
import dev.seiche.study.config.Positive;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * What an oscillation run does: one network, trained by full-batch gradient descent once for each learning rate, from the
 * same first weights.
 */
public record OscillationConfig(
        @Doc("what is learnt") Data data,
        @Doc("what learns") Net network,
        @Doc("how it learns") Train train,
        @Doc("what is measured") Measure measure) {

    /** Which images. */
    public record Data(
            @Doc("name of the image set: fashion-mnist-1k (shipped), fashion-mnist, mnist, idx")
            @OneOf({"fashion-mnist-1k", "fashion-mnist", "mnist", "idx"})
            String set,

            @Doc("number of images, the first ones") @AtLeast(1)
            int samples,

            @Doc("one mean and deviation over all pixels (global), per channel, or none")
            @OneOf({"global", "per-channel", "none"})
            String standardise) {}

    /** A multi-layer perceptron. */
    public record Net(
            @Doc("widths of the hidden layers") @Positive List<Integer> hidden,

            @Doc("activation of the hidden layers") @OneOf({"tanh", "relu", "gelu", "softplus", "sigmoid"})
            String activation,

            @Doc("distribution of the first weights: uniform 1/sqrt(fan_in) with biases alike, or kaiming, xavier,"
                    + " orthogonal with zero biases")
            @OneOf({"uniform", "kaiming", "xavier", "orthogonal"})
            String init) {

        /** The network for so many inputs and outputs. */
        public Network network(int inputs, int outputs) {
            List<Integer> widths = new ArrayList<>();
            widths.add(inputs);
            widths.addAll(hidden);
            widths.add(outputs);
            Activation function = Activation.valueOf(activation.toUpperCase(Locale.ROOT));
            Mlp mlp = Mlp.of(widths.stream().mapToInt(Integer::intValue).toArray())
                    .withActivation(function);
            return Network.of(
                    switch (init) {
                        case "kaiming" -> mlp.withInit(Init.kaimingNormal()).withBias(Init.zeros());
                        case "xavier" ->
                            mlp.withInit(Init.xavierNormal(function.gain())).withBias(Init.zeros());
                        case "orthogonal" ->
                            mlp.withInit(Init.orthogonal(function.gain())).withBias(Init.zeros());
                        default -> mlp;
                    });
        }
    }

    /** Gradient descent. */
    public record Train(
            @Doc("loss of a sample: half-squared-error against the one-hot label, or cross-entropy")
            @OneOf({"half-squared-error", "cross-entropy"})
            String loss,

            @Doc("learning rates, one run each") @NotEmpty @Positive
            List<Double> rates,

            @Doc("steps of each run") @AtLeast(2) int steps,

            @Doc("element type of all tensors") @OneOf({"f32", "f64"})
            String dtype,

            @Doc("samples worked on at once; fewer need less memory") @AtLeast(1)
            int microBatch,

            @Doc("steps between checkpoints") @AtLeast(1) int checkpointEvery) {}

    /** Probes. */
    public record Measure(
            @Doc("steps between measurements of the sharpness; 0 for none") @AtLeast(0)
            int sharpnessEvery,

            @Doc("largest Hessian eigenvalues to find each time") @AtLeast(1)
            int eigenvalues,

            @Doc("predict the next cosine by one Hessian-vector product every this many steps; 0 for none") @AtLeast(0)
            int predictEvery) {}
}
