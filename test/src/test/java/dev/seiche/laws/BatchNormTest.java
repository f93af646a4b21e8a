package dev.seiche.laws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.seiche.autograd.Derivatives;
import dev.seiche.autograd.Differentiable;
import dev.seiche.kernels.cpu.CpuBackend;
import dev.seiche.kernels.cpu.CpuOptions;
import dev.seiche.kernels.cuda.CudaBackend;
import dev.seiche.tensor.Backend;
import dev.seiche.tensor.DType;
import dev.seiche.tensor.Ops;
import dev.seiche.tensor.Rng;
import dev.seiche.tensor.Scope;
import dev.seiche.tensor.Shape;
import dev.seiche.tensor.Tensor;
import dev.seiche.tensor.Value;
import dev.seiche.testkit.EmulatedDevice;
import dev.seiche.testkit.Testbed;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Batch norm by its one op is batch norm as it is defined, with all its derivatives. */
class BatchNormTest {
    /** Rounding of sums of 40 terms of size one, through two derivatives: some thousand units of 1.1e-16. */
    private static final double TOLERANCE = 2e-13;

    private static final double EPS = 1e-2;

    enum Device {
        CPU,
        EMULATED;

        Backend open() {
            return this == CPU ? CpuBackend.open(CpuOptions.defaults()) : CudaBackend.open(EmulatedDevice.options());
        }
    }

    /** The sum of a curved function of the layer's result, so that second derivatives are not zero. */
    private record Loss(boolean composed) implements Differentiable {
        @Override
        public <T extends Value> T apply(Ops<T> k, List<T> in) {
            return k.sum(k.tanh(layer(k, in)));
        }

        <T extends Value> T layer(Ops<T> k, List<T> in) {
            T x = in.get(0);
            if (!composed) {
                return k.batchNorm(x, in.get(1), in.get(2), EPS);
            }
            T centred = k.sub(x, k.meanKeep(x, 0, 1));
            T standard = k.div(centred, k.sqrt(k.shift(k.meanKeep(k.square(centred), 0, 1), EPS)));
            return k.add(k.mul(standard, in.get(1)), in.get(2));
        }
    }

    /** The mean and the variance by themselves. */
    private record Statistics(boolean composed) implements Differentiable {
        @Override
        public <T extends Value> T apply(Ops<T> k, List<T> in) {
            T x = in.get(0);
            if (!composed) {
                return k.sum(k.tanh(k.moments(x, 0, 1)));
            }
            T variance = k.mean(k.square(k.sub(x, k.meanKeep(x, 0, 1))), 0, 1);
            return k.add(k.sum(k.tanh(k.mean(x, 0, 1))), k.sum(k.tanh(variance)));
        }
    }

    private static List<Tensor> draw(Scope scope, int key) {
        return List.of(normal(scope, key, 8, 5, 3), normal(scope, key + 1, 3), normal(scope, key + 2, 3));
    }

    private static Tensor normal(Scope scope, int key, int... dims) {
        double[] values = new double[Math.toIntExact(Shape.of(dims).size())];
        Rng.seed(key).normal(values);
        return scope.tensor(DType.F64, Shape.of(dims), values);
    }

    @ParameterizedTest
    @EnumSource
    void itsValuesAreThoseOfTheDefinition(Device device) {
        Testbed.run(device::open, scope -> {
            List<Tensor> in = draw(scope, 1);
            assertSame(List.of(new Loss(false).layer(scope.ops(), in)), List.of(new Loss(true).layer(scope.ops(), in)));
        });
    }

    @ParameterizedTest
    @EnumSource
    void itsDerivativesAreThoseOfTheDefinition(Device device) {
        Testbed.run(device::open, scope -> {
            List<Tensor> in = draw(scope, 1);
            List<Tensor> along = draw(scope, 4);
            assertDerivativesSame(scope, new Loss(false), new Loss(true), in, along);
            assertDerivativesSame(
                    scope, new Statistics(false), new Statistics(true), in.subList(0, 1), along.subList(0, 1));
        });
    }

    private static void assertDerivativesSame(
            Scope scope, Differentiable f, Differentiable definition, List<Tensor> in, List<Tensor> along) {
        Ops<Tensor> k = scope.ops();
        assertSame(Derivatives.gradient(k, f, in), Derivatives.gradient(k, definition, in));
        assertSame(List.of(Derivatives.jvp(k, f, in, along)), List.of(Derivatives.jvp(k, definition, in, along)));
        List<Tensor> curved = Derivatives.hvp(k, definition, in, along);
        assertSame(Derivatives.hvp(k, f, in, along), curved);
        assertSame(Derivatives.hvpByDoubleBackward(k, f, in, along), curved);
    }

    private static void assertSame(List<Tensor> actual, List<Tensor> expected) {
        assertThat(actual).hasSameSizeAs(expected);
        for (int i = 0; i < expected.size(); i++) {
            assertThat(actual.get(i).toDoubles())
                    .containsExactly(expected.get(i).toDoubles(), within(TOLERANCE));
        }
    }
}
