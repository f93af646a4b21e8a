package dev.seiche.metrics.curvature;

import static dev.seiche.metrics.curvature.Operators.diagonal;
import static dev.seiche.metrics.curvature.Operators.onCpu;
import static dev.seiche.metrics.curvature.Operators.vector;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.seiche.metrics.curvature.Lanczos.End;
import dev.seiche.nn.ParameterVector;
import dev.seiche.tensor.DType;
import dev.seiche.tensor.Rng;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** On diagonal operators, whose eigenvalues are their entries. */
class LanczosTest {
    private static final Rng RNG = Rng.seed(42);

    @Test
    void findsTheLargestEigenvaluesOfAKnownSpectrum() {
        onCpu(scope -> {
            double[] spectrum = uniform(300);
            spectrum[7] = 5;
            spectrum[211] = 3;
            spectrum[100] = -4;
            ParameterVector diagonal = vector(scope, DType.F64, spectrum);
            Spectrum found = Lanczos.largest(2).withTolerance(1e-10).solve(diagonal(diagonal), diagonal, RNG, scope);
            assertThat(found.converged()).isTrue();
            assertThat(found.smallest()).isEmpty();
            // an eigenvalue errs by at most the residual, 1e-10 of the largest
            assertThat(values(found.largest()))
                    .usingElementComparator(upTo(5e-10))
                    .containsExactly(5.0, 3.0);
            assertThat(found.scale()).isCloseTo(5, within(1e-9));
            double[] v = found.largest().get(0).vector().toDoubles();
            assertThat(Math.abs(v[7])).isCloseTo(1, within(1e-9)); // residual / gap
        });
    }

    @Test
    void findsARepeatedEigenvalueAsOftenAsItIs() {
        onCpu(scope -> {
            double[] spectrum = uniform(120);
            Arrays.fill(spectrum, 30, 33, 10);
            spectrum[80] = 9;
            ParameterVector diagonal = vector(scope, DType.F64, spectrum);
            Spectrum found = Lanczos.largest(5).withTolerance(1e-9).solve(diagonal(diagonal), diagonal, RNG, scope);
            assertThat(found.converged()).isTrue();
            assertThat(values(found.largest()).subList(0, 4))
                    .usingElementComparator(upTo(1e-8))
                    .containsExactly(10.0, 10.0, 10.0, 9.0);
            for (int i = 0; i < 5; i++) {
                for (int j = 0; j < i; j++) {
                    double overlap = found.vectors().get(i).dot(found.vectors().get(j));
                    assertThat(overlap).isCloseTo(0, within(1e-12)); // orthonormal up to rounding
                }
            }
        });
    }

    @Test
    void findsBothEndsAtOnce() {
        onCpu(scope -> {
            double[] spectrum = uniform(200);
            spectrum[0] = 4;
            spectrum[199] = -6;
            spectrum[198] = -5;
            ParameterVector diagonal = vector(scope, DType.F64, spectrum);
            Lanczos lanczos = Lanczos.largest(2).withEnd(End.BOTH).withTolerance(1e-9);
            Spectrum found = lanczos.solve(diagonal(diagonal), diagonal, RNG, scope);
            assertThat(found.converged()).isTrue();
            assertThat(found.top()).isCloseTo(4, within(1e-8));
            assertThat(values(found.smallest()))
                    .usingElementComparator(upTo(1e-8))
                    .containsExactly(-6.0, -5.0);

            Spectrum low = lanczos.withEnd(End.SMALLEST).solve(diagonal(diagonal), diagonal, RNG, scope);
            assertThat(low.largest()).isEmpty();
            assertThat(values(low.smallest()))
                    .usingElementComparator(upTo(1e-8))
                    .containsExactly(-6.0, -5.0);
        });
    }

    @Test
    void restartsFromACrowdedBasisUntilItConverges() {
        onCpu(scope -> {
            double[] spectrum =
                    IntStream.range(0, 400).mapToDouble(i -> i / 400.0).toArray(); // no gap at the top
            ParameterVector diagonal = vector(scope, DType.F64, spectrum);
            Lanczos lanczos = Lanczos.largest(3).withBlock(1).withBasis(16).withTolerance(1e-6);
            Spectrum found = lanczos.solve(diagonal(diagonal), diagonal, RNG, scope);
            assertThat(found.converged()).isTrue();
            assertThat(found.restarts()).isPositive();
            assertThat(values(found.largest()))
                    .usingElementComparator(upTo(1e-6))
                    .containsExactly(399 / 400.0, 398 / 400.0, 397 / 400.0);
        });
    }

    @Test
    void saysSoWhenTheProductsDoNotSuffice() {
        onCpu(scope -> {
            double[] spectrum =
                    IntStream.range(0, 400).mapToDouble(i -> i / 400.0).toArray();
            ParameterVector diagonal = vector(scope, DType.F64, spectrum);
            Spectrum found = Lanczos.largest(1)
                    .withTolerance(1e-6)
                    .withMaxProducts(10)
                    .solve(diagonal(diagonal), diagonal, RNG, scope);
            assertThat(found.converged()).isFalse();
            assertThat(found.products()).isEqualTo(11);
            EigenPair pair = found.largest().get(0);
            assertThat(pair.residual()).isGreaterThan(1e-3);
            // the bound that a residual gives holds all the same
            assertThat(Arrays.stream(spectrum)).anyMatch(value -> Math.abs(value - pair.value()) <= pair.residual());
        });
    }

    @Test
    void theWholeSpectrumOfASmallSpaceIsExact() {
        onCpu(scope -> {
            ParameterVector diagonal = vector(scope, DType.F64, 3, -1, 2, 2);
            Spectrum found = Lanczos.largest(4).withTolerance(1e-12).solve(diagonal(diagonal), diagonal, RNG, scope);
            assertThat(found.converged()).isTrue();
            assertThat(values(found.largest()))
                    .usingElementComparator(upTo(1e-12))
                    .containsExactly(3.0, 2.0, 2.0, -1.0);
            assertThatThrownBy(() -> Lanczos.largest(5).solve(diagonal(diagonal), diagonal, RNG, scope))
                    .hasMessage("lanczos: asked for 5 eigenvalues in 4 dimensions");
        });
    }

    @Test
    void oneVectorIsEnoughForASpaceOfFewDistinctEigenvalues() {
        onCpu(scope -> {
            // three distinct eigenvalues: the search meets an invariant subspace after three products
            double[] spectrum = IntStream.range(0, 30).mapToDouble(i -> i % 3).toArray();
            ParameterVector diagonal = vector(scope, DType.F64, spectrum);
            Lanczos lanczos = Lanczos.largest(5).withBlock(1).withTolerance(1e-10);
            Spectrum found = lanczos.solve(diagonal(diagonal), diagonal, RNG, scope);
            assertThat(found.converged()).isTrue();
            assertThat(found.top()).isCloseTo(2, within(1e-9));
        });
    }

    @Test
    void aZeroOperatorHasZeroEigenvalues() {
        onCpu(scope -> {
            ParameterVector zeros = vector(scope, DType.F64, new double[20]);
            Spectrum found = Lanczos.largest(3).solve(diagonal(zeros), zeros, RNG, scope);
            assertThat(values(found.largest())).containsExactly(0.0, 0.0, 0.0);
            assertThat(found.converged()).isTrue();
        });
    }

    @Test
    void aWarmStartTakesFewerProducts() {
        onCpu(scope -> {
            double[] spectrum = uniform(500);
            spectrum[3] = 1.3;
            ParameterVector diagonal = vector(scope, DType.F64, spectrum);
            Lanczos lanczos = Lanczos.largest(1);
            Spectrum cold = lanczos.solve(diagonal(diagonal), diagonal, RNG, scope);
            Spectrum warm = lanczos.solve(diagonal(diagonal), diagonal, cold.vectors(), RNG.fold(1), scope);
            assertThat(warm.products()).isLessThan(cold.products());
            assertThat(warm.top()).isCloseTo(1.3, within(1e-3));
        });
    }

    @Test
    void aWarmStartNoticesThatTheRunnerUpHasOvertaken() {
        onCpu(scope -> {
            double[] spectrum = uniform(5000);
            spectrum[3] = 1.5;
            spectrum[4] = 1.6;
            ParameterVector before = vector(scope, DType.F64, spectrum);
            Lanczos lanczos = Lanczos.largest(2);
            List<ParameterVector> warm =
                    lanczos.solve(diagonal(before), before, RNG, scope).vectors();
            spectrum[3] = 1.7;
            ParameterVector after = vector(scope, DType.F64, spectrum);
            for (int trial = 0; trial < 10; trial++) {
                Spectrum found = lanczos.solve(diagonal(after), after, warm, RNG.fold(trial), scope);
                assertThat(found.converged()).isTrue();
                assertThat(found.top()).isCloseTo(1.7, within(2e-3)); // the residual's bound
            }
        });
    }

    @Test
    void theSameKeyGivesTheSameBits() {
        onCpu(scope -> {
            ParameterVector diagonal = vector(scope, DType.F64, uniform(100));
            Lanczos lanczos = Lanczos.largest(2).withBasis(12);
            Spectrum one = lanczos.solve(diagonal(diagonal), diagonal, RNG, scope);
            Spectrum two = lanczos.solve(diagonal(diagonal), diagonal, RNG, scope);
            assertThat(values(one.largest())).isEqualTo(values(two.largest()));
            assertThat(one.vectors().get(1).toDoubles())
                    .isEqualTo(two.vectors().get(1).toDoubles());
            Spectrum other = lanczos.solve(diagonal(diagonal), diagonal, RNG.fold("other"), scope);
            assertThat(other.vectors().get(1).toDoubles())
                    .isNotEqualTo(one.vectors().get(1).toDoubles());
        });
    }

    @Test
    void worksInSinglePrecision() {
        onCpu(scope -> {
            double[] spectrum = uniform(300);
            spectrum[5] = 2;
            ParameterVector diagonal = vector(scope, DType.F32, spectrum);
            Spectrum found = Lanczos.largest(2).withTolerance(1e-5).solve(diagonal(diagonal), diagonal, RNG, scope);
            assertThat(found.converged()).isTrue();
            assertThat(found.top()).isCloseTo(2, within(2e-5)); // the residual's bound
        });
    }

    @Test
    void anOperatorThatIsNotFiniteIsAnError() {
        onCpu(scope -> {
            ParameterVector diagonal = vector(scope, DType.F64, 1, 2, Double.NaN, 4);
            assertThatThrownBy(() -> Lanczos.largest(1).solve(diagonal(diagonal), diagonal, RNG, scope))
                    .isInstanceOf(ArithmeticException.class)
                    .hasMessageContaining("the operator is not finite here");
        });
    }

    @Test
    void refusesABasisWithoutRoomForARestart() {
        assertThatThrownBy(() -> Lanczos.largest(5).withBasis(14))
                .hasMessage("lanczos: 5 eigenvalues from a block of 5 need a basis of at least 15 and 5 products,"
                        + " got 14 and 1000");
        assertThatThrownBy(() -> Lanczos.largest(1).withTolerance(0))
                .hasMessageContaining("tolerance 0.0 must be above 0");
    }

    @Test
    void powerIterationFindsTheSameLargestEigenvalue() {
        onCpu(scope -> {
            double[] spectrum = uniform(200);
            spectrum[9] = 2;
            spectrum[10] = -3;
            ParameterVector diagonal = vector(scope, DType.F64, spectrum);
            Spectrum dominant = new PowerIteration(0, 1e-8, 1000).solve(diagonal(diagonal), diagonal, RNG, scope);
            assertThat(dominant.top()).isCloseTo(-3, within(1e-7)); // the residual's bound
            Spectrum shifted = new PowerIteration(3, 1e-8, 1000).solve(diagonal(diagonal), diagonal, RNG, scope);
            Spectrum lanczos = Lanczos.largest(1).withTolerance(1e-8).solve(diagonal(diagonal), diagonal, RNG, scope);
            assertThat(shifted.converged()).isTrue();
            assertThat(shifted.top()).isCloseTo(lanczos.top(), within(1e-7));
            assertThat(shifted.products()).isGreaterThan(lanczos.products());
            assertThat(new PowerIteration(3, 1e-8, 5)
                            .solve(diagonal(diagonal), diagonal, RNG, scope)
                            .converged())
                    .isFalse();
        });
    }

    private static Comparator<Double> upTo(double tolerance) {
        return (a, b) -> Math.abs(a - b) <= tolerance ? 0 : Double.compare(a, b);
    }

    private static double[] uniform(int n) {
        double[] values = new double[n];
        Rng.seed(9).uniform(values);
        return values;
    }

    private static List<Double> values(List<EigenPair> pairs) {
        return pairs.stream().map(EigenPair::value).toList();
    }
}
