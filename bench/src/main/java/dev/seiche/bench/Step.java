package dev.seiche.bench;

import dev.seiche.tensor.Rng;
import java.util.ArrayList;
import java.util.List;

/**
 * One step of training a classifier on one batch: forward, mean cross-entropy, backward, {@code w <- w - rate dw}.
 *
 * @param image height, width and channels of an input
 */
public record Step(String name, String title, int batch, List<Integer> image, List<Layer> layers) implements Task {
    /** The learning rate. Small enough that thousands of steps on one batch end in no numbers of unusual cost. */
    public static final double RATE = 0.01;

    /** Steps that an answer takes. */
    public static final int ANSWER_STEPS = 3;

    private static final int CLASSES = 10;

    /** What a network is made of. */
    public sealed interface Layer permits Dense, Conv, Relu, MaxPool, Flatten {}

    /** {@code y = x w + b}. */
    public record Dense(int in, int out) implements Layer {}

    /** 3x3, keeping height and width, with bias. */
    public record Conv(int in, int out) implements Layer {}

    /** {@code max(x, 0)}. */
    public record Relu() implements Layer {}

    /** The largest of 2x2. */
    public record MaxPool() implements Layer {}

    /** Of [H, W, C] in this order. */
    public record Flatten(int height, int width, int channels) implements Layer {}

    /** 784-512-512-10 with ReLU, 128 images. */
    static Step mlp() {
        return new Step(
                "mlp-step",
                "MLP 784-512-512-10, batch 128, training step",
                128,
                List.of(28, 28, 1),
                List.of(
                        new Flatten(28, 28, 1),
                        new Dense(784, 512),
                        new Relu(),
                        new Dense(512, 512),
                        new Relu(),
                        new Dense(512, CLASSES)));
    }

    /** The same with 256 images: beside questions about their gradients. */
    static Step samplesMlp() {
        return new Step("mlp256", "MLP 784-512-512-10, batch 256", 256, List.of(28, 28, 1), mlp().layers());
    }

    /** 64 to 64 channels on 16x16, 128 to 128 on 8x8, 256 to 256 on 4x4, with what leads from one to the next; 128 images. */
    static Step samplesCnn() {
        return new Step(
                "cnn128",
                "CNN 16x16, conv 64, 128, 128, 256, 256, batch 128",
                128,
                List.of(16, 16, 64),
                List.of(
                        new Conv(64, 64),
                        new Relu(),
                        new MaxPool(),
                        new Conv(64, 128),
                        new Relu(),
                        new Conv(128, 128),
                        new Relu(),
                        new MaxPool(),
                        new Conv(128, 256),
                        new Relu(),
                        new Conv(256, 256),
                        new Relu(),
                        new Flatten(4, 4, 256),
                        new Dense(4 * 4 * 256, CLASSES)));
    }

    /** Two convolutions of 32 and 64 channels, each with ReLU and pooling, and two linear layers; 64 images. */
    static Step cnn() {
        return new Step(
                "cnn-step",
                "CNN 28x28, conv 32 and 64, dense 128, batch 64, training step",
                64,
                List.of(28, 28, 1),
                List.of(
                        new Conv(1, 32),
                        new Relu(),
                        new MaxPool(),
                        new Conv(32, 64),
                        new Relu(),
                        new MaxPool(),
                        new Flatten(7, 7, 64),
                        new Dense(7 * 7 * 64, 128),
                        new Relu(),
                        new Dense(128, CLASSES)));
    }

    public Array images() {
        return Array.normal(name + ".images", 1, batch, image.get(0), image.get(1), image.get(2));
    }

    /** One class per image. */
    public int[] labels() {
        int[] labels = new int[batch];
        for (int i = 0; i < batch; i++) {
            labels[i] = Rng.seed(1).fold(name + ".labels").below(i, CLASSES);
        }
        return labels;
    }

    /** First weights and biases of the layers that have some, in order; weights N(0, 1/fan in). */
    public List<Array> parameters() {
        List<Array> parameters = new ArrayList<>();
        for (int i = 0; i < layers.size(); i++) {
            Layer layer = layers.get(i);
            if (layer instanceof Dense dense) {
                parameters.add(Array.normal(i + ".weight", Math.sqrt(1.0 / dense.in()), dense.in(), dense.out()));
                parameters.add(Array.normal(i + ".bias", 0.1, dense.out()));
            } else if (layer instanceof Conv conv) {
                int kernel = Convolution.KERNEL;
                double deviation = Math.sqrt(1.0 / (conv.in() * kernel * kernel));
                parameters.add(Array.normal(i + ".weight", deviation, kernel, kernel, conv.in(), conv.out()));
                parameters.add(Array.normal(i + ".bias", 0.1, conv.out()));
            }
        }
        return parameters;
    }

    @Override
    public double flops() {
        double forward = 0;
        double first = 0;
        int pixels = image.get(0) * image.get(1);
        for (Layer layer : layers) {
            double macs = 0;
            if (layer instanceof Dense dense) {
                macs = (double) dense.in() * dense.out();
            } else if (layer instanceof Conv conv) {
                macs = (double) pixels * conv.in() * conv.out() * Convolution.KERNEL * Convolution.KERNEL;
            } else if (layer instanceof MaxPool) {
                pixels /= 4;
            }
            first = first == 0 ? macs : first;
            forward += macs;
        }
        // three products per layer, but none for the gradient of the images
        return 2.0 * batch * (3 * forward - first);
    }

    @Override
    public long terms() {
        // a gradient of a convolution's weights sums over all positions of all images
        return (long) batch * image.get(0) * image.get(1);
    }

    /**
     * About how many ReLUs of all images a rounding error pushes over their kink in one step: the error of a sum of n products
     * is about sqrt(n) roundings of it.
     */
    double kinks() {
        double kinks = 0;
        int pixels = image.get(0) * image.get(1);
        double units = 0;
        int products = 1;
        for (Layer layer : layers) {
            if (layer instanceof Dense dense) {
                units = dense.out();
                products = dense.in();
            } else if (layer instanceof Conv conv) {
                units = (double) pixels * conv.out();
                products = conv.in() * Convolution.KERNEL * Convolution.KERNEL;
            } else if (layer instanceof MaxPool) {
                pixels /= 4;
            } else if (layer instanceof Relu) {
                kinks += batch * units * Math.sqrt(products) * Answers.ROUNDING;
            }
        }
        return kinks;
    }

    @Override
    public Work in(Session session) {
        return session.step(this);
    }
}
