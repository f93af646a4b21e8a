package dev.seiche.cuda;

import static org.assertj.core.api.Assertions.assertThat;

import dev.seiche.autograd.Tape;
import dev.seiche.autograd.Var;
import dev.seiche.kernels.cuda.CudaBackend;
import dev.seiche.tensor.DType;
import dev.seiche.tensor.Op;
import dev.seiche.tensor.Ops;
import dev.seiche.tensor.Scope;
import dev.seiche.tensor.Shape;
import dev.seiche.tensor.Tensor;
import dev.seiche.tensor.ViewOp;
import dev.seiche.testkit.EmulatedDevice;
import java.util.List;
import java.util.function.BiFunction;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * What fused ops save: launches, and passes over memory, of forward and backward beside those of their composed twins. Every
 * op is a launch here; what chains of ops save, {@code ChainLaunchesTest} says.
 */
class FusedLaunchesTest {
    private static final int ROWS = 40;
    private static final int COLUMNS = 40;

    private CudaBackend backend;
    private Scope scope;
    private Tensor labels;

    @BeforeEach
    void open() {
        backend = CudaBackend.open(EmulatedDevice.options().withFuse(false));
        scope = Scope.root(backend, "test");
        labels = scope.tensor(Shape.of(ROWS), new int[ROWS]);
    }

    @AfterEach
    void close() {
        scope.close();
        backend.close();
    }

    @Test
    void crossEntropyTakesTwoLaunchesInsteadOfSix() {
        assertThat(launches((k, x) -> k.crossEntropy(x, k.lift(labels)))).isEqualTo(2);
        assertThat(launches((k, x) -> k.neg(k.pick(k.logSoftmax(x, -1), k.lift(labels)))))
                .isEqualTo(6);
    }

    @Test
    void softmaxTakesTwoLaunchesInsteadOfFourteenAndItsLogarithmTwo() {
        assertThat(launches((k, x) -> k.softmax(x, -1))).isEqualTo(2);
        assertThat(launches((k, x) -> k.logSoftmax(x, -1))).isEqualTo(2);
        assertThat(launches((k, x) -> {
                    Var<Tensor> e = k.exp(k.sub(x, k.stopGradient(k.maxKeep(x, -1))));
                    return k.div(e, k.sumKeep(e, -1));
                }))
                .isEqualTo(14);
    }

    @Test
    void standardisingTakesTwoLaunchesInsteadOfTwentyNine() {
        assertThat(launches((k, x) -> k.standardise(x, 1e-5, 1))).isEqualTo(2);
        assertThat(launches((k, x) -> composed(k, x, 1))).isEqualTo(29);
    }

    @Test
    void standardisingDownColumnsTakesSixLaunchesInsteadOfTwentyNine() {
        assertThat(launches((k, x) -> k.standardise(x, 1e-5, 0))).isEqualTo(6);
        assertThat(launches((k, x) -> composed(k, x, 0))).isEqualTo(29);
    }

    @Test
    void batchNormsStatisticsTakeTwoLaunchesMore() {
        assertThat(launches((k, x) -> {
                    k.moments(k.stopGradient(x), 0);
                    return k.standardise(x, 1e-5, 0);
                }))
                .isEqualTo(8);
    }

    @Test
    void composedStandardisingGoesOverAllElementsThirtyFourTimes() {
        Tensor x = zeros();
        Traffic traffic = new Traffic(scope.ops());
        Tape<Tensor> tape = new Tape<>(traffic);
        Var<Tensor> leaf = tape.watch(x);
        tape.backward(composed(tape, leaf, 0), scope.ops().fill(x.type(), 1.0)).of(leaf);
        assertThat(traffic.passes).isEqualTo(34);
    }

    private static Var<Tensor> composed(Tape<Tensor> k, Var<Tensor> x, int axis) {
        Var<Tensor> centred = k.sub(x, k.meanKeep(x, axis));
        return k.div(centred, k.sqrt(k.shift(k.meanKeep(k.square(centred), axis), 1e-5)));
    }

    private Tensor zeros() {
        return scope.tensor(DType.F32, Shape.of(ROWS, COLUMNS), new double[ROWS * COLUMNS]);
    }

    /** Counts how often ops read or write a tensor of all elements; what they read or write of statistics is little beside it. */
    private static final class Traffic implements Ops<Tensor> {
        private final Ops<Tensor> inner;
        private int passes;

        Traffic(Ops<Tensor> inner) {
            this.inner = inner;
        }

        @Override
        public Tensor apply(Op op, List<Tensor> in) {
            Tensor out = inner.apply(op, in);
            if (!(op instanceof ViewOp)) {
                in.forEach(this::count);
                count(out);
            }
            return out;
        }

        private void count(Tensor tensor) {
            long elements = 1;
            for (int axis = 0; axis < tensor.shape().rank(); axis++) {
                elements *= tensor.layout().strides()[axis] == 0
                        ? 1
                        : tensor.shape().dim(axis);
            }
            passes += elements == ROWS * COLUMNS ? 1 : 0;
        }

        @Override
        public Tensor lift(Tensor constant) {
            return constant;
        }
    }

    /** Kernels launched by f and by its derivative along a given cotangent. */
    private long launches(BiFunction<Tape<Tensor>, Var<Tensor>, Var<Tensor>> f) {
        Tensor x = zeros();
        Tape<Tensor> tape = new Tape<>(scope.ops());
        Var<Tensor> leaf = tape.watch(x);
        long before = total();
        Var<Tensor> y = f.apply(tape, leaf);
        long forward = total() - before;
        Tensor dy = scope.ops().fill(y.type(), 1.0);
        before = total();
        tape.backward(y, dy).of(leaf);
        return forward + total() - before;
    }

    private long total() {
        return backend.launched().values().stream().mapToLong(count -> count).sum();
    }
}
