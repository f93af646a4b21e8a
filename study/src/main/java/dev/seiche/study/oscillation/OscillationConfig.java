package dev.seiche.study.oscillation;

import dev.seiche.nn.Network;
import dev.seiche.nn.init.Init;
import dev.seiche.nn.layer.Activation;
import dev.seiche.nn.layer.Mlp;
import dev.seiche.study.UserException;
import dev.seiche.study.config.AtLeast;
import dev.seiche.study.config.Doc;
import dev.seiche.study.config.NotEmpty;
import dev.seiche.study.config.OneOf;
import dev.seiche.study.config.Positive;
import dev.seiche.study.setup.DataChoice;
import dev.seiche.study.setup.NetworkChoice;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * What an oscillation run does: one network, trained by full-batch gradient descent once for each learning rate, from the
 * same first weights.
 */
public record OscillationConfig(
        @Doc("what is learnt") DataChoice data,
        @Doc("what learns") Net network,
        @Doc("how it learns") Train train,
        @Doc("what is measured") Measure measure) {

    /** A network; what its kind does not need is not used. */
    public record Net(
            @Doc("mlp; curve: 1-hidden-1 tanh without an output bias; vgg-11: without batch norm; resnet-20, resnet-32:"
                    + " with batch norm over the whole batch")
            @OneOf({"mlp", "curve", "vgg-11", "resnet-20", "resnet-32"})
            String kind,

            @Doc("widths of the hidden layers of an mlp; the first one for a curve, first filters of vgg-11") @Positive
            List<Integer> hidden,

            @Doc("activation of the hidden layers of an mlp") @OneOf({"tanh", "relu", "gelu", "softplus", "sigmoid"})
            String activation,

            @Doc("distribution of the first weights of an mlp: uniform 1/sqrt(fan_in) with biases alike, or kaiming,"
                    + " xavier, orthogonal with zero biases")
            @OneOf({"uniform", "kaiming", "xavier", "orthogonal"})
            String init) {

        /**
         * The same network as other studies name it.
         *
         * @throws UserException for hidden layers of different widths, which they have no words for
         */
        public NetworkChoice choice() {
            if (hidden.isEmpty()
                    || kind.equals("mlp") && hidden.stream().distinct().count() > 1) {
                throw new UserException(
                        "network.hidden is %s; other studies know hidden layers of one width only".formatted(hidden));
            }
            boolean residual = kind.startsWith("resnet-");
            int depth = residual ? Integer.parseInt(kind.substring("resnet-".length())) : hidden.size();
            return new NetworkChoice(residual ? "resnet" : kind, depth, hidden.get(0), activation, "none", false, init);
        }

        /**
         * The multi-layer perceptron for so many inputs and outputs.
         *
         * @throws UserException when the kind is another one
         */
        public Network network(int inputs, int outputs) {
            if (!kind.equals("mlp")) {
                throw new UserException("network.kind is %s, and only an mlp can be made here".formatted(kind));
            }
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

            @Doc("repetitions of each, with the run's seed and the next ones") @AtLeast(1)
            int seeds,

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
            int predictEvery,

            @Doc(
                    "steps of a restart with a quarter and a sixteenth of the rate, from the end of a run that oscillates there;"
                            + " 0 for none")
            @AtLeast(0)
            int restartSteps) {}
}
