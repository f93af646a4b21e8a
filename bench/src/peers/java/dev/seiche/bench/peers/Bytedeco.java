package dev.seiche.bench.peers;

import dev.seiche.bench.Array;
import dev.seiche.bench.Convolution;
import dev.seiche.bench.ConvolutionGram;
import dev.seiche.bench.Framework;
import dev.seiche.bench.Matmul;
import dev.seiche.bench.Samples;
import dev.seiche.bench.Session;
import dev.seiche.bench.Step;
import dev.seiche.bench.Task;
import dev.seiche.bench.Work;
import dev.seiche.tensor.Shape;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.bytedeco.javacpp.BoolPointer;
import org.bytedeco.javacpp.Loader;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.openblas.presets.openblas_nolapack;
import org.bytedeco.pytorch.LongArrayRefOptional;
import org.bytedeco.pytorch.SGD;
import org.bytedeco.pytorch.SGDOptions;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.T_TensorTensorTensor_T;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;

/** PyTorch's C++ API through JavaCPP: each call goes straight to libtorch. */
public final class Bytedeco implements Framework {
    private static final boolean CHANNELS_LAST = Boolean.getBoolean("bench.channelsLast");

    @Override
    public String name() {
        return "bytedeco";
    }

    @Override
    public String title() {
        return "PyTorch 2.10 (bytedeco)";
    }

    @Override
    public boolean has(Task task) {
        return !(task instanceof Samples samples && !samples.name().contains("gram"));
    }

    @Override
    public Session open(int threads) {
        unpack();
        torch.set_num_threads(threads);
        // the library of matrix products has threads of its own
        openblas_nolapack.blas_set_num_threads(threads);
        return new TorchSession();
    }

    /** Left to itself, JavaCPP unpacks and loads one library at a time, and the first load of all crashes the process. */
    private static void unpack() {
        String folder = "/org/bytedeco/pytorch/" + Loader.getPlatform() + "/";
        try {
            for (String library : new String[] {"libc10.so", "libtorch_cpu.so", "libtorch.so"}) {
                Loader.cacheResource(torch.class, folder + library);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot unpack PyTorch", e);
        }
    }

    static Tensor tensor(Array array) {
        return Tensor.create(array.values(), Torch.dims(array));
    }

    static Tensor images(Array nhwc) {
        Tensor x = tensor(Torch.imagesTo(nhwc));
        return CHANNELS_LAST ? x.contiguous(torch.MemoryFormat.ChannelsLast) : x;
    }

    static Tensor labels(Step task) {
        long[] wide = new long[task.batch()];
        int[] classes = task.labels();
        for (int i = 0; i < wide.length; i++) {
            wide[i] = classes[i];
        }
        return Tensor.create(wide, task.batch());
    }

    static Scalar scalar(double value) {
        return new Scalar(value);
    }

    private static float[] values(Tensor x) {
        Tensor plain = x.detach().contiguous();
        FloatBuffer buffer = plain.createBuffer();
        float[] values = new float[buffer.remaining()];
        buffer.get(values);
        return values;
    }

    static Array array(String name, Tensor x) {
        int[] dims = new int[(int) x.dim()];
        for (int i = 0; i < dims.length; i++) {
            dims[i] = (int) x.size(i);
        }
        return new Array(name, Shape.of(dims), values(x));
    }

    private static final class TorchSession implements Session {
        @Override
        public Work matmul(Matmul task) {
            Tensor a = tensor(task.a());
            Tensor b = tensor(task.b());
            return new OneOp(() -> torch.mm(a, b), () -> array("result", torch.mm(a, b)));
        }

        @Override
        public Work convolution(Convolution task) {
            Tensor x = images(task.x());
            Tensor w = tensor(Torch.kernelTo(task.w()));
            Tensor dy = images(task.dy());
            return switch (task.pass()) {
                case FORWARD -> {
                    Supplier<Tensor> forward = () -> conv2d(x, w, new TensorOptional());
                    yield new OneOp(forward, () -> Torch.imagesFrom(array("result", forward.get())));
                }
                case BACKWARD -> new BothGradients(x, w, dy);
                case BACKWARD_DATA -> {
                    Supplier<Tensor> backward = () -> backward(x, w, dy, true, false).get0();
                    yield new OneOp(backward, () -> Torch.imagesFrom(array("result", backward.get())));
                }
                case BACKWARD_WEIGHTS -> {
                    Supplier<Tensor> backward = () -> backward(x, w, dy, false, true).get1();
                    yield new OneOp(backward, () -> Torch.kernelFrom(array("result", backward.get())));
                }
            };
        }

        @Override
        public Work step(Step task) {
            return new TrainingStep(task);
        }

        @Override
        public Work samples(Samples task) {
            return BytedecoSamples.of(task);
        }

        @Override
        public Work gram(ConvolutionGram task) {
            return BytedecoSamples.of(task);
        }

        @Override
        public void close() {}
    }

    private static Tensor conv2d(Tensor x, Tensor w, TensorOptional bias) {
        long[] one = {1, 1};
        long[] padding = {Convolution.PADDING, Convolution.PADDING};
        return torch.conv2d(x, w, bias, one, padding, one, 1);
    }

    private static T_TensorTensorTensor_T backward(
            Tensor x, Tensor w, Tensor dy, boolean data, boolean weights) {
        long[] one = {1, 1};
        long[] padding = {Convolution.PADDING, Convolution.PADDING};
        BoolPointer mask = new BoolPointer(3).put(0, data).put(1, weights).put(2, false);
        return torch.convolution_backward(
                dy, x, w, new LongArrayRefOptional(), one, padding, one, false, new long[] {0, 0}, 1, mask);
    }

    /** Frees what is made on the way. */
    @SuppressWarnings("try") // a pointer scope works by being open
    private static <T> T scoped(Supplier<T> body) {
        try (PointerScope scope = new PointerScope()) {
            return body.get();
        }
    }

    private record BothGradients(Tensor x, Tensor w, Tensor dy) implements Work {
        @Override
        public Object run() {
            return scoped(() -> backward(x, w, dy, true, true).get1());
        }

        @Override
        public List<Array> answer() {
            T_TensorTensorTensor_T gradients = backward(x, w, dy, true, true);
            return List.of(
                    Torch.imagesFrom(array("result", gradients.get0())),
                    Torch.kernelFrom(array("result", gradients.get1())));
        }

        @Override
        public void close() {}
    }

    record OneOp(Supplier<Tensor> op, Supplier<Array> result) implements Work {
        @Override
        public Object run() {
            return scoped(op);
        }

        @Override
        public List<Array> answer() {
            return List.of(scoped(result));
        }

        @Override
        public void close() {}
    }

    private static final class TrainingStep implements Work {
        private final Step task;
        private final TorchWeights layout;
        private final Tensor images;
        private final Tensor labels;
        private final List<Tensor> weights = new ArrayList<>();
        private final SGD optimizer;

        TrainingStep(Step task) {
            this.task = task;
            this.layout = new TorchWeights(task);
            this.images = images(task.images());
            this.labels = labels(task);
            for (int i = 0; i < layout.count(); i++) {
                weights.add(tensor(layout.first(i)).set_requires_grad(true));
            }
            this.optimizer = new SGD(new TensorVector(weights.toArray(Tensor[]::new)), new SGDOptions(Step.RATE));
        }

        @Override
        public Object run() {
            return scoped(() -> {
                optimizer.zero_grad();
                Tensor loss = torch.cross_entropy_loss(forward(), labels);
                loss.backward();
                optimizer.step();
                return (double) loss.item_float();
            });
        }

        private Tensor forward() {
            Tensor y = images;
            int next = 0;
            for (Step.Layer layer : task.layers()) {
                if (layer instanceof Step.Dense) {
                    y = torch.linear(y, weights.get(next), new TensorOptional(weights.get(next + 1)));
                    next += 2;
                } else if (layer instanceof Step.Conv) {
                    y = conv2d(y, weights.get(next), new TensorOptional(weights.get(next + 1)));
                    next += 2;
                } else if (layer instanceof Step.Relu) {
                    y = torch.relu(y);
                } else if (layer instanceof Step.MaxPool) {
                    y = torch.max_pool2d(y, 2, 2);
                } else if (layer instanceof Step.Flatten) {
                    y = y.flatten(1, -1);
                } else {
                    throw new IllegalArgumentException("layer " + layer);
                }
            }
            return y;
        }

        @Override
        public List<Array> answer() {
            float[] losses = new float[Step.ANSWER_STEPS];
            for (int i = 0; i < losses.length; i++) {
                losses[i] = ((Double) run()).floatValue();
            }
            List<Array> answer = new ArrayList<>();
            answer.add(new Array("loss", Shape.of(losses.length), losses));
            for (int i = 0; i < weights.size(); i++) {
                answer.add(layout.back(i, values(weights.get(i))));
            }
            return answer;
        }

        @Override
        public void close() {}
    }
}
