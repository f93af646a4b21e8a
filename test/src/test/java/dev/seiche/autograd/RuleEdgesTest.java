package dev.seiche.autograd;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import dev.seiche.autograd.rule.Rule;
import dev.seiche.autograd.rule.Rules;
import dev.seiche.kernels.cpu.CpuBackend;
import dev.seiche.tensor.DType;
import dev.seiche.tensor.Layout;
import dev.seiche.tensor.Op;
import dev.seiche.tensor.Ops;
import dev.seiche.tensor.Scope;
import dev.seiche.tensor.Shape;
import dev.seiche.tensor.Tensor;
import dev.seiche.tensor.TensorType;
import dev.seiche.tensor.Value;
import dev.seiche.tensor.ViewOp;
import dev.seiche.tensor.op.Abs;
import dev.seiche.tensor.op.Clamp;
import dev.seiche.tensor.op.FusedOp;
import dev.seiche.tensor.op.Gather;
import dev.seiche.tensor.op.LeakyRelu;
import dev.seiche.tensor.op.Max;
import dev.seiche.tensor.op.MaxPool2d;
import dev.seiche.tensor.op.Maximum;
import dev.seiche.tensor.op.Minimum;
import dev.seiche.tensor.op.PoolGeometry;
import dev.seiche.tensor.op.Pow;
import dev.seiche.tensor.op.Relu;
import dev.seiche.tensor.op.Sigmoid;
import dev.seiche.tensor.op.Softplus;
import dev.seiche.tensor.op.Sqrt;
import dev.seiche.tensor.op.Where;
import dev.seiche.testkit.GradientCheck;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What the rules say where the op's own documentation fixes it: at ties, kinks, bounds and infinities. */
class RuleEdgesTest {
    private final CpuBackend backend = CpuBackend.open();
    private final Scope scope = Scope.root(backend, "test");
    private final Ops<Tensor> ops = scope.ops();

    @AfterEach
    void nothingIsLeft() {
        scope.close();
        assertThat(backend.liveBytes()).isZero();
        backend.close();
    }

    @Test
    void everyOpRecordThatIsNotFusedHasARuleAndEveryRuleAnOp() {
        List<String> records = new ArrayList<>();
        for (JavaClass c : new ClassFileImporter()
                .importUrl(Op.class.getProtectionDomain().getCodeSource().getLocation())) {
            if (c.isRecord() && c.isAssignableTo(Op.class) && !c.isAssignableTo(FusedOp.class)) {
                records.add(c.getName());
            }
        }
        assertThat(Rules.standard().all().stream().map(Rule::op).map(Class::getName))
                .containsExactlyInAnyOrderElementsOf(records);
    }

    @Test
    void kinksHaveTheDerivativeTheirOpNames() {
        assertThat(gradient(new Relu(), vec(-1, 0, 2))).containsExactly(0, 0, 1);
        assertThat(gradient(new LeakyRelu(0.25), vec(-1, 0, 2))).containsExactly(0.25, 0.25, 1);
        assertThat(gradient(new Abs(), vec(-1, 0, 2))).containsExactly(-1, 0, 1);
        assertThat(gradient(new Clamp(-1, 2), vec(-2, -1, 0, 2, 3))).containsExactly(0, 0, 1, 0, 0);
        assertThat(gradient(new Clamp(Double.NEGATIVE_INFINITY, 0), vec(-1e300, 0, 1)))
                .containsExactly(1, 0, 0);
    }

    @Test
    void theLargerAndTheSmallerShareTheDerivativeWhereEqual() {
        Tensor a = vec(1, 2, 3);
        Tensor b = vec(2, 2, 2);
        assertThat(gradient(new Maximum(), a, b)).containsExactly(0, 0.5, 1);
        assertThat(gradient(new Maximum(), b, a)).containsExactly(1, 0.5, 0);
        assertThat(gradient(new Minimum(), a, b)).containsExactly(1, 0.5, 0);
        assertThat(gradient(new Minimum(), b, a)).containsExactly(0, 0.5, 1);
    }

    @Test
    void equalMaximaShareTheDerivativeEvenlyAndAPooledMaximumGivesItToTheFirst() {
        Tensor x = scope.tensor(DType.F64, Shape.of(2, 4), 3, 1, 3, 3, 0, 7, 7, 2);
        assertThat(gradient(new Max(List.of(1), false), x))
                .containsExactly(1 / 3.0, 0, 1 / 3.0, 1 / 3.0, 0, 0.5, 0.5, 0);
        Tensor image = scope.tensor(DType.F64, Shape.of(1, 2, 2, 1), 1, 5, 5, 5);
        assertThat(gradient(new MaxPool2d(PoolGeometry.of(2, 2, 0)), image)).containsExactly(0, 1, 0, 0);
    }

    @Test
    void powersOfZeroHaveFiniteDerivativesWhereTheyExist() {
        assertThat(gradient(new Pow(0), vec(0, -2))).containsExactly(0, 0);
        assertThat(gradient(new Pow(1), vec(0, -2))).containsExactly(1, 1);
        assertThat(gradient(new Pow(2), vec(0, -2))).containsExactly(0, -4);
        assertThat(gradient(new Pow(3), vec(0, -2))).containsExactly(0, 12);
        assertThat(gradient(new Sqrt(), vec(0, 4))).containsExactly(Double.POSITIVE_INFINITY, 0.25);
    }

    @Test
    void secondDerivativesOfPowersAtZeroAreExact() {
        assertThat(secondDerivative(new Pow(1), vec(0, 3))).containsExactly(0, 0);
        assertThat(secondDerivative(new Pow(2), vec(0, 3))).containsExactly(2, 2);
        assertThat(secondDerivative(new Pow(3), vec(0, 3))).containsExactly(0, 18);
    }

    @Test
    void saturatedActivationsDoNotTurnIntoNaN() {
        assertThat(gradient(new Sigmoid(), vec(-800, 800))).containsExactly(0, 0);
        assertThat(gradient(new Softplus(), vec(-800, 800))).containsExactly(0, 1);
    }

    @Test
    void repeatedIdsAddUp() {
        Tensor table = scope.tensor(DType.F64, Shape.of(3, 1), 10, 20, 30);
        Tensor ids = scope.tensor(Shape.of(4), new int[] {2, 0, 2, 2});
        assertThat(gradient(new Gather(0), table, ids)).containsExactly(1, 0, 3);
    }

    @Test
    void theBranchNotTakenGetsExactlyZeroEvenFromAnInfiniteCotangent() {
        Tape<Tensor> tape = new Tape<>(ops);
        Var<Tensor> a = tape.watch(vec(1, 1));
        Var<Tensor> b = tape.watch(vec(1, 1));
        Var<Tensor> y = tape.apply(new Where(), List.of(tape.constant(vec(1, 0)), a, b));
        Gradients<Tensor> g = tape.backward(y, vec(Double.POSITIVE_INFINITY, 5));
        assertThat(g.of(a).toDoubles()).containsExactly(Double.POSITIVE_INFINITY, 0);
        assertThat(g.of(b).toDoubles()).containsExactly(0, 5);
    }

    @Test
    void aDerivativePassesThroughPrecisionsInItsOwn() {
        Tape<Tensor> tape = new Tape<>(ops);
        Var<Tensor> x = tape.watch(scope.tensor(Shape.of(2), new float[] {1, 2}));
        Tensor g = tape.backward(tape.sum(tape.square(tape.cast(x, DType.F64)))).of(x);
        assertThat(g.dtype()).isEqualTo(DType.F32);
        assertThat(g.toDoubles()).containsExactly(2, 4);
    }

    @Test
    void aFusedVjpIsTakenForPlainTensorsAndNeverDifferentiated() {
        Rules rules = Rules.standard()
                .with(Rule.elementwise(Cube.class, (k, s, t) -> k.scale(k.mul(t, k.square(s.x())), 3.0))
                        .fused((k, s, dy) -> k.scale(dy, 100.0)));
        Tape<Tensor> plain = new Tape<>(ops, rules);
        Var<Tensor> x = plain.watch(vec(2));
        assertThat(plain.backward(plain.sum(plain.apply(new Cube(), List.of(x))))
                        .of(x)
                        .toDoubles())
                .containsExactly(100);

        Tape<Tensor> outer = new Tape<>(ops, rules);
        Var<Tensor> leaf = outer.watch(vec(2));
        Tape<Var<Tensor>> inner = new Tape<>(outer, rules);
        Var<Var<Tensor>> watched = inner.watch(leaf);
        Var<Tensor> slope = inner.backward(inner.sum(inner.apply(new Cube(), List.of(watched))))
                .of(watched);
        assertThat(slope.value().toDoubles()).containsExactly(12);
        assertThat(outer.backward(outer.sum(slope)).of(leaf).toDoubles()).containsExactly(12);
    }

    /** Has the derivative of x^3 but, for want of a kernel, the value of x. */
    private record Cube() implements ViewOp {
        @Override
        public TensorType infer(List<? extends Value> in) {
            return in.get(0).type();
        }

        @Override
        public Layout view(Layout input) {
            return input;
        }
    }

    private double[] gradient(Op op, Tensor x, Tensor... rest) {
        Tape<Tensor> tape = new Tape<>(ops);
        Var<Tensor> leaf = tape.watch(x);
        List<Var<Tensor>> in = new ArrayList<>(List.of(leaf));
        for (Tensor r : rest) {
            in.add(tape.constant(r));
        }
        return tape.backward(tape.sum(tape.apply(op, in))).of(leaf).toDoubles();
    }

    private double[] secondDerivative(Op op, Tensor x) {
        Differentiable f = GradientCheck.function(op);
        Tape<Tensor> tape = new Tape<>(ops);
        Var<Tensor> leaf = tape.watch(x);
        Var<Tensor> slope =
                Derivatives.vjp(tape, f, List.of(leaf), tape.onesLike(leaf)).get(0);
        return tape.backward(tape.sum(slope)).of(leaf).toDoubles();
    }

    private Tensor vec(double... values) {
        return scope.tensor(DType.F64, Shape.of(values.length), values);
    }
}
