package dev.seiche.cuda;

import static org.assertj.core.api.Assertions.assertThat;

import dev.seiche.autograd.Tape;
import dev.seiche.autograd.Var;
import dev.seiche.kernels.cuda.CudaBackend;
import dev.seiche.tensor.DType;
import dev.seiche.tensor.Scope;
import dev.seiche.tensor.Shape;
import dev.seiche.tensor.Tensor;
import dev.seiche.testkit.EmulatedDevice;
import java.util.function.BiFunction;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What fused ops save: launches of a forward and a backward pass, beside those of their composed twins. */
class FusedLaunchesTest {
    private static final int ROWS = 6;
    private static final int COLUMNS = 40;

    private CudaBackend backend;
    private Scope scope;
    private Tensor labels;

    @BeforeEach
    void open() {
        backend = CudaBackend.open(EmulatedDevice.options());
        scope = Scope.root(backend, "test");
        labels = scope.tensor(Shape.of(ROWS), new int[ROWS]);
    }

    @AfterEach
    void close() {
        scope.close();
        backend.close();
    }

    @Test
    void crossEntropyTakesTwoLaunchesInsteadOfTen() {
        assertThat(launches((k, x) -> k.crossEntropy(x, k.lift(labels)))).isEqualTo(2);
        assertThat(launches((k, x) -> k.neg(k.pick(k.logSoftmax(x, -1), k.lift(labels)))))
                .isEqualTo(10);
    }

    @Test
    void standardisingTakesTwoLaunchesInsteadOfTwentyNine() {
        assertThat(launches((k, x) -> k.standardise(x, 1e-5, 1))).isEqualTo(2);
        assertThat(launches((k, x) -> {
                    Var<Tensor> centred = k.sub(x, k.meanKeep(x, 1));
                    return k.div(centred, k.sqrt(k.shift(k.meanKeep(k.square(centred), 1), 1e-5)));
                }))
                .isEqualTo(29);
    }

    /** Kernels launched by f and by its derivative along a given cotangent. */
    private long launches(BiFunction<Tape<Tensor>, Var<Tensor>, Var<Tensor>> f) {
        Tensor x = scope.tensor(DType.F32, Shape.of(ROWS, COLUMNS), new double[ROWS * COLUMNS]);
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
