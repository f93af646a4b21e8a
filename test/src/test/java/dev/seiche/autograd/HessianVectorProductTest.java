package dev.seiche.autograd;

import static org.assertj.core.api.Assertions.assertThat;

import dev.seiche.autograd.Networks.Case;
import dev.seiche.kernels.cpu.CpuBackend;
import dev.seiche.tensor.Eager;
import dev.seiche.tensor.Ops;
import dev.seiche.tensor.Rng;
import dev.seiche.tensor.Scope;
import dev.seiche.tensor.Tensor;
import dev.seiche.tensor.TensorType;
import dev.seiche.tensor.Value;
import dev.seiche.testkit.GradientCheck;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.function.ThrowingConsumer;

class HessianVectorProductTest {
    /** Both are exact: only the order of roundings differs, over some thousand terms of f64. */
    private static final double EXACT = 1e-11;

    /** Central differences at this step have a truncation error near 1e-9 and a cancellation error near 1e-10. */
    private static final double STEP = 1e-5;

    private static final double DIFFERENCE = 1e-6;

    private final CpuBackend backend = CpuBackend.open();
    private final Scope scope = Scope.root(backend, "test");
    private final Eager ops = scope.ops();

    @AfterEach
    void nothingIsLeft() {
        scope.close();
        assertThat(backend.liveBytes()).isZero();
        backend.close();
    }

    @TestFactory
    Stream<DynamicTest> forwardOverReverseEqualsDoubleBackward() {
        return each(c -> {
            List<Tensor> at = c.at(scope);
            List<Tensor> v = c.direction(scope);
            assertThat(distance(
                            Derivatives.hvp(ops, c.loss(), at, v),
                            Derivatives.hvpByDoubleBackward(ops, c.loss(), at, v)))
                    .isLessThan(EXACT);
        });
    }

    @TestFactory
    Stream<DynamicTest> reverseOverForwardIsTheSameProduct() {
        return each(c -> {
            List<Tensor> at = c.at(scope);
            List<Tensor> v = c.direction(scope);
            List<Tensor> twin = Derivatives.gradient(ops, new Slope(c.loss(), v), at);
            assertThat(distance(Derivatives.hvp(ops, c.loss(), at, v), twin)).isLessThan(EXACT);
        });
    }

    @TestFactory
    Stream<DynamicTest> theProductIsTheCentralDifferenceOfGradients() {
        return each(c -> {
            List<Tensor> at = c.at(scope);
            List<Tensor> v = c.direction(scope);
            List<Tensor> ahead = Derivatives.gradient(ops, c.loss(), moved(at, v, STEP));
            List<Tensor> behind = Derivatives.gradient(ops, c.loss(), moved(at, v, -STEP));
            List<Tensor> difference = new ArrayList<>();
            for (int i = 0; i < at.size(); i++) {
                difference.add(ops.scale(ops.sub(ahead.get(i), behind.get(i)), 1 / (2 * STEP)));
            }
            assertThat(distance(Derivatives.hvp(ops, c.loss(), at, v), difference))
                    .isLessThan(DIFFERENCE);
        });
    }

    @TestFactory
    Stream<DynamicTest> theGradientItselfPassesTheCheck() {
        return each(c -> new GradientCheck(scope, Rng.seed(5)).check(c.loss(), c.at(scope)));
    }

    @TestFactory
    Stream<DynamicTest> theHessianIsSymmetric() {
        return each(c -> {
            List<Tensor> at = c.at(scope);
            List<Tensor> v = c.direction(scope);
            List<Tensor> w = Derivatives.gradient(ops, c.loss(), at);
            double wHv = dot(w, Derivatives.hvp(ops, c.loss(), at, v));
            double vHw = dot(v, Derivatives.hvp(ops, c.loss(), at, w));
            assertThat(Math.abs(wHv - vHw)).isLessThan(EXACT * Math.max(1, Math.abs(wHv)));
        });
    }

    @TestFactory
    Stream<DynamicTest> theShapeCheckerKnowsAllTypesBeforehand() {
        return each(c -> {
            List<TensorType> at = c.at(scope).stream().map(Tensor::type).toList();
            assertThat(Derivatives.gradient(new Shapes(), c.loss(), at)).isEqualTo(at);
            assertThat(Derivatives.hvp(new Shapes(), c.loss(), at, at)).isEqualTo(at);
            assertThat(Derivatives.hvpByDoubleBackward(new Shapes(), c.loss(), at, at))
                    .isEqualTo(at);
        });
    }

    private Stream<DynamicTest> each(ThrowingConsumer<Case> test) {
        return DynamicTest.stream(Networks.all(scope), Case::name, test);
    }

    /** The directional derivative of a scalar function, whose gradient is again the Hessian times the direction. */
    private record Slope(Differentiable loss, List<Tensor> direction) implements Differentiable {
        @Override
        public <T extends Value> T apply(Ops<T> ops, List<T> in) {
            return Derivatives.jvp(
                    ops, loss, in, direction.stream().map(ops::lift).toList());
        }
    }

    private List<Tensor> moved(List<Tensor> at, List<Tensor> v, double step) {
        List<Tensor> out = new ArrayList<>();
        for (int i = 0; i < at.size(); i++) {
            out.add(ops.add(at.get(i), ops.scale(v.get(i), step)));
        }
        return out;
    }

    /** |a - b| / |a|. */
    private double distance(List<Tensor> a, List<Tensor> b) {
        List<Tensor> gap = new ArrayList<>();
        for (int i = 0; i < a.size(); i++) {
            gap.add(ops.sub(a.get(i), b.get(i)));
        }
        assertThat(dot(a, a)).as("the product is not trivially zero").isGreaterThan(1e-6);
        return Math.sqrt(dot(gap, gap) / dot(a, a));
    }

    private double dot(List<Tensor> a, List<Tensor> b) {
        double sum = 0;
        for (int i = 0; i < a.size(); i++) {
            sum += ops.dot(a.get(i), b.get(i)).item();
        }
        return sum;
    }
}
