package dev.seiche.nn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.seiche.nn.init.Fans;
import dev.seiche.nn.init.Init;
import dev.seiche.nn.optim.Optimizer;
import dev.seiche.nn.optim.SplitSgd;
import dev.seiche.nn.optim.Updater;
import dev.seiche.tensor.DType;
import dev.seiche.tensor.Scope;
import dev.seiche.tensor.Shape;
import dev.seiche.tensor.Tensor;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SplitSgdTest {
    private static final List<Parameter> PARAMETERS = List.of(
            new Parameter("a.weight", Shape.of(3), Init.zeros(), new Fans(3, 1)),
            new Parameter("b.weight", Shape.of(2), Init.zeros(), new Fans(2, 1)));

    private static ParameterVector vector(Scope scope, double... values) {
        return ParameterVector.of(
                        PARAMETERS,
                        p -> scope.tensor(
                                DType.F64, p.shape(), new double[(int) p.shape().size()]))
                .withValues(values, scope);
    }

    @Test
    void theLargestCoordinatesStepByTheirSign() {
        Examples.onCpu(scope -> {
            ParameterVector w = vector(scope, 0, 0, 0, 0, 0);
            Updater updater = new SplitSgd(0.5, 0.4, 2).start(w, scope);
            updater.step(vector(scope, 1, -7, 2, 5, 0.5), 0.1);
            assertThat(w.toDoubles()).containsExactly(new double[] {-0.1, 0.2, -0.2, -0.2, -0.05}, within(1e-15));
            // m = (0.5, -3.5, 1, 2.5, 4.25): the two largest are now the second and the last
            updater.step(vector(scope, 0, 0, 0, 0, 4), 0.1);
            assertThat(w.toDoubles()).containsExactly(new double[] {-0.15, 0.4, -0.3, -0.45, -0.25}, within(1e-15));
        });
    }

    @Test
    void withoutAFractionItIsHeavyBallAndItsStateIsRestored() {
        Examples.onCpu(scope -> {
            ParameterVector w = vector(scope, 1, 2, 3, 4, 5);
            ParameterVector v = vector(scope, 1, 2, 3, 4, 5);
            ParameterVector g = vector(scope, 1, -1, 2, 0.3, 9);
            Updater split = new SplitSgd(0.9, 0, 1).start(w, scope);
            Updater ball = Optimizer.heavyBall(0.9).start(v, scope);
            split.step(g, 0.1);
            ball.step(g, 0.1);
            Map<String, Tensor> saved = split.capture(scope);
            Updater again = new SplitSgd(0.9, 0, 1).start(w, scope);
            again.restore(saved);
            again.step(g, 0.1);
            ball.step(g, 0.1);
            assertThat(w.toDoubles()).containsExactly(v.toDoubles(), within(1e-15));
        });
        assertThatThrownBy(() -> new SplitSgd(0.9, 1, 1)).hasMessageContaining("fraction");
    }
}
