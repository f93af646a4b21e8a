package dev.seiche.study.setup;

import dev.seiche.nn.Module;
import dev.seiche.nn.Network;
import dev.seiche.nn.init.Init;
import dev.seiche.nn.layer.Activation;
import dev.seiche.nn.layer.LastPosition;
import dev.seiche.nn.layer.Mlp;
import dev.seiche.nn.layer.Norm;
import dev.seiche.nn.layer.Sequential;
import dev.seiche.nn.network.AlexNet;
import dev.seiche.nn.network.CurveFit;
import dev.seiche.nn.network.FullyConnected;
import dev.seiche.nn.network.Gpt;
import dev.seiche.nn.network.ResNet;
import dev.seiche.nn.network.Vgg;
import dev.seiche.nn.network.VisionTransformer;
import dev.seiche.nn.network.WideResNet;
import dev.seiche.study.UserException;
import dev.seiche.study.config.AtLeast;
import dev.seiche.study.config.Doc;
import dev.seiche.study.config.OneOf;
import dev.seiche.tensor.DType;
import dev.seiche.tensor.Shape;
import dev.seiche.tensor.TensorType;
import java.util.Locale;

/** The network of a study, as its configuration names it. */
public record NetworkChoice(
        @Doc("mlp; fc: bias-free ReLU; linear: deep linear; curve: 1-width-1 tanh; alexnet; vgg-11; resnet-18; resnet:"
                + " ResNet-depth for small images; wrn: WRN-depth-width; vit; gpt: predicts the next symbol of a text")
        @OneOf({"mlp", "fc", "linear", "curve", "alexnet", "vgg-11", "resnet-18", "resnet", "wrn", "vit", "gpt"})
        String kind,

        @Doc(
                "mlp: hidden layers; fc, linear: linear layers; resnet 6n+2; wrn 6n+4; vit, gpt: blocks; others have their own")
        @AtLeast(1)
        int depth,

        @Doc("mlp, fc, linear, curve: hidden units; alexnet: filters; vgg-11, resnet-18: first filters; wrn: factor;"
                + " vit, gpt: features")
        @AtLeast(1)
        int width,

        @Doc("activation of an mlp") @OneOf({"tanh", "relu", "gelu", "softplus", "sigmoid", "identity"})
        String activation,

        @Doc("norm of mlp, vgg-11, wrn") @OneOf({"none", "batch", "layer"})
        String norm,

        @Doc("skip paths of a wrn") boolean skip,

        @Doc("first weights of mlp, linear: uniform 1/sqrt(fan_in) with biases alike, or kaiming, xavier, orthogonal,"
                + " gaussian 1/fan_in, with zero biases")
        @OneOf({"uniform", "kaiming", "xavier", "orthogonal", "gaussian"})
        String init) {

    /** Side of a patch and features of a head of a vision transformer. */
    private static final int PATCH = 4;

    private static final int HEAD = 16;

    public NetworkChoice withDepth(int other) {
        return new NetworkChoice(kind, other, width, activation, norm, skip, init);
    }

    public NetworkChoice withWidth(int other) {
        return new NetworkChoice(kind, depth, other, activation, norm, skip, init);
    }

    public NetworkChoice withKind(String other) {
        return new NetworkChoice(other, depth, width, activation, norm, skip, init);
    }

    public NetworkChoice withInit(String other) {
        return new NetworkChoice(kind, depth, width, activation, norm, skip, other);
    }

    public NetworkChoice withParts(boolean batchNorm, boolean withSkip) {
        return new NetworkChoice(kind, depth, width, activation, batchNorm ? "batch" : "none", withSkip, init);
    }

    /**
     * The network for some data.
     *
     * @throws UserException when the choice does not fit the data
     */
    public Network build(TrainingData data) {
        try {
            Network network = Network.of(module(data.input(), data.outputs()));
            network.outputType(new TensorType(
                    data.data().inputs().dtype(DType.F32), Shape.of(1).concat(data.input())));
            return network;
        } catch (IllegalArgumentException e) {
            throw new UserException("network.kind %s does not fit %s: %s".formatted(kind, data, e.getMessage()), e);
        }
    }

    private Module module(Shape input, int outputs) {
        int features = Math.toIntExact(input.size());
        int channels = input.rank() == 3 ? input.dim(2) : 1;
        return switch (kind) {
            case "fc" -> FullyConnected.tailIndex(features, width, depth, outputs);
            case "linear" ->
                FullyConnected.deepLinear(weights(), FullyConnected.widths(features, width, depth - 1, outputs));
            case "curve" -> CurveFit.of(width);
            case "alexnet" -> AlexNet.of(image(input, 0), image(input, 1), channels, width, outputs);
            case "vgg-11" -> Vgg.eleven(channels, outputs, normLayer(), width);
            case "resnet-18" -> ResNet.eighteen(channels, outputs, width);
            case "resnet" -> ResNet.cifar(depth, channels, outputs);
            case "wrn" -> new WideResNet(channels, outputs, depth, width, normLayer(), skip).build();
            case "vit" ->
                new VisionTransformer(
                        image(input, 0), PATCH, channels, width, Math.max(1, width / HEAD), depth, outputs);
            case "gpt" ->
                Sequential.of()
                        .then("gpt", new Gpt(outputs, Math.max(1, features), width, Math.max(1, width / HEAD), depth))
                        .then("last", new LastPosition());
            default -> mlp(features, outputs);
        };
    }

    private static int image(Shape input, int axis) {
        if (input.rank() != 3) {
            throw new IllegalArgumentException("it needs images, a sample here is " + input);
        }
        return input.dim(axis);
    }

    private Mlp mlp(int features, int outputs) {
        Mlp mlp = Mlp.of(FullyConnected.widths(features, width, depth, outputs))
                .withActivation(between())
                .withNorm(normLayer());
        return init.equals("uniform") ? mlp : mlp.withInit(weights()).withBias(Init.zeros());
    }

    private Activation between() {
        return Activation.valueOf(activation.toUpperCase(Locale.ROOT));
    }

    private Norm normLayer() {
        return Norm.valueOf(norm.toUpperCase(Locale.ROOT));
    }

    private Init weights() {
        double gain = kind.equals("linear") ? 1 : between().gain();
        return switch (init) {
            case "kaiming" -> Init.kaimingNormal();
            case "xavier" -> Init.xavierNormal(gain);
            case "orthogonal" -> Init.orthogonal(gain);
            case "gaussian" -> Init.gaussian(1);
            default -> Init.uniformFanIn();
        };
    }
}
