package dev.seiche.autograd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.seiche.autograd.Samples.Sample;
import dev.seiche.autograd.rule.Rule;
import dev.seiche.autograd.rule.Rules;
import dev.seiche.kernels.cpu.CpuBackend;
import dev.seiche.tensor.DType;
import dev.seiche.tensor.Op;
import dev.seiche.tensor.Ops;
import dev.seiche.tensor.Rng;
import dev.seiche.tensor.Scope;
import dev.seiche.tensor.Shape;
import dev.seiche.tensor.Tensor;
import dev.seiche.tensor.TensorType;
import dev.seiche.tensor.Value;
import dev.seiche.testkit.GradientCheck;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class RuleLawsTest {
    private final CpuBackend backend = CpuBackend.open();
    private final Scope scope = Scope.root(backend, "test");

    @AfterEach
    void nothingIsLeft() {
        scope.close();
        assertThat(backend.liveBytes()).isZero();
        backend.close();
    }

    static Stream<Sample> samples() {
        return Samples.all();
    }

    @Test
    void everyRuleThatADerivativeFlowsThroughIsSampled() {
        Set<Class<?>> sampled = Samples.all().map(s -> s.op().getClass()).collect(Collectors.toSet());
        List<Class<?>> flowing = new ArrayList<>();
        for (Rule<?> rule : Rules.standard().all()) {
            if (rule.kind() != Rule.Kind.ZERO && rule.kind() != Rule.Kind.NON_DIFFERENTIABLE) {
                flowing.add(rule.op());
            }
        }
        assertThat(sampled).containsExactlyInAnyOrderElementsOf(flowing);
    }

    @ParameterizedTest
    @MethodSource("samples")
    void centralDifferenceVjpAndJvpAgree(Sample sample) {
        check(GradientCheck.function(sample.op()), sample);
    }

    @ParameterizedTest
    @MethodSource("samples")
    void theVjpDifferentiatesAgainBothWays(Sample sample) {
        for (int k = 0; k < sample.moving().size(); k++) {
            check(new Gradient(sample, k), sample);
        }
    }

    @ParameterizedTest
    @MethodSource("samples")
    void theJvpDifferentiatesAgainBothWays(Sample sample) {
        check(new Slope(sample, scope), sample);
    }

    @ParameterizedTest
    @MethodSource("samples")
    void withoutDataTypesAreTheSame(Sample sample) {
        List<Tensor> in = sample.tensors(scope);
        List<TensorType> types = in.stream().map(Tensor::type).toList();
        Differentiable f = GradientCheck.function(sample.op());
        assertThat(f.apply(new Shapes(), types))
                .isEqualTo(f.apply(scope.ops(), in).type());
        for (int k = 0; k < sample.moving().size(); k++) {
            assertThat(new Gradient(sample, k).apply(new Shapes(), types))
                    .isEqualTo(types.get(sample.moving().get(k)));
        }
    }

    /** Both multiply the same numbers, below 4, with at most four roundings of 2^-53 each. */
    @ParameterizedTest
    @MethodSource("fused")
    void aFusedVjpEqualsItsComposedTwin(Sample sample) {
        List<Tensor> in = sample.tensors(scope);
        Tensor out = scope.ops().apply(sample.op(), in);
        double[] cotangent = new double[Math.toIntExact(out.shape().size())];
        Rng.seed(17).normal(cotangent);
        Tensor dy = scope.tensor(DType.F64, out.shape(), cotangent);
        Dual<Tensor> composed = new Dual<>(scope.ops());
        List<DualNumber<Tensor>> numbers = in.stream().map(composed::constant).toList();
        double[] twin = vjp(sample.op(), composed, numbers, composed.constant(out), composed.constant(dy))
                .value()
                .toDoubles();
        double[] fused = vjp(sample.op(), scope.ops(), in, out, dy).toDoubles();
        assertThat(fused).containsExactly(twin, within(16 * 0x1p-53));
    }

    static Stream<Sample> fused() {
        return Samples.all()
                .filter(s ->
                        Rules.standard().find(s.op().getClass()).orElseThrow().isFused());
    }

    private static <O extends Op, T extends Value> T vjp(O op, Ops<T> ops, List<T> in, T out, T dy) {
        return Rules.standard().of(op).vjp(ops, op, in, out, 0, dy);
    }

    private void check(Differentiable f, Sample sample) {
        new GradientCheck(scope, Rng.seed(11)).check(f, sample.tensors(scope), sample.moving());
    }

    /** {@code sum tanh(op)}, curved everywhere so that second derivatives of linear ops show, as a function of the moving inputs. */
    private record Curved(Sample sample) {
        <T extends Value> T apply(Ops<T> ops, List<T> in) {
            return ops.sum(ops.tanh(ops.apply(sample.op(), in)));
        }
    }

    /** The gradient of {@link Curved} with respect to one moving input. */
    private record Gradient(Sample sample, int k) implements Differentiable {
        @Override
        public <T extends Value> T apply(Ops<T> ops, List<T> in) {
            Tape<T> tape = new Tape<>(ops);
            List<Var<T>> vars = new ArrayList<>();
            for (int i = 0; i < in.size(); i++) {
                vars.add(sample.moving().contains(i) ? tape.watch(in.get(i)) : tape.constant(in.get(i)));
            }
            Var<T> y = new Curved(sample).apply(tape, vars);
            return tape.backward(y).of(vars.get(sample.moving().get(k)));
        }
    }

    /** The directional derivative of {@link Curved}'s terms along a fixed direction. */
    private record Slope(Sample sample, Scope scope) implements Differentiable {
        @Override
        public <T extends Value> T apply(Ops<T> ops, List<T> in) {
            Dual<T> dual = new Dual<>(ops);
            List<DualNumber<T>> numbers = new ArrayList<>();
            for (int i = 0; i < in.size(); i++) {
                T x = in.get(i);
                numbers.add(
                        sample.moving().contains(i) ? dual.of(x, ops.lift(direction(x.shape(), i))) : dual.constant(x));
            }
            DualNumber<T> y = dual.tanh(dual.apply(sample.op(), numbers));
            T tangent = y.tangent();
            return tangent != null ? tangent : ops.zerosLike(y.value());
        }

        @Override
        public String toString() {
            return "JVP of " + sample;
        }

        private Tensor direction(Shape shape, int i) {
            double[] values = new double[Math.toIntExact(shape.size())];
            Rng.seed(13).fold(i).normal(values);
            return scope.tensor(DType.F64, shape, values);
        }
    }
}
