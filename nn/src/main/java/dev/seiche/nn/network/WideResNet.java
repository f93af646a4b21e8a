package dev.seiche.nn.network;

import dev.seiche.nn.Module;
import dev.seiche.nn.init.Init;
import dev.seiche.nn.layer.Activation;
import dev.seiche.nn.layer.GlobalPool;
import dev.seiche.nn.layer.Linear;
import dev.seiche.nn.layer.Norm;
import dev.seiche.nn.layer.Residual;
import dev.seiche.nn.layer.Sequential;

/**
 * Wide residual networks WRN-depth-factor: Zagoruyko and Komodakis 2016. A 3 x 3 stem of 16 filters, three stages of
 * (depth - 4)/6 pre-activation blocks with 16, 32 and 64 times {@code factor} filters, a norm, ReLU, global average
 * pooling, a linear layer. Convolutions have no biases and begin at N(0, 2/fan out) (MSRA); the linear layer has
 * PyTorch's default weight and a zero bias.
 *
 * <p>Sankararaman et al. 2020 take parts away: CNN-depth-factor is this network without skip paths and without batch norm.
 * What they put in the place of what they took is not said; here nothing is, so a convolution that loses its norm gets
 * no bias.
 *
 * @param channels of the images
 * @param depth 6 n + 4
 * @param factor width in units of 16, 32 and 64 filters
 * @param norm batch norm in the paper; {@link Norm#NONE} takes it away
 * @param skip whether blocks have a skip path
 */
public record WideResNet(int channels, int classes, int depth, int factor, Norm norm, boolean skip) {
    private static final int STEM = 16;

    public WideResNet {
        if (depth < 10 || depth % 6 != 4 || factor < 1) {
            throw new IllegalArgumentException(
                    "wide resnet: the depth is 6 n + 4, as in 10, 16, 22, 28, and the factor at"
                            + " least 1; got depth " + depth + " and factor " + factor);
        }
    }

    /** WRN-depth-factor. */
    public static Module wrn(int depth, int factor, int channels, int classes) {
        return new WideResNet(channels, classes, depth, factor, Norm.BATCH, true).build();
    }

    /** CNN-depth-factor. */
    public static Module cnn(int depth, int factor, int channels, int classes) {
        return new WideResNet(channels, classes, depth, factor, Norm.NONE, false).build();
    }

    /** The network. */
    public Module build() {
        int blocks = (depth - 4) / 6;
        Sequential all = Sequential.of().then("conv", ResNet.conv(channels, STEM, 3, 1));
        int in = STEM;
        for (int stage = 0; stage < 3; stage++) {
            int out = (STEM << stage) * factor;
            Sequential part = Sequential.of();
            for (int block = 0; block < blocks; block++) {
                part = part.then(block(in, out, stage > 0 && block == 0 ? 2 : 1));
                in = out;
            }
            all = all.then("stage" + (stage + 1), part);
        }
        return all.then("norm", norm.of(in))
                .then("act", Activation.RELU)
                .then("pool", GlobalPool.AVERAGE)
                .then("fc", Linear.of(in, classes).withBias(Init.zeros()));
    }

    private Module block(int in, int out, int stride) {
        Sequential first = Sequential.of().then("norm1", norm.of(in)).then("act1", Activation.RELU);
        Sequential rest = Sequential.of()
                .then("conv1", ResNet.conv(in, out, 3, stride))
                .then("norm2", norm.of(out))
                .then("act2", Activation.RELU)
                .then("conv2", ResNet.conv(out, out, 3, 1));
        if (!skip) {
            return Sequential.of().then("pre", first).then("rest", rest);
        }
        if (in == out && stride == 1) {
            return Residual.of(Sequential.of().then("pre", first).then("rest", rest));
        }
        // where the shape changes, the skip path too starts behind the first activation
        return Sequential.of().then("pre", first).then("sum", new Residual(rest, ResNet.conv(in, out, 1, stride)));
    }
}
