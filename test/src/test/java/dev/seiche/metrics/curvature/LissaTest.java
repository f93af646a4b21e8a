package dev.seiche.metrics.curvature;

import static dev.seiche.metrics.curvature.Operators.diagonal;
import static dev.seiche.metrics.curvature.Operators.onCpu;
import static dev.seiche.metrics.curvature.Operators.vector;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.seiche.metrics.statistics.Moments;
import dev.seiche.nn.ParameterVector;
import dev.seiche.tensor.DType;
import dev.seiche.tensor.Rng;
import dev.seiche.tensor.Scope;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** The series of draws against its closed form and against conjugate gradients. */
class LissaTest {
    private static final Rng RNG = Rng.seed(11);
    private static final double[] SPECTRUM = {0.5, 3, 10};
    private static final double[] B = {1, -2, 0.5};

    private static Lissa lissa(double scale, int depth) {
        return new Lissa(0.1, scale, 1, depth, 1, 1e-6, RNG);
    }

    @Test
    void withoutDrawsItsErrorIsThePowerThatTheSeriesLeavesOut() {
        onCpu(scope -> {
            LinearOperator a = diagonal(vector(scope, DType.F64, SPECTRUM));
            ParameterVector b = vector(scope, DType.F64, B);
            double before = Double.POSITIVE_INFINITY;
            for (int depth : new int[] {1, 10, 100, 1000}) {
                LinearSolver.Solution found = lissa(12, depth).solve(a, b, scope);
                double rest = 0;
                for (int i = 0; i < B.length; i++) {
                    double lambda = SPECTRUM[i] + 0.1;
                    double missing = Math.pow(1 - lambda / 12, depth + 1);
                    assertThat(found.x().toDoubles()[i]).isCloseTo(B[i] / lambda * (1 - missing), within(1e-12));
                    rest += Math.pow(B[i] * missing, 2);
                }
                assertThat(found.residual()).isCloseTo(Math.sqrt(rest) / b.norm(), within(1e-12));
                assertThat(found.residual()).isLessThan(before);
                assertThat(found.converged()).isEqualTo(depth == 1000);
                before = found.residual();
            }
            double[] direct =
                    new ConjugateGradient(0.1, 10, 1e-13).solve(a, b, scope).x().toDoubles();
            assertThat(lissa(12, 1000).solve(a, b, scope).x().toDoubles()).containsExactly(direct, within(1e-12));
            assertThat(lissa(12, 1).solve(a, b.zeros(scope), scope).converged()).isTrue();
        });
    }

    /** The mean of x x' over some vectors, of which some can be drawn. */
    private record MeanOfSquares(List<ParameterVector> all) implements LinearOperator {
        @Override
        public ParameterVector apply(ParameterVector v, Scope into) {
            ParameterVector sum = v.zeros(into);
            for (ParameterVector x : all) {
                sum = sum.addScaled(x.dot(v) / all.size(), x, into);
            }
            return sum;
        }

        @Override
        public LinearOperator drawn(int samples, Rng key) {
            return new MeanOfSquares(IntStream.range(0, samples)
                    .mapToObj(i -> all.get(key.below(i, all.size())))
                    .toList());
        }
    }

    @Test
    void drawsScatterAroundTheSolutionLessWithALargerScale() {
        onCpu(scope -> {
            LinearOperator a = new MeanOfSquares(List.of(
                    vector(scope, DType.F64, 1, 0, 0.5),
                    vector(scope, DType.F64, -0.5, 1, 1),
                    vector(scope, DType.F64, 0, 1.5, -1),
                    vector(scope, DType.F64, 1, 1, 0)));
            ParameterVector b = vector(scope, DType.F64, B);
            double[] direct =
                    new ConjugateGradient(0.1, 10, 1e-13).solve(a, b, scope).x().toDoubles();
            double narrow = 0;
            for (double scale : new double[] {20, 5}) { // a draw's largest eigenvalue is 3.25
                int repeats = 25;
                // the smallest eigenvalue is 0.5, 0.6 with damping: the series leaves e^-7 of the solution out
                int depth = (int) (12 * scale);
                double[][] found = new double[B.length][repeats];
                for (int r = 0; r < repeats; r++) {
                    double[] x = new Lissa(0.1, scale, 1, depth, 1, 1, RNG.fold(r))
                            .solve(a, b, scope)
                            .x()
                            .toDoubles();
                    for (int i = 0; i < x.length; i++) {
                        found[i][r] = x[i];
                    }
                }
                double wide = 0;
                for (int i = 0; i < B.length; i++) {
                    Moments each = Moments.of(found[i]);
                    // four standard errors of the mean
                    assertThat(each.mean())
                            .as("scale %s", scale)
                            .isCloseTo(direct[i], within(4 * each.deviation() / Math.sqrt(repeats) + 2e-3));
                    wide += each.deviation();
                }
                if (narrow > 0) {
                    assertThat(wide).isGreaterThan(1.5 * narrow); // the variance goes like 1 / scale
                }
                narrow = wide;
            }
            // the same key draws the same
            Lissa three = new Lissa(0.1, 8, 2, 30, 3, 1, RNG);
            assertThat(three.solve(a, b, scope).x().toDoubles())
                    .containsExactly(three.solve(a, b, scope).x().toDoubles());
            assertThat(three.solve(a, b, scope).products()).isEqualTo(91);
        });
    }

    @Test
    void aScaleBelowHalfTheLargestEigenvalueIsRefusedAndSoIsANegativeOne() {
        onCpu(scope -> {
            LinearOperator a = diagonal(vector(scope, DType.F64, SPECTRUM));
            ParameterVector b = vector(scope, DType.F64, B);
            assertThatThrownBy(() -> lissa(4, 1000).solve(a, b, scope))
                    .isInstanceOf(ArithmeticException.class)
                    .hasMessageContainingAll("diverges", "scale 4.0", "take a scale above the largest eigenvalue");
            // between half of it and itself the series converges, alternating
            assertThat(lissa(6, 1000).solve(a, b, scope).converged()).isTrue();
            LinearOperator bent = diagonal(vector(scope, DType.F64, -0.5, 3, 10));
            assertThatThrownBy(() -> lissa(12, 1000).solve(bent, b, scope)).hasMessageContaining("larger damping");
        });
        assertThatThrownBy(() -> lissa(0.05, 10)).hasMessageContaining("a scale above it");
        assertThatThrownBy(() -> lissa(1, 0)).hasMessageContaining("at least 1");
    }
}
