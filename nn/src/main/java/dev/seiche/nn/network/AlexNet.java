package dev.seiche.nn.network;

import dev.seiche.nn.Module;
import dev.seiche.nn.Network;
import dev.seiche.nn.layer.Activation;
import dev.seiche.nn.layer.Conv2d;
import dev.seiche.nn.layer.Dropout;
import dev.seiche.nn.layer.Flatten;
import dev.seiche.nn.layer.Linear;
import dev.seiche.nn.layer.MaxPool2d;
import dev.seiche.nn.layer.Sequential;
import dev.seiche.tensor.DType;
import dev.seiche.tensor.Shape;
import dev.seiche.tensor.TensorType;

/**
 * The small AlexNet of Simsekli et al. 2019: five convolutions of one number of filters, three of them pooled, then three
 * linear layers whose width follows from the features n that are left: n floor(1 + log2 n). PyTorch's default init.
 */
public final class AlexNet {
    private AlexNet() {}

    /**
     * For images [height, width, channels], 32 x 32 x 3 in the paper.
     *
     * @param filters of each convolution, the scale of the network
     * @throws dev.seiche.tensor.ShapeException for images that the pools do not fit
     */
    public static Module of(int height, int width, int channels, int filters, int classes) {
        Sequential features = features(channels, filters);
        TensorType image = new TensorType(DType.F32, Shape.of(1, height, width, channels));
        int left =
                Math.toIntExact(Network.of(features).outputType(image).shape().size());
        int hidden = left * (1 + (int) Math.floor(Math.log(left) / Math.log(2)));
        return Sequential.of()
                .then("features", features)
                .then("flat", new Flatten())
                .then("drop1", new Dropout(0.5))
                .then("fc1", Linear.of(left, hidden))
                .then("act1", Activation.RELU)
                .then("drop2", new Dropout(0.5))
                .then("fc2", Linear.of(hidden, hidden))
                .then("act2", Activation.RELU)
                .then("fc3", Linear.of(hidden, classes));
    }

    private static Sequential features(int channels, int filters) {
        MaxPool2d pool = MaxPool2d.of(3, 2, 0);
        return Sequential.of()
                .then("conv1", Conv2d.of(channels, filters, 4, 2, 2))
                .then("act1", Activation.RELU)
                .then("pool1", pool)
                .then("conv2", Conv2d.of(filters, filters, 5))
                .then("act2", Activation.RELU)
                .then("pool2", pool)
                .then("conv3", Conv2d.of(filters, filters, 3))
                .then("act3", Activation.RELU)
                .then("conv4", Conv2d.of(filters, filters, 3))
                .then("act4", Activation.RELU)
                .then("conv5", Conv2d.of(filters, filters, 3))
                .then("act5", Activation.RELU)
                .then("pool5", pool);
    }
}
