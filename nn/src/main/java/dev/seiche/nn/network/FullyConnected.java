package dev.seiche.nn.network;

import dev.seiche.nn.init.Init;
import dev.seiche.nn.layer.Activation;
import dev.seiche.nn.layer.Mlp;
import java.util.Arrays;

/** Multi-layer perceptrons that the literature gives a shape of their own. */
public final class FullyConnected {
    private FullyConnected() {}

    /** Features of the input, then {@code count} hidden layers of one width, then the outputs. */
    public static int[] widths(int in, int width, int count, int out) {
        int[] widths = new int[count + 2];
        Arrays.fill(widths, width);
        widths[0] = in;
        widths[count + 1] = out;
        return widths;
    }

    /**
     * The fully connected networks of Simsekli et al. 2019: ReLU without biases, weights uniform on +-1/sqrt(fan in).
     *
     * @param depth number of linear layers, at least 2
     */
    public static Mlp tailIndex(int in, int width, int depth, int classes) {
        if (depth < 2) {
            throw new IllegalArgumentException("fully connected: depth counts linear layers, at least 2, got " + depth);
        }
        return Mlp.of(widths(in, width, depth - 1, classes))
                .withActivation(Activation.RELU)
                .withoutBias();
    }

    /**
     * Linear layers without biases and activations: x W1 W2 ... WL, as in Saxe et al. 2014.
     *
     * @param init of all weights: {@link Init#orthogonal}, {@link Init#gaussian}, {@link Init#xavierNormal}
     */
    public static Mlp deepLinear(Init init, int... widths) {
        return Mlp.of(widths).withActivation(Activation.IDENTITY).withInit(init).withoutBias();
    }

    /**
     * The gain of orthogonal weights under which Theorem 6.1 of Sankararaman et al. 2020 bounds confusion without depth:
     * 1/sqrt(2 depth).
     *
     * @param depth number of linear layers, at least 1
     */
    public static double confusionGain(int depth) {
        return 1 / Math.sqrt(2.0 * depth);
    }
}
