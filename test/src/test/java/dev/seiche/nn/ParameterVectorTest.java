package dev.seiche.nn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.seiche.kernels.cpu.CpuBackend;
import dev.seiche.kernels.cpu.CpuOptions;
import dev.seiche.nn.layer.Linear;
import dev.seiche.nn.layer.Mlp;
import dev.seiche.nn.layer.Sequential;
import dev.seiche.tensor.DType;
import dev.seiche.tensor.Rng;
import dev.seiche.tensor.Scope;
import dev.seiche.testkit.Testbed;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Vectors with one tensor per parameter. */
class ParameterVectorTest {
    private static final Rng RNG = Rng.seed(21);

    private static double plainDot(double[] a, double[] b) {
        double sum = 0;
        for (int i = 0; i < a.length; i++) {
            sum += a[i] * b[i];
        }
        return sum;
    }

    @Test
    void innerProductsAreThoseOfTheFlatVectorsInTotalAndPerLayer() {
        Examples.onCpu(scope -> {
            for (DType dtype : List.of(DType.F32, DType.F64)) {
                ParameterVector a = Examples.mlp().init(scope, dtype, RNG);
                ParameterVector b = a.gaussian(RNG.fold("b"), scope);
                double expected = plainDot(a.toDoubles(), b.toDoubles());
                // f32 elements are exact in f64; 114 products round at 1.1e-16 of a sum of size 10
                assertThat(a.dot(b)).isCloseTo(expected, within(1e-13));
                assertThat(a.norm()).isCloseTo(Math.sqrt(plainDot(a.toDoubles(), a.toDoubles())), within(1e-14));
                Map<String, Double> layers = a.dotByLayer(b);
                assertThat(layers.keySet()).containsExactly("fc1", "fc2", "fc3");
                assertThat(layers.values().stream().mapToDouble(d -> d).sum()).isCloseTo(expected, within(1e-13));
                double second = a.dotByLayer(a).getOrDefault("fc2", Double.NaN);
                assertThat(a.normByLayer()).containsEntry("fc2", Math.sqrt(second));
            }
        });
    }

    @Test
    void innerProductsDoNotDependOnTheNumberOfThreads() {
        double[] dots = new double[2];
        for (int threads = 1; threads <= 2; threads++) {
            CpuOptions options = CpuOptions.defaults().withThreads(threads);
            dots[threads - 1] = Testbed.compute(() -> CpuBackend.open(options), scope -> {
                ParameterVector a = Network.of(Mlp.of(300, 200, 10)).init(scope, DType.F32, RNG);
                return a.dot(a.gaussian(RNG.fold("b"), scope));
            });
        }
        assertThat(dots[0]).isEqualTo(dots[1]);
    }

    @Test
    void combinationsAreElementwiseAndBornInTheGivenScope() {
        Examples.onCpu(scope -> {
            ParameterVector a = Examples.mlp().init(scope, DType.F64, RNG);
            ParameterVector b = a.gaussian(RNG.fold("b"), scope);
            try (Scope step = scope.child("step")) {
                double[] x = a.toDoubles();
                double[] y = b.toDoubles();
                double[] sum = a.add(b, step).toDoubles();
                double[] difference = a.subtract(b, step).toDoubles();
                double[] mixed = a.addScaled(-0.5, b, step).toDoubles();
                double[] scaled = a.scale(3, step).toDoubles();
                for (int i = 0; i < x.length; i++) {
                    assertThat(sum[i]).isEqualTo(x[i] + y[i]);
                    assertThat(difference[i]).isEqualTo(x[i] - y[i]);
                    assertThat(mixed[i]).isEqualTo(x[i] + -0.5 * y[i]);
                    assertThat(scaled[i]).isEqualTo(3 * x[i]);
                }
                assertThat(a.add(b, step).get(0).scope()).isSameAs(step);
            }
        });
    }

    @Test
    void valuesGoOutAsDoublesAndComeBack() {
        Examples.onCpu(scope -> {
            ParameterVector a = Examples.mlp().init(scope, DType.F32, RNG);
            assertThat(a.withValues(a.toDoubles(), scope).toDoubles()).isEqualTo(a.toDoubles());
            ParameterVector zeros = a.zeros(scope);
            assertThat(zeros.norm()).isEqualTo(0);
            zeros.load(a.named());
            assertThat(zeros.toDoubles()).isEqualTo(a.toDoubles());
            assertThat(a.cast(DType.F64, scope).toDoubles()).isEqualTo(a.toDoubles());
            assertThat(a.get("fc2.bias").name()).isEqualTo("fc2.bias");
            assertThatThrownBy(() -> zeros.load(Map.of())).hasMessageContaining("fc1.weight");
            assertThatThrownBy(() -> a.withValues(new double[3], scope)).hasMessageContaining("got 3");
            assertThatThrownBy(() -> a.load(a.cast(DType.F64, scope).named()))
                    .hasMessageContaining("f64[5, 7]")
                    .hasMessageContaining("f32[5, 7]");
        });
    }

    @Test
    void vectorsOfDifferentNetworksDoNotMix() {
        Examples.onCpu(scope -> {
            ParameterVector a = Examples.mlp().init(scope, DType.F32, RNG);
            ParameterVector b = Network.of(Mlp.of(5, 2)).init(scope, DType.F32, RNG);
            assertThatThrownBy(() -> a.dot(b)).hasMessageContaining("f32[5, 7]").hasMessageContaining("f32[5, 2]");
        });
    }

    @Test
    void addingALayerDoesNotShiftTheWeightsOfAnother() {
        Examples.onCpu(scope -> {
            Network small = Network.of(Sequential.of(Linear.of(4, 3)));
            Network large =
                    Network.of(Sequential.of().then("new", Linear.of(6, 4)).then("0", Linear.of(4, 3)));
            ParameterVector a = small.init(scope, DType.F32, RNG);
            ParameterVector b = large.init(scope, DType.F32, RNG);
            assertThat(b.get("0.weight").toDoubles())
                    .isEqualTo(a.get("0.weight").toDoubles());
            assertThat(b.get("0.bias").toDoubles()).isEqualTo(a.get("0.bias").toDoubles());
        });
    }

    @Test
    void f32WeightsAreTheF64OnesRounded() {
        Examples.onCpu(scope -> {
            double[] wide = Examples.mlp().init(scope, DType.F64, RNG).toDoubles();
            double[] narrow = Examples.mlp().init(scope, DType.F32, RNG).toDoubles();
            for (int i = 0; i < wide.length; i++) {
                assertThat(narrow[i]).isEqualTo((float) wide[i]);
            }
        });
    }

    @Test
    void aVectorNamesItsFirstParameterThatIsNotFinite() {
        Examples.onCpu(scope -> {
            ParameterVector w = Examples.mlp().init(scope, DType.F32, RNG);
            assertThat(w.firstNonFinite()).isNull();
            double[] flat = w.toDoubles();
            // finite elements whose f32 sum overflows
            flat[0] = 3e38;
            flat[1] = 3e38;
            assertThat(w.withValues(flat, scope).firstNonFinite()).isNull();
            flat[flat.length - 1] = Double.NaN;
            flat[flat.length - 4] = Double.NEGATIVE_INFINITY;
            assertThat(w.withValues(flat, scope).firstNonFinite())
                    .isEqualTo(w.parameters().get(4));
        });
    }
}
