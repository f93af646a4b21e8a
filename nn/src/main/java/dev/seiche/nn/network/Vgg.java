package dev.seiche.nn.network;

import dev.seiche.nn.Module;
import dev.seiche.nn.init.Init;
import dev.seiche.nn.layer.Activation;
import dev.seiche.nn.layer.Conv2d;
import dev.seiche.nn.layer.Flatten;
import dev.seiche.nn.layer.Linear;
import dev.seiche.nn.layer.MaxPool2d;
import dev.seiche.nn.layer.Norm;
import dev.seiche.nn.layer.Sequential;
import java.util.List;

/**
 * VGG for 32 x 32 images: Simonyan and Zisserman 2015, configuration A, in the form of Cohen et al. 2021 without dropout.
 * Convolution weights N(0, 2/(9 out)) with zero biases; linear layers with PyTorch's default.
 */
public final class Vgg {
    /** Filters of each convolution in units of the first one's; 0 is a pool. */
    private static final List<Integer> ELEVEN = List.of(1, 0, 2, 0, 4, 4, 0, 8, 8, 0, 8, 8, 0);

    private Vgg() {}

    /** VGG-11: eight convolutions from 64 to 512 filters, each followed by the norm, and three linear layers. */
    public static Module eleven(int channels, int classes, Norm norm) {
        return eleven(channels, classes, norm, 64);
    }

    /**
     * VGG-11 of another width.
     *
     * @param filters of the first convolution, 64 in the paper
     */
    public static Module eleven(int channels, int classes, Norm norm, int filters) {
        Sequential all = Sequential.of();
        int in = channels;
        int convolutions = 0;
        int pools = 0;
        for (int factor : ELEVEN) {
            if (factor == 0) {
                all = all.then("pool" + ++pools, MaxPool2d.of(2));
                continue;
            }
            int out = factor * filters;
            convolutions++;
            all = all.then(
                            "conv" + convolutions,
                            Conv2d.of(in, out, 3)
                                    .withInit(Init.kaimingNormalFanOut())
                                    .withBias(Init.zeros()))
                    .then("norm" + convolutions, norm.of(out))
                    .then("act" + convolutions, Activation.RELU);
            in = out;
        }
        return all.then("flat", new Flatten())
                .then("fc1", Linear.of(in, in))
                .then("fcact1", Activation.RELU)
                .then("fc2", Linear.of(in, in))
                .then("fcact2", Activation.RELU)
                .then("fc3", Linear.of(in, classes));
    }
}
