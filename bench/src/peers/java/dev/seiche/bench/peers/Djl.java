package dev.seiche.bench.peers;

import ai.djl.Device;
import ai.djl.Model;
import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Activation;
import ai.djl.nn.Blocks;
import ai.djl.nn.Parameter;
import ai.djl.nn.SequentialBlock;
import ai.djl.nn.convolutional.Conv2d;
import ai.djl.nn.core.Linear;
import ai.djl.nn.pooling.Pool;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.jni.JniUtils;
import ai.djl.training.DefaultTrainingConfig;
import ai.djl.training.GradientCollector;
import ai.djl.training.Trainer;
import ai.djl.training.loss.Loss;
import ai.djl.training.optimizer.Optimizer;
import ai.djl.training.tracker.Tracker;
import dev.seiche.bench.Array;
import dev.seiche.bench.Convolution;
import dev.seiche.bench.Framework;
import dev.seiche.bench.Matmul;
import dev.seiche.bench.Session;
import dev.seiche.bench.Step;
import dev.seiche.bench.Work;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;

/** PyTorch under the Deep Java Library: its blocks and its trainer, as its users write it. */
public final class Djl implements Framework {
    private static final Shape PADDING = new Shape(Convolution.PADDING, Convolution.PADDING);
    private static final Shape STRIDE = new Shape(1, 1);

    @Override
    public String name() {
        return "djl";
    }

    @Override
    public String title() {
        return "PyTorch 2.7.1 (DJL 0.35.1)";
    }

    @Override
    public Session open(int threads) {
        // read when the engine starts
        System.setProperty("ai.djl.pytorch.num_threads", Integer.toString(threads));
        System.setProperty("ai.djl.pytorch.num_interop_threads", "1");
        return new DjlSession(Engine.getEngine("PyTorch").newBaseManager(Device.cpu()));
    }

    private static NDArray array(NDManager manager, Array array) {
        return manager.create(array.values(), new Shape(Torch.dims(array)));
    }

    private static Array array(String name, NDArray x) {
        int[] dims = new int[x.getShape().dimension()];
        for (int i = 0; i < dims.length; i++) {
            dims[i] = (int) x.getShape().get(i);
        }
        return new Array(name, dev.seiche.tensor.Shape.of(dims), x.toFloatArray());
    }

    private record DjlSession(NDManager manager) implements Session {
        @Override
        public Work matmul(Matmul task) {
            NDArray a = array(manager, task.a());
            NDArray b = array(manager, task.b());
            return new OneOp(() -> a.matMul(b), y -> array("result", y));
        }

        @Override
        public Work convolution(Convolution task) {
            NDArray x = array(manager, Torch.imagesTo(task.x()));
            NDArray w = array(manager, Torch.kernelTo(task.w()));
            NDArray dy = array(manager, Torch.imagesTo(task.dy()));
            return switch (task.pass()) {
                case FORWARD -> new OneOp(
                        () -> conv2d(x, w), y -> Torch.imagesFrom(array("result", y)));
                case BACKWARD -> new Backward(x, w, dy, true, true);
                case BACKWARD_DATA -> new Backward(x, w, dy, true, false);
                case BACKWARD_WEIGHTS -> new Backward(x, w, dy, false, true);
            };
        }

        @Override
        public Work step(Step task) {
            return new TrainingStep(task, manager);
        }

        @Override
        public void close() {
            manager.close();
        }
    }

    private record OneOp(Supplier<NDArray> op, Function<NDArray, Array> result) implements Work {
        @Override
        public Object run() {
            try (NDArray out = op.get()) {
                return out;
            }
        }

        @Override
        public List<Array> answer() {
            try (NDArray out = op.get()) {
                return List.of(result.apply(out));
            }
        }

        @Override
        public void close() {}
    }

    private static NDArray conv2d(NDArray x, NDArray w) {
        return Conv2d.conv2d(x, w, null, STRIDE, PADDING).singletonOrThrow();
    }

    /**
     * The gradients of a convolution. DJL has no call for them alone, so they are taken again and again over the graph of one
     * forward pass. PyTorch would add each gradient to those before: to keep that out of the time, only the first row of an
     * input is a leaf, joined with the others; the gradient is computed in full all the same.
     */
    private static final class Backward implements Work {
        private final NDArray x;
        private final NDArray w;
        private final PtNDArray dy;
        private final boolean data;
        private final boolean weights;
        private final PtNDArray y;

        Backward(NDArray x, NDArray w, NDArray dy, boolean data, boolean weights) {
            this.x = x;
            this.w = w;
            this.dy = (PtNDArray) dy;
            this.data = data;
            this.weights = weights;
            JniUtils.setGradMode(true);
            this.y = (PtNDArray) conv2d(data ? withLeaf(x) : x, weights ? withLeaf(w) : w);
        }

        private static NDArray withLeaf(NDArray input) {
            NDArray leaf = input.get(":1").duplicate();
            leaf.setRequiresGradient(true);
            return leaf.concat(input.get("1:"), 0);
        }

        @Override
        public Object run() {
            JniUtils.backward(y, dy, true, false);
            return y;
        }

        @Override
        public List<Array> answer() {
            x.setRequiresGradient(data);
            w.setRequiresGradient(weights);
            JniUtils.backward((PtNDArray) conv2d(x, w), dy, false, false);
            List<Array> answer = new ArrayList<>();
            if (data) {
                answer.add(Torch.imagesFrom(array("result", x.getGradient())));
            }
            if (weights) {
                answer.add(Torch.kernelFrom(array("result", w.getGradient())));
            }
            return answer;
        }

        @Override
        public void close() {
            y.close();
        }
    }

    private static final class TrainingStep implements Work {
        private final TorchWeights layout;
        private final NDManager manager;
        private final Model model;
        private final Trainer trainer;
        private final NDArray images;
        private final NDArray labels;
        private final List<Parameter> parameters;

        TrainingStep(Step task, NDManager manager) {
            this.layout = new TorchWeights(task);
            this.manager = manager;
            this.images = array(manager, Torch.imagesTo(task.images()));
            float[] classes = new float[task.batch()];
            for (int i = 0; i < classes.length; i++) {
                classes[i] = task.labels()[i];
            }
            this.labels = manager.create(classes, new Shape(task.batch()));
            this.model = Model.newInstance(task.name(), "PyTorch");
            model.setBlock(network(task));
            this.trainer = model.newTrainer(new DefaultTrainingConfig(Loss.softmaxCrossEntropyLoss())
                    .optOptimizer(Optimizer.sgd()
                            .setLearningRateTracker(Tracker.fixed((float) Step.RATE))
                            .build())
                    .optDevices(new Device[] {Device.cpu()}));
            trainer.initialize(images.getShape());
            this.parameters = model.getBlock().getParameters().values();
            for (int i = 0; i < layout.count(); i++) {
                parameters.get(i).getArray().set(layout.first(i).values());
            }
        }

        private static SequentialBlock network(Step task) {
            SequentialBlock block = new SequentialBlock();
            for (Step.Layer layer : task.layers()) {
                if (layer instanceof Step.Dense dense) {
                    block.add(Linear.builder().setUnits(dense.out()).build());
                } else if (layer instanceof Step.Conv conv) {
                    block.add(Conv2d.builder()
                            .setKernelShape(new Shape(Convolution.KERNEL, Convolution.KERNEL))
                            .setFilters(conv.out())
                            .optPadding(PADDING)
                            .build());
                } else if (layer instanceof Step.Relu) {
                    block.add(Activation.reluBlock());
                } else if (layer instanceof Step.MaxPool) {
                    block.add(Pool.maxPool2dBlock(new Shape(2, 2), new Shape(2, 2)));
                } else if (layer instanceof Step.Flatten) {
                    block.add(Blocks.batchFlattenBlock());
                } else {
                    throw new IllegalArgumentException("layer " + layer);
                }
            }
            return block;
        }

        @Override
        public Object run() {
            try (NDManager step = manager.newSubManager()) {
                // what is computed from an array belongs to the array's manager
                images.attach(step);
                labels.attach(step);
                try (GradientCollector collector = trainer.newGradientCollector()) {
                    NDList output = trainer.forward(new NDList(images));
                    NDArray loss = trainer.getLoss().evaluate(new NDList(labels), output);
                    collector.backward(loss);
                    trainer.step();
                    return (double) loss.getFloat();
                } finally {
                    images.attach(manager);
                    labels.attach(manager);
                }
            }
        }

        @Override
        public List<Array> answer() {
            float[] losses = new float[Step.ANSWER_STEPS];
            for (int i = 0; i < losses.length; i++) {
                losses[i] = ((Double) run()).floatValue();
            }
            List<Array> answer = new ArrayList<>();
            answer.add(new Array("loss", dev.seiche.tensor.Shape.of(losses.length), losses));
            for (int i = 0; i < parameters.size(); i++) {
                answer.add(layout.back(i, parameters.get(i).getArray().toFloatArray()));
            }
            return answer;
        }

        @Override
        public void close() {
            trainer.close();
            model.close();
        }
    }
}
