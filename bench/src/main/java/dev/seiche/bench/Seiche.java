package dev.seiche.bench;

import dev.seiche.autograd.Gradients;
import dev.seiche.autograd.Tape;
import dev.seiche.autograd.Var;
import dev.seiche.kernels.cpu.CpuBackend;
import dev.seiche.kernels.cpu.CpuOptions;
import dev.seiche.tensor.Backend;
import dev.seiche.tensor.Op;
import dev.seiche.tensor.Scope;
import dev.seiche.tensor.Tensor;
import dev.seiche.tensor.op.AddScaled;
import dev.seiche.tensor.op.Conv2d;
import dev.seiche.tensor.op.Conv2dInput;
import dev.seiche.tensor.op.Conv2dWeight;
import dev.seiche.tensor.op.ConvGeometry;
import dev.seiche.tensor.op.Matmul;
import java.util.ArrayList;
import java.util.List;

/** Ours, as a training loop uses it: a scope per run, a tape per step, weights updated in place. */
public final class Seiche implements Framework {
    @Override
    public String name() {
        return "seiche";
    }

    @Override
    public String title() {
        return "Seiche";
    }

    @Override
    public boolean has(Task task) {
        return true;
    }

    @Override
    public Session open(int threads) {
        return new CpuSession(CpuBackend.open(CpuOptions.defaults().withThreads(threads)));
    }

    private record CpuSession(Backend backend) implements Session {
        @Override
        public Work matmul(dev.seiche.bench.Matmul task) {
            Scope scope = Scope.root(backend, "bench");
            return new OneOp(scope, new Matmul(false, false), tensors(scope, task.a(), task.b()));
        }

        @Override
        public Work convolution(Convolution task) {
            Scope scope = Scope.root(backend, "bench");
            ConvGeometry geometry = ConvGeometry.of(1, Convolution.PADDING);
            return switch (task.pass()) {
                case FORWARD -> new OneOp(scope, new Conv2d(geometry), tensors(scope, task.x(), task.w()));
                case BACKWARD -> new BothGradients(scope, task, geometry);
                case BACKWARD_DATA ->
                    new OneOp(
                            scope,
                            new Conv2dInput(geometry, task.size(), task.size()),
                            tensors(scope, task.dy(), task.w()));
                case BACKWARD_WEIGHTS ->
                    new OneOp(
                            scope,
                            new Conv2dWeight(geometry, Convolution.KERNEL, Convolution.KERNEL),
                            tensors(scope, task.x(), task.dy()));
            };
        }

        @Override
        public Work step(Step task) {
            return new TrainingStep(task, Scope.root(backend, "bench"));
        }

        @Override
        public Work samples(Samples task) {
            return SeicheSamples.of(task, Scope.root(backend, "bench"));
        }

        @Override
        public Work gram(ConvolutionGram task) {
            return SeicheSamples.of(task, Scope.root(backend, "bench"));
        }

        @Override
        public void close() {
            backend.close();
        }
    }

    private static List<Tensor> tensors(Scope scope, Array... arrays) {
        List<Tensor> tensors = new ArrayList<>();
        for (Array array : arrays) {
            tensors.add(scope.tensor(array.shape(), array.values()).named(array.name()));
        }
        return tensors;
    }

    private record OneOp(Scope scope, Op op, List<Tensor> in) implements Work {
        @Override
        public Object run() {
            try (Scope run = scope.child("run")) {
                return run.ops().apply(op, in);
            }
        }

        @Override
        public List<Array> answer() {
            try (Scope run = scope.child("run")) {
                Tensor out = run.ops().apply(op, in);
                return List.of(new Array("result", out.shape(), out.toFloats()));
            }
        }

        @Override
        public void close() {
            scope.close();
        }
    }

    private static final class BothGradients implements Work {
        private final Scope scope;
        private final Tensor x;
        private final Tensor w;
        private final Tensor dy;
        private final Op data;
        private final Op weights;

        BothGradients(Scope scope, Convolution task, ConvGeometry geometry) {
            this.scope = scope;
            List<Tensor> in = tensors(scope, task.x(), task.w(), task.dy());
            this.x = in.get(0);
            this.w = in.get(1);
            this.dy = in.get(2);
            this.data = new Conv2dInput(geometry, task.size(), task.size());
            this.weights = new Conv2dWeight(geometry, Convolution.KERNEL, Convolution.KERNEL);
        }

        @Override
        public Object run() {
            try (Scope run = scope.child("run")) {
                return gradients(run);
            }
        }

        private List<Tensor> gradients(Scope run) {
            return List.of(run.ops().apply(data, List.of(dy, w)), run.ops().apply(weights, List.of(x, dy)));
        }

        @Override
        public List<Array> answer() {
            try (Scope run = scope.child("run")) {
                return gradients(run).stream()
                        .map(out -> new Array("result", out.shape(), out.toFloats()))
                        .toList();
            }
        }

        @Override
        public void close() {
            scope.close();
        }
    }

    private static final class TrainingStep implements Work {
        private final Step task;
        private final Scope scope;
        private final SeicheNetwork network;
        private final List<Tensor> weights;

        TrainingStep(Step task, Scope scope) {
            this.task = task;
            this.scope = scope;
            this.network = SeicheNetwork.of(task, scope);
            this.weights = network.weights();
        }

        @Override
        public Object run() {
            try (Scope step = scope.child("step")) {
                Tape<Tensor> tape = new Tape<>(step.ops());
                List<Var<Tensor>> leaves = weights.stream().map(tape::watch).toList();
                Var<Tensor> loss = tape.mean(network.losses(tape, leaves));
                Gradients<Tensor> gradients = tape.backward(loss);
                for (int i = 0; i < weights.size(); i++) {
                    Tensor w = weights.get(i);
                    step.ops().applyInto(new AddScaled(-Step.RATE), List.of(w, gradients.of(leaves.get(i))), w);
                }
                return loss.value().item();
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
            for (int i = 0; i < weights.size(); i++) {
                Array first = task.parameters().get(i);
                answer.add(new Array(first.name(), first.shape(), weights.get(i).toFloats()));
            }
            return answer;
        }

        @Override
        public void close() {
            scope.close();
        }
    }
}
