package dev.seiche.autograd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.seiche.autograd.rule.NonDifferentiableException;
import dev.seiche.tensor.DType;
import dev.seiche.tensor.Ops;
import dev.seiche.tensor.Shape;
import dev.seiche.tensor.TensorType;
import dev.seiche.tensor.Value;
import java.util.List;
import org.junit.jupiter.api.Test;

class DualTest {
    private static final TensorType MATRIX = new TensorType(DType.F32, Shape.of(2, 3));

    private final Logged ops = new Logged();
    private final Dual<TensorType> dual = new Dual<>(ops);

    @Test
    void aConstantCarriesNoTangentAndCostsNothingMore() {
        DualNumber<TensorType> y = dual.tanh(dual.constant(MATRIX));
        assertThat(y.tangent()).isNull();
        assertThat(ops.take()).containsExactly("tanh");
    }

    @Test
    void onlyTheProductsOfMovingFactorsAreComputed() {
        DualNumber<TensorType> w = dual.constant(new TensorType(DType.F32, Shape.of(3, 4)));
        DualNumber<TensorType> y = dual.matmul(dual.of(MATRIX, MATRIX), w);
        assertThat(y.tangent()).isEqualTo(y.value());
        assertThat(ops.take()).containsExactly("matmul", "matmul");
    }

    @Test
    void aMovingBiasGoesIntoTheTangentOfItsProduct() {
        DualNumber<TensorType> x = dual.of(MATRIX, MATRIX);
        TensorType w = new TensorType(DType.F32, Shape.of(3, 4));
        TensorType bias = new TensorType(DType.F32, Shape.of(4));
        dual.linear(x, dual.of(w, w), dual.of(bias, bias));
        assertThat(ops.take()).containsExactly("linear", "linear", "linear", "add");
        dual.linear(dual.constant(MATRIX), dual.constant(w), dual.of(bias, bias));
        assertThat(ops.take()).containsExactly("linear", "expand");
    }

    @Test
    void aZeroDerivativeIsNoTangent() {
        assertThat(dual.sign(dual.of(MATRIX, MATRIX)).tangent()).isNull();
        assertThat(dual.stopGradient(dual.of(MATRIX, MATRIX)).tangent()).isNull();
    }

    @Test
    void anOpWithoutDerivativeRefusesATangentOnly() {
        assertThat(dual.argMax(dual.constant(MATRIX), 1).shape()).isEqualTo(Shape.of(2));
        assertThatThrownBy(() -> dual.argMax(dual.of(MATRIX, MATRIX), 1))
                .isInstanceOf(NonDifferentiableException.class)
                .hasMessageContaining("arg_max: has no derivative");
    }

    @Test
    void aTangentHasTheTypeOfItsValue() {
        assertThatThrownBy(() -> dual.of(MATRIX, new TensorType(DType.F64, Shape.of(2, 3))))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("value: f32[2, 3]")
                .hasMessageContaining("tangent: f64[2, 3]");
        TensorType ids = new TensorType(DType.I32, Shape.of(2));
        assertThatThrownBy(() -> dual.of(ids, ids)).hasMessageContaining("is not f32 or f64 and carries no tangent");
    }

    @Test
    void aDirectionNamesEveryInput() {
        Differentiable product = new Product();
        assertThatThrownBy(() -> Derivatives.jvp(ops, product, List.of(MATRIX, MATRIX), List.of(MATRIX)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("takes 2 inputs, the direction has 1");
        assertThat(Derivatives.jvp(ops, product, List.of(MATRIX, MATRIX), List.of(MATRIX, MATRIX)))
                .isEqualTo(MATRIX);
        assertThat(Derivatives.vjp(ops, product, List.of(MATRIX, MATRIX), MATRIX))
                .containsExactly(MATRIX, MATRIX);
    }

    private record Product() implements Differentiable {
        @Override
        public <T extends Value> T apply(Ops<T> o, List<T> in) {
            return o.mul(in.get(0), in.get(1));
        }
    }
}
