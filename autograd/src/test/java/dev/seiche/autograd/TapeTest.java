package dev.seiche.autograd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.seiche.autograd.rule.MissingRuleException;
import dev.seiche.autograd.rule.NonDifferentiableException;
import dev.seiche.autograd.rule.Rule;
import dev.seiche.autograd.rule.Rules;
import dev.seiche.tensor.DType;
import dev.seiche.tensor.Op;
import dev.seiche.tensor.Shape;
import dev.seiche.tensor.TensorType;
import dev.seiche.tensor.Value;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class TapeTest {
    private static final TensorType MATRIX = new TensorType(DType.F32, Shape.of(2, 3));

    private final Logged ops = new Logged();
    private final Tape<TensorType> tape = new Tape<>(ops);

    /** An op the standard rules do not know. */
    private record Twist() implements Op {
        @Override
        public TensorType infer(List<? extends Value> in) {
            return in.get(0).type();
        }
    }

    @Test
    void whatNoWatchedLeafReachesIsNotRecorded() {
        Var<TensorType> constant = tape.constant(MATRIX);
        Var<TensorType> y = tape.apply(new Twist(), List.of(tape.exp(constant)));
        assertThat(y.tracked()).isFalse();
        assertThat(tape.exp(tape.watch(MATRIX)).tracked()).isTrue();
        assertThat(tape.sign(tape.watch(MATRIX)).tracked()).isFalse();
        assertThat(tape.stopGradient(tape.watch(MATRIX)).tracked()).isFalse();
    }

    @Test
    void onlyTheVjpsOfInputsThatNeedOneAreComputed() {
        Var<TensorType> w = tape.watch(new TensorType(DType.F32, Shape.of(3, 4)));
        Var<TensorType> y = tape.matmul(tape.constant(MATRIX), w);
        ops.take();
        tape.backward(y, y.value());
        assertThat(ops.take()).containsExactly("matmul");
    }

    @Test
    void opsBesideThePathToTheDifferentiatedResultAreNotVisited() {
        Var<TensorType> x = tape.watch(MATRIX);
        tape.tanh(tape.exp(x));
        Var<TensorType> y = tape.neg(x);
        tape.tanh(y);
        ops.take();
        tape.backward(y, MATRIX);
        assertThat(ops.take()).containsExactly("neg");
    }

    @Test
    void nodesAreVisitedInReverseAndUsesOfOneVariableAreAddedUp() {
        Var<TensorType> x = tape.watch(MATRIX);
        Var<TensorType> y = tape.add(tape.exp(x), tape.neg(x));
        ops.take();
        tape.backward(y, MATRIX);
        assertThat(ops.take()).containsExactly("neg", "mul", "add");
    }

    @Test
    void backwardMayBeCalledAgainForAnotherResult() {
        Var<TensorType> x = tape.watch(MATRIX);
        Var<TensorType> other = tape.watch(MATRIX);
        Var<TensorType> first = tape.sum(tape.exp(x));
        Var<TensorType> second = tape.sum(tape.mul(x, other));
        assertThat(tape.backward(first).reaches(other)).isFalse();
        assertThat(tape.backward(second).reaches(other)).isTrue();
        assertThat(tape.backward(first).reaches(x)).isTrue();
    }

    @Test
    void aLeafThatWasNotReachedHasZerosOfItsType() {
        Var<TensorType> x = tape.watch(MATRIX);
        Var<TensorType> unused = tape.watch(new TensorType(DType.F64, Shape.of(7)));
        Gradients<TensorType> gradients = tape.backward(tape.sum(x));
        ops.take();
        assertThat(gradients.of(unused)).isEqualTo(unused.type());
        assertThat(ops.take()).containsExactly("fill");
        assertThat(tape.backward(tape.sum(tape.constant(MATRIX))).reaches(x)).isFalse();
    }

    @Test
    void theGradientOfALeafWithRespectToItselfIsTheCotangent() {
        Var<TensorType> x = tape.watch(MATRIX);
        assertThat(tape.backward(x, MATRIX).of(x)).isSameAs(MATRIX);
    }

    @Test
    void aResultWithAxesNeedsACotangentOfItsType() {
        Var<TensorType> y = tape.exp(tape.watch(MATRIX));
        assertThatThrownBy(() -> tape.backward(y))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("needs a scalar, got f32[2, 3]")
                .hasMessageContaining("backward(y, cotangent)");
        assertThatThrownBy(() -> tape.backward(y, new TensorType(DType.F32, Shape.of(3, 2))))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("y: f32[2, 3]")
                .hasMessageContaining("cotangent: f32[3, 2]");
    }

    @Test
    void aVariableOfAnotherTapeIsRefusedEverywhere() {
        Var<TensorType> stranger = new Tape<>(ops).watch(MATRIX);
        String message = "is a variable of another tape";
        assertThatThrownBy(() -> tape.exp(stranger)).hasMessageContaining("exp: f32[2, 3] " + message);
        assertThatThrownBy(() -> tape.backward(stranger, MATRIX)).hasMessageContaining(message);
        Gradients<TensorType> gradients = tape.backward(tape.sum(tape.watch(MATRIX)));
        assertThatThrownBy(() -> gradients.of(stranger)).hasMessageContaining(message);
    }

    @Test
    void onlyLeavesHaveGradients() {
        Var<TensorType> x = tape.watch(MATRIX);
        Var<TensorType> y = tape.exp(x);
        Gradients<TensorType> gradients = tape.backward(tape.sum(y));
        assertThatThrownBy(() -> gradients.of(y)).hasMessageContaining("is computed, not a leaf");
        assertThatThrownBy(() -> gradients.of(tape.constant(MATRIX))).hasMessageContaining("is a constant, not a leaf");
    }

    @Test
    void integersCannotBeWatched() {
        assertThatThrownBy(() -> tape.watch(new TensorType(DType.I32, Shape.of(2))))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("only f32 and f64 have derivatives, got i32[2]");
    }

    @Test
    void aMissingRuleIsNamedWithThePlaceToWriteIt() {
        Var<TensorType> x = tape.watch(MATRIX);
        assertThatThrownBy(() -> tape.apply(new Twist(), List.of(x)))
                .isInstanceOf(MissingRuleException.class)
                .hasMessageContaining("twist: no derivative rule")
                .hasMessageContaining("dev.seiche.autograd.rule")
                .hasMessageContaining("linear(Twist.class");
    }

    @Test
    void aTableCanLearnAnOp() {
        Rules rules = Rules.standard().with(Rule.linear(Twist.class, (k, s, dy) -> k.neg(dy)));
        Tape<TensorType> taught = new Tape<>(ops, rules);
        Var<TensorType> x = taught.watch(MATRIX);
        Var<TensorType> y = taught.apply(new Twist(), List.of(x));
        ops.take();
        assertThat(taught.backward(y, MATRIX).reaches(x)).isTrue();
        assertThat(ops.take()).containsExactly("neg");
        assertThatThrownBy(() -> rules.with(Rule.zero(Twist.class)))
                .hasMessageContaining("Twist: has two derivative rules");
    }

    @Test
    void anOpWithoutDerivativeThrowsOnlyWhenTheWayBackMeetsIt() {
        Var<TensorType> x = tape.watch(MATRIX);
        Var<TensorType> index = tape.cast(tape.argMax(x, 1), DType.F32);
        assertThat(tape.backward(tape.sum(x)).reaches(x)).isTrue();
        assertThat(tape.equal(index, index).tracked()).isFalse();
        assertThatThrownBy(() -> tape.backward(tape.sum(index)))
                .isInstanceOf(NonDifferentiableException.class)
                .hasMessageContaining("arg_max: has no derivative: an index jumps")
                .hasMessageContaining("stopGradient");
        assertThatThrownBy(() -> tape.backward(tape.sum(tape.cast(tape.cast(x, DType.I32), DType.F32))))
                .isInstanceOf(NonDifferentiableException.class)
                .hasMessageContaining("cast: has no derivative");
    }

    @Test
    void anotherThreadIsRefusedByName() throws InterruptedException {
        List<String> messages = new ArrayList<>();
        Thread other = new Thread(
                () -> {
                    try {
                        tape.watch(MATRIX);
                    } catch (IllegalStateException e) {
                        messages.add(e.getMessage());
                    }
                },
                "other");
        other.start();
        other.join();
        assertThat(messages)
                .singleElement()
                .asString()
                .contains("'" + Thread.currentThread().getName() + "', used by 'other'");
    }

    @Test
    void aRuleThatGivesAnotherTypeIsOurMistakeAndSaysWhose() {
        Rules rules = Rules.standard().with(Rule.linear(Twist.class, (k, s, dy) -> k.sum(dy)));
        Tape<TensorType> taught = new Tape<>(ops, rules);
        Var<TensorType> y = taught.apply(new Twist(), List.of(taught.watch(MATRIX)));
        assertThatThrownBy(() -> taught.backward(y, MATRIX))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("VJP of Twist[] gave f32[], must be of the type of f32[2, 3]");
    }
}
