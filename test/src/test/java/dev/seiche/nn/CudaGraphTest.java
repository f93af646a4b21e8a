package dev.seiche.nn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.seiche.autograd.Gradients;
import dev.seiche.autograd.Tape;
import dev.seiche.autograd.Var;
import dev.seiche.kernels.cuda.CudaBackend;
import dev.seiche.kernels.cuda.CudaGraph;
import dev.seiche.kernels.cuda.CudaOptions;
import dev.seiche.nn.data.Batch;
import dev.seiche.nn.optim.Optimizer;
import dev.seiche.nn.optim.Updater;
import dev.seiche.tensor.DType;
import dev.seiche.tensor.Rng;
import dev.seiche.tensor.Scope;
import dev.seiche.tensor.Shape;
import dev.seiche.tensor.Tensor;
import dev.seiche.tensor.op.Copy;
import dev.seiche.testkit.EmulatedDevice;
import dev.seiche.testkit.Testbed;
import dev.seiche.testkit.emulator.EmulatedMode;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A training step that was captured once and runs again as a whole. */
class CudaGraphTest {
    private static final int STEPS = 5;

    /** Forward, backward, momentum: everything that a step does on the device, and nothing else. */
    private static final class TrainingStep implements Runnable {
        final Scope model;
        final Network network = Examples.mlp();
        final ParameterVector weights;
        final Batch batch;
        final Tensor loss;
        private final Updater updater;

        TrainingStep(Scope model) {
            this.model = model;
            this.weights = network.init(model, DType.F32, Rng.seed(21));
            this.batch = batch(model, 0);
            this.loss = model.scalar(DType.F32, 0);
            this.updater = Optimizer.heavyBall(0.9).start(weights, model);
        }

        static Batch batch(Scope scope, int first) {
            return Examples.blobs(60)
                    .batch(scope, DType.F32, IntStream.range(first, first + 13).toArray());
        }

        @Override
        public void run() {
            try (Scope step = model.child("step")) {
                Tape<Tensor> tape = new Tape<>(step.ops());
                List<Var<Tensor>> leaves =
                        weights.tensors().stream().map(tape::watch).toList();
                Var<Tensor> output =
                        network.forward(network.training(tape, leaves, List.of(), null), tape.lift(batch.inputs()));
                Var<Tensor> mean = tape.mean(Loss.CROSS_ENTROPY.perSample(tape, output, tape.lift(batch.targets())));
                Gradients<Tensor> gradients = tape.backward(mean);
                updater.step(
                        ParameterVector.of(
                                network.parameters(),
                                leaves.stream().map(gradients::of).toList()),
                        0.05);
                step.ops().applyInto(new Copy(), List.of(mean.value()), loss);
            }
        }

        /** Other data into the same tensors. */
        void show(Batch other) {
            model.ops().applyInto(new Copy(), List.of(other.inputs()), batch.inputs());
            model.ops().applyInto(new Copy(), List.of(other.targets()), batch.targets());
        }
    }

    /** The loss of each step and the weights at the end. */
    private static List<double[]> train(CudaBackend backend, boolean replayed) {
        List<double[]> history = new ArrayList<>();
        try (Scope model = Scope.root(backend, "model")) {
            TrainingStep step = new TrainingStep(model);
            step.run();
            history.add(step.loss.toDoubles());
            CudaGraph graph = replayed ? backend.capture(step) : null;
            for (int i = 1; i <= STEPS; i++) {
                try (Scope between = model.child("between")) {
                    step.show(TrainingStep.batch(between, 13 * (i % 3)));
                    // whoever got memory of the graph would see it change, or change it
                    Tensor other = between.ops().fill(step.batch.inputs().type(), Double.NaN);
                    if (graph == null) {
                        step.run();
                    } else {
                        graph.replay();
                    }
                    assertThat(other.toDoubles()).containsOnly(Double.NaN);
                }
                history.add(step.loss.toDoubles());
            }
            history.add(step.weights.toDoubles());
            if (graph != null) {
                graph.close();
            }
        }
        assertThat(backend.liveBytes()).isZero();
        return history;
    }

    @ParameterizedTest
    @EnumSource(names = {"FAST", "FAST_REVERSE", "CHECKED"})
    void replaysHaveTheBitsOfTheStepsThemselves(EmulatedMode mode) {
        List<double[]> eager = new ArrayList<>();
        List<double[]> replayed = new ArrayList<>();
        try (CudaBackend backend = CudaBackend.open(EmulatedDevice.options(mode))) {
            eager.addAll(train(backend, false));
        }
        try (CudaBackend backend = CudaBackend.open(EmulatedDevice.options(mode))) {
            replayed.addAll(train(backend, true));
        }
        assertThat(replayed).hasSameSizeAs(eager);
        for (int i = 0; i < eager.size(); i++) {
            assertThat(replayed.get(i)).isEqualTo(eager.get(i));
        }
        assertThat(eager.get(0)).isNotEqualTo(eager.get(1));
    }

    private static void onDevice(Consumer<Scope> body) {
        CudaOptions options = EmulatedDevice.options();
        Testbed.run(() -> CudaBackend.open(options), body);
    }

    private static CudaBackend device(Scope scope) {
        return (CudaBackend) scope.backend();
    }

    /** Refused with these words, and the device goes on. */
    private static void refused(Scope scope, Runnable work, String why) {
        assertThatThrownBy(() -> device(scope).capture(work).close())
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining(why);
        Tensor x = scope.tensor(DType.F32, Shape.of(2), 1, 2);
        assertThat(scope.ops().add(x, x).toDoubles()).containsExactly(2, 4);
    }

    @Test
    void whatNeedsTheHostIsRefused() {
        onDevice(scope -> {
            TrainingStep step = new TrainingStep(scope);
            step.run();
            refused(scope, () -> step.loss.item(), "a copy to the host (item, toDoubles) cannot be captured");
            refused(scope, () -> scope.scalar(DType.F32, 1), "a copy from the host (scope.tensor, scalar)");
            refused(scope, () -> step.weights.norm(), "a copy to the host");
            refused(scope, () -> device(scope).synchronize(), "waiting for the device cannot be captured");
            refused(scope, () -> device(scope).capture(step), "cannot be captured");
        });
    }

    @Test
    void workThatNeverRanHasNoMemoryYet() {
        onDevice(scope -> {
            TrainingStep step = new TrainingStep(scope);
            refused(scope, step, "run the same work once before it is captured");
            step.run();
            device(scope).capture(step).close();
        });
    }

    @Test
    void nothingIsCapturedWhereEveryLaunchIsWaitedFor() {
        CudaOptions options = EmulatedDevice.options().withChecks(true);
        Testbed.run(() -> CudaBackend.open(options), scope -> refused(scope, () -> {}, "seiche.checks"));
    }

    @Test
    void anIdOutOfRangeIsFoundAfterAReplay() {
        onDevice(scope -> {
            TrainingStep step = new TrainingStep(scope);
            step.run();
            try (CudaGraph graph = device(scope).capture(step)) {
                graph.replay();
                assertThat(step.loss.item()).isPositive();
                int[] labels = new int[13];
                labels[4] = 3;
                scope.ops().applyInto(new Copy(), List.of(scope.tensor(Shape.of(13), labels)), step.batch.targets());
                graph.replay();
                assertThatThrownBy(() -> step.loss.item())
                        .isInstanceOf(IndexOutOfBoundsException.class)
                        .hasMessageContaining("cross_entropy")
                        .hasMessageContaining("[4]");
            }
        });
    }

    @Test
    void aClosedGraphIsNotReplayed() {
        onDevice(scope -> {
            TrainingStep step = new TrainingStep(scope);
            step.run();
            CudaGraph graph = device(scope).capture(step);
            graph.close();
            graph.close();
            assertThatThrownBy(graph::replay).hasMessageContaining("closed");
        });
    }
}
