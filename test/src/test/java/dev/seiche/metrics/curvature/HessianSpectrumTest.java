package dev.seiche.metrics.curvature;

import static dev.seiche.metrics.curvature.Operators.onCpu;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.seiche.metrics.curvature.Lanczos.End;
import dev.seiche.nn.Loss;
import dev.seiche.nn.Network;
import dev.seiche.nn.Objective;
import dev.seiche.nn.ParameterVector;
import dev.seiche.nn.data.Synthetic;
import dev.seiche.nn.layer.Activation;
import dev.seiche.nn.layer.Linear;
import dev.seiche.nn.layer.Sequential;
import dev.seiche.tensor.DType;
import dev.seiche.tensor.Rng;
import dev.seiche.tensor.Scope;
import org.junit.jupiter.api.Test;

/** A network small enough for its whole Hessian: 1-100-1 tanh without output bias on 20 points of Chebyshev's T_5. */
class HessianSpectrumTest {
    private static final Network NETWORK = Network.of(
            Sequential.of(Linear.of(1, 100), Activation.TANH, Linear.of(100, 1).withoutBias()));
    private static final int SIZE = 300;
    private static final Rng RNG = Rng.seed(5);

    @Test
    void lanczosAgreesWithADenseDecompositionOfTheWholeHessian() {
        onCpu(scope -> {
            Objective objective =
                    Objective.of(NETWORK, Loss.HALF_SQUARED_ERROR, Synthetic.chebyshev(5, 20), 20, scope, DType.F64);
            ParameterVector w = trained(objective, scope);
            assertThat(w.size()).isEqualTo(SIZE);
            LinearOperator hessian = (v, into) -> objective.hvp(w, v, into);
            double[][] dense = dense(hessian, w, scope);
            double norm = 0;
            for (int i = 0; i < SIZE; i++) {
                for (int j = 0; j < SIZE; j++) {
                    norm = Math.max(norm, Math.abs(dense[i][j]));
                }
            }
            for (int i = 0; i < SIZE; i++) {
                for (int j = 0; j < i; j++) {
                    // symmetric up to the rounding of sums over 20 points and 100 units
                    assertThat(dense[i][j]).isCloseTo(dense[j][i], within(1e-13 * norm));
                }
            }
            double[] exact = SymmetricEigen.of(dense, SIZE).values();

            Spectrum found =
                    Lanczos.largest(5).withEnd(End.BOTH).withTolerance(1e-9).solve(hessian, w, RNG, scope);
            assertThat(found.converged()).isTrue();
            for (int i = 0; i < 5; i++) {
                // both have errors of 1e-9 of the largest eigenvalue at most
                assertThat(found.largest().get(i).value()).isCloseTo(exact[i], within(2e-9 * exact[0]));
                assertThat(found.smallest().get(i).value()).isCloseTo(exact[SIZE - 1 - i], within(2e-9 * exact[0]));
            }
            assertThat(exact[SIZE - 1]).isNegative(); // the Hessian is indefinite: the shift below matters

            Spectrum power = new PowerIteration(-exact[SIZE - 1], 1e-5, 5000).solve(hessian, w, RNG, scope);
            assertThat(power.converged()).isTrue();
            assertThat(power.top()).isCloseTo(exact[0], within(1e-5 * exact[0])); // the residual's bound
        });
    }

    /** Some steps of gradient descent, so that the spectrum is not that of a random start. */
    private static ParameterVector trained(Objective objective, Scope scope) {
        ParameterVector w = NETWORK.init(scope, DType.F64, RNG.fold("init"));
        for (int t = 0; t < 100; t++) {
            try (Scope step = scope.child("step")) {
                w.copyFrom(w.addScaled(-0.02, objective.gradient(w, step), step));
            }
        }
        return w;
    }

    private static double[][] dense(LinearOperator operator, ParameterVector like, Scope scope) {
        double[][] columns = new double[SIZE][];
        for (int j = 0; j < SIZE; j++) {
            try (Scope step = scope.child("column")) {
                double[] unit = new double[SIZE];
                unit[j] = 1;
                columns[j] = operator.apply(like.withValues(unit, step), step).toDoubles();
            }
        }
        return columns;
    }
}
