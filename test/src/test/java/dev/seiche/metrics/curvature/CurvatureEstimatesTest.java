package dev.seiche.metrics.curvature;

import static dev.seiche.metrics.curvature.Operators.diagonal;
import static dev.seiche.metrics.curvature.Operators.onCpu;
import static dev.seiche.metrics.curvature.Operators.vector;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.seiche.metrics.BatchGradients;
import dev.seiche.metrics.statistics.Summary;
import dev.seiche.nn.Loss;
import dev.seiche.nn.Network;
import dev.seiche.nn.Objective;
import dev.seiche.nn.ParameterVector;
import dev.seiche.nn.data.Dataset;
import dev.seiche.nn.data.Synthetic;
import dev.seiche.nn.layer.Linear;
import dev.seiche.nn.layer.Mlp;
import dev.seiche.nn.layer.Sequential;
import dev.seiche.tensor.DType;
import dev.seiche.tensor.Rng;
import dev.seiche.tensor.Scope;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Trace, spectral density, Gauss-Newton and Fisher products, against operators and networks with known answers. */
class CurvatureEstimatesTest {
    private static final Rng RNG = Rng.seed(77);
    private static final int SIZE = 60;

    private static double[] spectrum() {
        return IntStream.range(0, SIZE)
                .mapToDouble(i -> i < 4 ? 100 * (i + 1) : 0.1 * i - 2)
                .toArray();
    }

    @Test
    void theTraceOfADiagonalOperatorIsExactFromOneProbe() {
        onCpu(scope -> {
            ParameterVector diagonal = vector(scope, DType.F64, spectrum());
            double trace = Arrays.stream(spectrum()).sum();
            HessianTrace found = HessianTrace.hutchinson(diagonal(diagonal), diagonal, 1, RNG, scope);
            assertThat(found.trace()).isCloseTo(trace, within(1e-10));
            assertThat(found.products()).isEqualTo(1);
            HessianTrace projected = HessianTrace.hutchPlusPlus(diagonal(diagonal), diagonal, 30, RNG, scope);
            assertThat(projected.trace()).isCloseTo(trace, within(4 * projected.standardError()));
        });
    }

    /** Q diag Q' with Q = I - 2 u u'. */
    private static LinearOperator reflected(ParameterVector diagonal, ParameterVector u) {
        return (v, into) -> {
            ParameterVector turned = v.addScaled(-2 * u.dot(v), u, into);
            ParameterVector scaled = diagonal(diagonal).apply(turned, into);
            return scaled.addScaled(-2 * u.dot(scaled), u, into);
        };
    }

    private static ParameterVector unit(ParameterVector like, Scope scope) {
        ParameterVector random = like.gaussian(RNG.fold("mirror"), scope);
        return random.scale(1 / random.norm(), scope);
    }

    @Test
    void hutchPlusPlusIsExactForALowRankAndBeatsHutchinson() {
        onCpu(scope -> {
            double[] rank4 = new double[SIZE];
            System.arraycopy(new double[] {400, 300, 200, 100}, 0, rank4, 0, 4);
            ParameterVector d = vector(scope, DType.F64, rank4);
            LinearOperator operator = reflected(d, unit(d, scope));
            HessianTrace exact = HessianTrace.hutchPlusPlus(operator, d, 15, RNG, scope);
            assertThat(exact.trace()).isCloseTo(1000, within(1e-8));
            assertThat(exact.products()).isLessThanOrEqualTo(15);

            ParameterVector full = vector(scope, DType.F64, spectrum());
            LinearOperator mixed = reflected(full, unit(full, scope));
            double trace = Arrays.stream(spectrum()).sum();
            HessianTrace plain = HessianTrace.hutchinson(mixed, full, 200, RNG, scope);
            assertThat(plain.trace()).isCloseTo(trace, within(4 * plain.standardError()));
            HessianTrace better = HessianTrace.hutchPlusPlus(mixed, full, 60, RNG, scope);
            assertThat(better.trace()).isCloseTo(trace, within(4 * better.standardError()));
            // what Hutchinson's error would be from as many products
            assertThat(better.standardError()).isLessThan(0.2 * plain.standardError() * Math.sqrt(200.0 / 60));
            assertThatThrownBy(() -> HessianTrace.hutchPlusPlus(mixed, full, 2, RNG, scope))
                    .hasMessageContaining("3 products");
        });
    }

    @Test
    void theSpectralDensityHasTheMomentsOfTheSpectrum() {
        onCpu(scope -> {
            ParameterVector d = vector(scope, DType.F64, spectrum());
            SpectralDensity density = SpectralDensity.of(diagonal(d), d, 10, 5, RNG, scope);
            // random signs give a diagonal operator's measure exactly, and 10 steps 19 moments of it
            for (int k = 0; k < 8; k++) {
                double moment = 0;
                for (double lambda : spectrum()) {
                    moment += Math.pow(lambda, k) / SIZE;
                }
                assertThat(density.moment(k)).isCloseTo(moment, within(1e-8 * Math.pow(400, k)));
            }
            assertThat(density.shareAbove(50)).isCloseTo(4.0 / SIZE, within(1e-6));
            double mass = 0;
            for (double lambda = -50; lambda < 450; lambda += 0.25) {
                mass += 0.25 * density.at(lambda, 2);
            }
            assertThat(mass).isCloseTo(1, within(1e-6));
            // a space that is used up ends the recurrence
            ParameterVector three = vector(scope, DType.F64, 1, 1, 5);
            assertThat(SpectralDensity.of(diagonal(three), three, 10, 1, RNG, scope)
                            .nodes()[0]
                            .length)
                    .isLessThanOrEqualTo(3);
        });
    }

    @Test
    void halfOfTwoEigenvaluesLieBelowTheLargerOne() {
        SpectralDensity density =
                new SpectralDensity(new double[][] {{19, 1}, {19, 1}}, new double[][] {{0.5, 0.5}, {0.5, 0.5}});
        assertThat(density.quantile(0.5)).isEqualTo(1);
        assertThat(density.quantile(0.51)).isEqualTo(19);
        assertThat(density.quantile(1)).isEqualTo(19);
    }

    @Test
    void aLinearModelsGaussNewtonMatrixIsItsHessian() {
        onCpu(scope -> {
            Network network = Network.of(Sequential.of(Linear.of(5, 3)));
            Dataset data = Synthetic.gaussianBlobs(RNG, 12, 3, 5, 1);
            for (Loss loss : List.of(Loss.CROSS_ENTROPY, Loss.HALF_SQUARED_ERROR, Loss.MEAN_SQUARED_ERROR)) {
                Objective objective = Objective.of(network, loss, data, 5, scope, DType.F64);
                ParameterVector w = network.init(scope, DType.F64, RNG);
                ParameterVector v = w.gaussian(RNG.fold("v"), scope);
                ParameterVector difference =
                        objective.gaussNewton(w, v, scope).subtract(objective.hvp(w, v, scope), scope);
                assertThat(difference.norm()).as(loss.name()).isLessThan(1e-13);
            }
        });
    }

    @Test
    void gaussNewtonIsSymmetricAndWithoutNegativeCurvature() {
        onCpu(scope -> {
            Network network = Network.of(Mlp.of(5, 6, 3));
            Objective objective = Objective.of(
                    network, Loss.CROSS_ENTROPY, Synthetic.gaussianBlobs(RNG, 12, 3, 5, 1), 4, scope, DType.F64);
            ParameterVector w = network.init(scope, DType.F64, RNG);
            ParameterVector u = w.gaussian(RNG.fold("u"), scope);
            ParameterVector v = w.gaussian(RNG.fold("v"), scope);
            ParameterVector image = objective.gaussNewton(w, v, scope);
            assertThat(u.dot(image)).isCloseTo(v.dot(objective.gaussNewton(w, u, scope)), within(1e-12));
            assertThat(v.dot(image)).isPositive();
            assertThat(image.subtract(objective.hvp(w, v, scope), scope).norm()).isGreaterThan(1e-3);
        });
    }

    @Test
    void theEmpiricalFisherIsTheMeanOfOuterProductsOfSampleGradients() {
        onCpu(scope -> {
            Network network = Network.of(Mlp.of(5, 6, 3));
            Dataset data = Synthetic.gaussianBlobs(RNG, 12, 3, 5, 1);
            Objective objective = Objective.of(network, Loss.CROSS_ENTROPY, data, 4, scope, DType.F64);
            ParameterVector w = network.init(scope, DType.F64, RNG);
            ParameterVector v = w.gaussian(RNG.fold("v"), scope);
            double[] along = objective.perSample(w, 12, scope).dot(v.tensors());
            double mean = Arrays.stream(along).map(x -> x * x).sum() / 12;
            assertThat(v.dot(objective.empiricalFisher(w, v, scope))).isCloseTo(mean, within(1e-12));
            // the first samples, over micro-batches, are those of the data
            double[] some = objective.perSample(w, 6, scope).dot(v.tensors());
            assertThat(some).containsExactly(Arrays.copyOf(along, 6), within(1e-13));
        });
    }

    @Test
    void overlapsOfSubspacesByHand() {
        onCpu(scope -> {
            ParameterVector x = vector(scope, DType.F64, 1, 0, 0, 0);
            ParameterVector y = vector(scope, DType.F64, 0, 1, 0, 0);
            ParameterVector z = vector(scope, DType.F64, 0, 0, 1, 0);
            ParameterVector g = vector(scope, DType.F64, 1, 2, 2, 0);
            assertThat(Subspaces.overlap(List.of(x, y), g)).isCloseTo(5 / 9.0, within(1e-15));
            assertThat(Subspaces.overlap(List.of(x, y), List.of(y, z))).isCloseTo(0.5, within(1e-15));
            assertThat(DirectionalSharpness.along(g, diagonal(vector(scope, DType.F64, 1, 2, 3, 4)), scope))
                    .isCloseTo((1 + 8 + 12) / 9.0, within(1e-14));
        });
    }

    @Test
    void batchSharpnessOfSingleSamplesOfALinearModelIsTheirSquaredLength() {
        onCpu(scope -> {
            Network network = Network.of(Sequential.of(Linear.of(5, 1).withoutBias()));
            Dataset data = Synthetic.teacherStudent(RNG, 30, 5, 4, 1, 0.5);
            ParameterVector w = network.init(scope, DType.F64, RNG);
            BatchGradients source = BatchGradients.of(network, Loss.HALF_SQUARED_ERROR, data);
            Summary found = DirectionalSharpness.batch(source, w, 1, 20, RNG, scope);
            double mean = 0;
            for (int k = 0; k < 20; k++) {
                double[] x = data.batch(scope, DType.F64, source.draw(1, RNG.fold(k)))
                        .inputs()
                        .toDoubles();
                mean += Arrays.stream(x).map(v -> v * v).sum() / 20;
            }
            assertThat(found.mean()).isCloseTo(mean, within(1e-12));
        });
    }
}
