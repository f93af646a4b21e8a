package dev.seiche.cuda;

import static org.assertj.core.api.Assertions.assertThat;

import dev.seiche.autograd.Tape;
import dev.seiche.autograd.Var;
import dev.seiche.kernels.cpu.CpuBackend;
import dev.seiche.kernels.cuda.CudaBackend;
import dev.seiche.tensor.Backend;
import dev.seiche.tensor.DType;
import dev.seiche.tensor.Rng;
import dev.seiche.tensor.Scope;
import dev.seiche.tensor.Shape;
import dev.seiche.tensor.Tensor;
import dev.seiche.tensor.TensorType;
import dev.seiche.testkit.EmulatedDevice;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What is random has the CPU's bits: every draw is a function of key and position, and rounds in one way everywhere. */
class CudaRandomTest {
    private static void sameBits(Function<Scope, List<Tensor>> body) {
        List<double[]> cpu;
        try (CpuBackend backend = CpuBackend.open()) {
            cpu = on(backend, body);
        }
        EmulatedDevice.fastAndChecked().forEach((mode, options) -> {
            try (CudaBackend backend = CudaBackend.open(options)) {
                List<double[]> cuda = on(backend, body);
                assertThat(cuda).hasSameSizeAs(cpu);
                for (int i = 0; i < cpu.size(); i++) {
                    // of doubles assertj compares the bits
                    assertThat(cuda.get(i)).as("%d on %s", i, mode).isEqualTo(cpu.get(i));
                }
            }
        });
    }

    private static List<double[]> on(Backend backend, Function<Scope, List<Tensor>> body) {
        try (Scope scope = Scope.root(backend, "test")) {
            return body.apply(scope).stream().map(Tensor::toDoubles).toList();
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = DType.class,
            names = {"F32", "F64"})
    void dropoutKeepsTheSameElementsAndScalesThemAlikeForwardAndBackward(DType dtype) {
        sameBits(scope -> {
            Tape<Tensor> tape = new Tape<>(scope.ops());
            double[] values = new double[3 * 1001];
            Rng.seed(4).normal(values);
            Var<Tensor> x = tape.watch(scope.tensor(dtype, Shape.of(3, 1001), values));
            Var<Tensor> y = tape.dropout(x, 0.3, Rng.seed(5).fold("layer"));
            Tensor towards = scope.tensor(dtype, Shape.of(3, 1001), values);
            return List.of(y.value(), tape.backward(y, towards).of(x));
        });
    }

    @ParameterizedTest
    @EnumSource(
            value = DType.class,
            names = {"F32", "F64"})
    void drawsAreTheSameFromTheFirstToTheLast(DType dtype) {
        sameBits(scope -> Map.of(1, 0.5, 2, 0.3, 257, 0.0, 4099, 0.9).entrySet().stream()
                .map(each -> scope.ops()
                        .bernoulli(
                                Rng.seed(each.getKey()),
                                each.getValue(),
                                new TensorType(dtype, Shape.of(each.getKey()))))
                .toList());
    }

    @ParameterizedTest
    @EnumSource(
            value = DType.class,
            names = {"F32", "F64"})
    void randomFillsAreTheSameFromTheFirstToTheLast(DType dtype) {
        sameBits(scope -> IntStream.of(1, 2, 257, 20000)
                .boxed()
                .flatMap(n -> Stream.of(
                        scope.ops().uniform(Rng.seed(n), new TensorType(dtype, Shape.of(n))),
                        scope.ops().normal(Rng.seed(n), new TensorType(dtype, Shape.of(n)))))
                .toList());
    }
}
