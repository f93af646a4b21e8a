package dev.seiche.nn.network;

import dev.seiche.nn.Module;
import dev.seiche.nn.init.Init;
import dev.seiche.nn.layer.Activation;
import dev.seiche.nn.layer.Conv2d;
import dev.seiche.nn.layer.GlobalPool;
import dev.seiche.nn.layer.Linear;
import dev.seiche.nn.layer.Norm;
import dev.seiche.nn.layer.Residual;
import dev.seiche.nn.layer.Sequential;
import java.util.List;

/**
 * Residual networks of basic blocks for 32 x 32 images: He et al. 2015. A 3 x 3 stem, stages of blocks
 * {@code relu(norm(conv(relu(norm(conv x)))) + skip x)} whose first block halves the image from the second stage on, global
 * average pooling, a linear layer. Convolutions have no biases; their weights begin at N(0, 2/fan out), the linear layer
 * at PyTorch's default.
 *
 * @param channels of the images
 * @param blocks in each stage
 * @param filters in each stage
 * @param shortcut how the skip path changes the shape
 * @param norm after each convolution, batch norm in the paper
 */
public record ResNet(
        int channels, int classes, List<Integer> blocks, List<Integer> filters, Shortcut shortcut, Norm norm) {

    /** The skip path of a block whose output has another shape than its input. */
    public enum Shortcut {
        /** Every second pixel, zeros for the new channels: option A of the paper, without weights. */
        PAD,
        /** A 1 x 1 convolution and a norm: option B. */
        CONVOLUTION
    }

    public ResNet {
        blocks = List.copyOf(blocks);
        filters = List.copyOf(filters);
        if (blocks.isEmpty() || blocks.size() != filters.size()) {
            throw new IllegalArgumentException(
                    "resnet: needs filters for each stage, got " + filters + " for stages of " + blocks + " blocks");
        }
    }

    /** ResNet-18: four stages of two blocks, 64 to 512 filters, with the stem that small images get. */
    public static Module eighteen(int channels, int classes) {
        return eighteen(channels, classes, 64);
    }

    /**
     * ResNet-18 of another width.
     *
     * @param filters of the first stage, 64 in the paper
     */
    public static Module eighteen(int channels, int classes, int filters) {
        return new ResNet(
                        channels,
                        classes,
                        List.of(2, 2, 2, 2),
                        List.of(filters, 2 * filters, 4 * filters, 8 * filters),
                        Shortcut.CONVOLUTION,
                        Norm.BATCH)
                .build();
    }

    /**
     * The networks of the paper's section 4.2: ResNet-20, -32, -44, -56, -110, three stages of 16, 32 and 64 filters with
     * option A.
     *
     * @param depth 6 n + 2
     */
    public static Module cifar(int depth, int channels, int classes) {
        if (depth < 8 || depth % 6 != 2) {
            throw new IllegalArgumentException("resnet: the depth is 6 n + 2, as in 20, 32, 44; got " + depth);
        }
        int n = depth / 6;
        return new ResNet(channels, classes, List.of(n, n, n), List.of(16, 32, 64), Shortcut.PAD, Norm.BATCH).build();
    }

    /** The network. */
    public Module build() {
        Sequential all = Sequential.of()
                .then("conv", conv(channels, filters.get(0), 3, 1))
                .then("norm", norm.of(filters.get(0)))
                .then("act", Activation.RELU);
        int in = filters.get(0);
        for (int stage = 0; stage < blocks.size(); stage++) {
            Sequential part = Sequential.of();
            for (int block = 0; block < blocks.get(stage); block++) {
                int stride = stage > 0 && block == 0 ? 2 : 1;
                part = part.then(block(in, filters.get(stage), stride));
                in = filters.get(stage);
            }
            all = all.then("stage" + (stage + 1), part);
        }
        return all.then("pool", GlobalPool.AVERAGE).then("fc", Linear.of(in, classes));
    }

    private Module block(int in, int out, int stride) {
        Sequential body = Sequential.of()
                .then("conv1", conv(in, out, 3, stride))
                .then("norm1", norm.of(out))
                .then("act1", Activation.RELU)
                .then("conv2", conv(out, out, 3, 1))
                .then("norm2", norm.of(out));
        return Sequential.of()
                .then("sum", in == out && stride == 1 ? Residual.of(body) : new Residual(body, skip(in, out, stride)))
                .then("act", Activation.RELU);
    }

    private Module skip(int in, int out, int stride) {
        return shortcut == Shortcut.PAD
                ? new PadShortcut(in, out, stride)
                : Sequential.of().then("conv", conv(in, out, 1, stride)).then("norm", norm.of(out));
    }

    static Conv2d conv(int in, int out, int kernel, int stride) {
        return Conv2d.of(in, out, kernel, stride, kernel / 2)
                .withInit(Init.kaimingNormalFanOut())
                .withoutBias();
    }
}
