package dev.seiche.bench;

import dev.seiche.autograd.Tape;
import dev.seiche.autograd.Var;
import dev.seiche.tensor.Scope;
import dev.seiche.tensor.Shape;
import dev.seiche.tensor.Tensor;
import dev.seiche.tensor.op.ConvGeometry;
import dev.seiche.tensor.op.PoolGeometry;
import java.util.ArrayList;
import java.util.List;

/** A step's network in Seiche. */
record SeicheNetwork(Step task, Tensor images, Tensor labels, List<Tensor> weights) {
    static SeicheNetwork of(Step task, Scope scope) {
        List<Tensor> weights = new ArrayList<>();
        for (Array array : task.parameters()) {
            weights.add(scope.tensor(array.shape(), array.values()).named(array.name()));
        }
        return new SeicheNetwork(
                task,
                scope.tensor(task.images().shape(), task.images().values()),
                scope.tensor(Shape.of(task.batch()), task.labels()),
                List.copyOf(weights));
    }

    /** Of each sample: [B]. */
    Var<Tensor> losses(Tape<Tensor> tape, List<Var<Tensor>> leaves) {
        Var<Tensor> y = tape.constant(images);
        int next = 0;
        for (Step.Layer layer : task.layers()) {
            if (layer instanceof Step.Dense) {
                y = tape.linear(y, leaves.get(next), leaves.get(next + 1));
                next += 2;
            } else if (layer instanceof Step.Conv) {
                ConvGeometry geometry = ConvGeometry.of(1, Convolution.PADDING);
                y = tape.add(tape.conv2d(y, leaves.get(next), geometry), leaves.get(next + 1));
                next += 2;
            } else if (layer instanceof Step.Relu) {
                y = tape.relu(y);
            } else if (layer instanceof Step.MaxPool) {
                y = tape.maxPool2d(y, PoolGeometry.of(2, 2, 0));
            } else if (layer instanceof Step.Flatten) {
                y = tape.flatten(y, 1);
            } else {
                throw new IllegalArgumentException("layer " + layer);
            }
        }
        return tape.crossEntropy(y, tape.constant(labels));
    }
}
