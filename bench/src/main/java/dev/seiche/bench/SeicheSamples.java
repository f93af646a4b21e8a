package dev.seiche.bench;

import dev.seiche.autograd.Tape;
import dev.seiche.autograd.Var;
import dev.seiche.autograd.sample.Coupling;
import dev.seiche.autograd.sample.Planner;
import dev.seiche.autograd.sample.SampleGradients;
import dev.seiche.tensor.Scope;
import dev.seiche.tensor.Shape;
import dev.seiche.tensor.Tensor;
import dev.seiche.tensor.op.ConvGeometry;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;

/** Questions about sample gradients, as a user asks them. */
final class SeicheSamples {
    /** Bytes that all gradients of a task's batch fit into. */
    private static final long ALL_GRADIENTS = 2L << 30;

    private SeicheSamples() {}

    static Work of(Samples task, Scope scope) {
        SeicheNetwork network = SeicheNetwork.of(task.network(), scope);
        return new Asked(scope, step -> answer(task, network, step));
    }

    /** The record is there, as it is after a forward pass; what is asked is what is timed. */
    static Work of(ConvolutionGram task, Scope scope) {
        Tensor x = scope.tensor(task.x().shape(), task.x().values());
        Tensor dy = scope.tensor(task.dy().shape(), task.dy().values());
        Tape<Tensor> tape = new Tape<>(scope.ops());
        Var<Tensor> w = tape.watch(scope.tensor(
                Shape.of(3, 3, task.channels(), task.channels()), new float[9 * task.channels() * task.channels()]));
        Var<Tensor> y = tape.conv2d(tape.constant(x), w, ConvGeometry.of(1, 1));
        Var<Tensor> losses = tape.sum(tape.mul(y, tape.constant(dy)), 1, 2, 3);
        SampleGradients gradients = SampleGradients.of(tape, losses, List.of(w));
        return new Asked(scope, step -> gram(gradients));
    }

    private static Array answer(Samples task, SeicheNetwork network, Scope step) {
        Tape<Tensor> tape = new Tape<>(step.ops());
        List<Var<Tensor>> leaves = network.weights().stream().map(tape::watch).toList();
        Var<Tensor> losses = network.losses(tape, leaves);
        return switch (task.want()) {
            case GRAM -> gram(SampleGradients.of(tape, losses, leaves));
            case GRAM_FORMED -> formed(SampleGradients.of(tape, losses, leaves), step);
            case GRAM_LOOP ->
                gram(SampleGradients.of(tape, losses, leaves, Coupling.EXACT)
                        .with(Planner.standard().withBudget(ALL_GRADIENTS)));
            case NORMS -> norms(SampleGradients.of(tape, losses, leaves));
            case NORMS_AND_MEAN -> {
                SampleGradients gradients = SampleGradients.of(tape, losses, leaves);
                gradients.mean(step);
                yield norms(gradients);
            }
        };
    }

    private static Array norms(SampleGradients gradients) {
        return array(gradients.norms(), gradients.samples());
    }

    private static Array gram(SampleGradients gradients) {
        int samples = gradients.samples();
        double[] sums = new double[samples * samples];
        gradients.gram().addTo(sums);
        return array(sums, samples, samples);
    }

    /** The gradients as one matrix after the other, each times itself. */
    private static Array formed(SampleGradients gradients, Scope step) {
        Tensor sum = null;
        for (int leaf = 0; leaf < gradients.leaves(); leaf++) {
            Tensor rows = step.ops().flatten(gradients.materialise(leaf, step), 1);
            Tensor gram = step.ops().matmul(rows, rows, false, true);
            sum = sum == null ? gram : step.ops().add(sum, gram);
        }
        Tensor gram = Objects.requireNonNull(sum);
        return new Array("result", gram.shape(), gram.toFloats());
    }

    private static Array array(double[] values, int... dims) {
        float[] rounded = new float[values.length];
        for (int i = 0; i < rounded.length; i++) {
            rounded[i] = (float) values[i];
        }
        return new Array("result", Shape.of(dims), rounded);
    }

    private record Asked(Scope scope, Function<Scope, Array> question) implements Work {
        @Override
        public Object run() {
            try (Scope step = scope.child("step")) {
                return question.apply(step);
            }
        }

        @Override
        public List<Array> answer() {
            return List.of((Array) run());
        }

        @Override
        public void close() {
            scope.close();
        }
    }
}
