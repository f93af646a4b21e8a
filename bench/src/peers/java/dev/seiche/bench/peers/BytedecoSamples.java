package dev.seiche.bench.peers;

import dev.seiche.bench.Array;
import dev.seiche.bench.ConvolutionGram;
import dev.seiche.bench.Samples;
import dev.seiche.bench.Step;
import dev.seiche.bench.Work;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Supplier;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;
import org.jspecify.annotations.Nullable;

/** The usual ways to a Gram matrix of sample gradients in PyTorch, for a network of linear layers and for a convolution. */
final class BytedecoSamples {
    private BytedecoSamples() {}

    static Work of(Samples task) {
        Network network = new Network(task.network());
        Supplier<Tensor> gram = task.want() == Samples.Want.GRAM_LOOP ? network::loop : network::formed;
        return new Bytedeco.OneOp(gram, () -> Bytedeco.array("result", gram.get()));
    }

    /** Patches laid out, all gradients by one batched product, their products by another. */
    static Work of(ConvolutionGram task) {
        Tensor x = Bytedeco.images(task.x());
        Tensor dy = Bytedeco.images(task.dy()).reshape(task.batch(), task.channels(), -1);
        long[] one = {1, 1};
        long[] kernel = {3, 3};
        Supplier<Tensor> gram = () -> {
            Tensor patches = torch.im2col(x, kernel, one, one, one);
            Tensor rows = torch.bmm(dy, patches.transpose(1, 2)).reshape(task.batch(), -1);
            return torch.mm(rows, rows.t());
        };
        return new Bytedeco.OneOp(gram, () -> Bytedeco.array("result", gram.get()));
    }

    private static final class Network {
        private final Step task;
        private final Tensor images;
        private final Tensor labels;
        private final List<Tensor> weights = new ArrayList<>();

        Network(Step task) {
            this.task = task;
            this.images = Bytedeco.images(task.images());
            this.labels = Bytedeco.labels(task);
            TorchWeights layout = new TorchWeights(task);
            for (int i = 0; i < layout.count(); i++) {
                weights.add(Bytedeco.tensor(layout.first(i)).set_requires_grad(true));
            }
        }

        /** From the inputs of the linear layers, and the gradients of their results, which no samples share. */
        Tensor formed() {
            List<Tensor> inputs = new ArrayList<>();
            List<Tensor> results = new ArrayList<>();
            Tensor y = forward(images, inputs, results);
            torch.cross_entropy_loss(y, labels)
                    .multiply(Bytedeco.scalar(task.batch()))
                    .backward();
            Tensor gram = null;
            for (int i = 0; i < inputs.size(); i++) {
                Tensor back = results.get(i).grad();
                Tensor rows = torch.einsum("ni,no->nio", new TensorVector(inputs.get(i).detach(), back))
                        .reshape(task.batch(), -1);
                Tensor more = torch.mm(rows, rows.t()).add(torch.mm(back, back.t()));
                gram = gram == null ? more : gram.add(more);
            }
            return Objects.requireNonNull(gram);
        }

        Tensor loop() {
            TensorVector rows = new TensorVector();
            for (int i = 0; i < task.batch(); i++) {
                for (Tensor weight : weights) {
                    weight.mutable_grad().reset();
                }
                Tensor y = forward(images.narrow(0, i, 1), null, null);
                torch.cross_entropy_loss(y, labels.narrow(0, i, 1)).backward();
                TensorVector parts = new TensorVector();
                for (Tensor weight : weights) {
                    parts.push_back(weight.grad().reshape(-1));
                }
                rows.push_back(torch.cat(parts));
            }
            Tensor all = torch.stack(rows);
            return torch.mm(all, all.t());
        }

        private Tensor forward(Tensor x, @Nullable List<Tensor> inputs, @Nullable List<Tensor> results) {
            Tensor y = x;
            int next = 0;
            for (Step.Layer layer : task.layers()) {
                if (layer instanceof Step.Dense) {
                    Tensor before = y;
                    y = torch.linear(y, weights.get(next), new TensorOptional(weights.get(next + 1)));
                    next += 2;
                    if (inputs != null && results != null) {
                        y.retain_grad();
                        inputs.add(before);
                        results.add(y);
                    }
                } else if (layer instanceof Step.Relu) {
                    y = torch.relu(y);
                } else if (layer instanceof Step.Flatten) {
                    y = y.flatten(1, -1);
                } else {
                    throw new IllegalArgumentException("layer " + layer);
                }
            }
            return y;
        }
    }
}
