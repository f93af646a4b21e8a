package dev.seiche.nn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.seiche.kernels.cpu.CpuBackend;
import dev.seiche.kernels.cpu.CpuOptions;
import dev.seiche.tensor.DType;
import dev.seiche.tensor.MultiTensor;
import dev.seiche.tensor.Shape;
import dev.seiche.tensor.Tensor;
import dev.seiche.testkit.Testbed;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class CpuMultiTensorTest {
    @ParameterizedTest
    @EnumSource(
            value = DType.class,
            names = {"F32", "F64"})
    void stepsHaveTheBitsOfTheComposedOpsWithAnyNumberOfThreads(DType dtype) {
        List<Parameter> parameters = MultiTensorCases.large();
        List<double[]> composed = MultiTensorCases.composed(parameters, dtype);
        int dots = composed.size() - 1;
        List<double[]> first = results(parameters, dtype, 1);
        for (int threads = 1; threads <= 3; threads++) {
            List<double[]> atOnce = results(parameters, dtype, threads);
            for (int k = 0; k < dots; k++) {
                assertThat(atOnce.get(k)).as("optimizer " + k).containsExactly(composed.get(k));
            }
            assertThat(atOnce.get(dots)).containsExactly(first.get(dots));
        }
        // products of up to 70 000 normal numbers add up to below 2000; each sum is rounded once, in f64
        assertThat(first.get(dots)).containsExactly(composed.get(dots), within(70_000 * 2000 * 0x1p-53));
    }

    private static List<double[]> results(List<Parameter> parameters, DType dtype, int threads) {
        return Testbed.compute(
                () -> CpuBackend.open(CpuOptions.defaults().withThreads(threads)),
                scope -> MultiTensorCases.results(scope.backend(), parameters, dtype));
    }

    @Test
    void productsOfHugeAndSmallSinglesAreAddedUpInDouble() {
        Testbed.run(CpuBackend::open, scope -> {
            float[] a = new float[10_000];
            a[0] = 1e20f;
            a[5_000] = 1;
            a[9_999] = -1e20f;
            Tensor x = scope.tensor(Shape.of(a.length), a);
            Tensor y = scope.tensor(Shape.of(2), new float[] {1e30f, 1});
            MultiTensor atOnce = Objects.requireNonNull(scope.backend().multiTensor());
            // 1e60 is beyond singles
            assertThat(atOnce.dots(List.of(y), List.of(y))[0]).isCloseTo(1e60, within(1e54));
            assertThat(atOnce.dots(List.of(x), List.of(x))[0]).isCloseTo(2e40, within(1e34));
        });
    }

    @Test
    void listsThatDifferAreNamed() {
        Testbed.run(CpuBackend::open, scope -> {
            Tensor three = scope.tensor(Shape.of(3), new float[3]);
            Tensor four = scope.tensor(Shape.of(4), new float[4]);
            MultiTensor atOnce = Objects.requireNonNull(scope.backend().multiTensor());
            assertThatThrownBy(() -> atOnce.dots(List.of(three), List.of(four)))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("dots")
                    .hasMessageContaining("[3]")
                    .hasMessageContaining("[4]");
        });
    }
}
