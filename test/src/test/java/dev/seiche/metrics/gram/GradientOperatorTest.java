package dev.seiche.metrics.gram;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.seiche.autograd.sample.Gram;
import dev.seiche.metrics.curvature.Lanczos;
import dev.seiche.metrics.curvature.LinearOperator;
import dev.seiche.metrics.curvature.Spectrum;
import dev.seiche.metrics.curvature.SymmetricEigen;
import dev.seiche.nn.Network;
import dev.seiche.nn.NetworkJacobian;
import dev.seiche.nn.ParameterVector;
import dev.seiche.nn.Statistics;
import dev.seiche.nn.data.Dataset;
import dev.seiche.nn.layer.Mlp;
import dev.seiche.tensor.DType;
import dev.seiche.tensor.Rng;
import dev.seiche.tensor.Scope;
import dev.seiche.tensor.Tensor;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Products with matrices that are never formed, against the matrices. */
class GradientOperatorTest {
    private static final double TOLERANCE = 1e-12;

    /** The matrix of an operator, a column for each unit vector. */
    private static double[][] matrix(LinearOperator operator, int size, Scope scope) {
        double[][] columns = new double[size][];
        ParameterVector zero = GradientOperator.vector(size, DType.F64, scope);
        for (int j = 0; j < size; j++) {
            try (Scope step = scope.child("column")) {
                double[] unit = new double[size];
                unit[j] = 1;
                columns[j] = operator.apply(zero.withValues(unit, step), step).toDoubles();
            }
        }
        return columns;
    }

    @Test
    void gramAndCovarianceActLikeTheirMatrices() {
        Sources.onCpu(scope -> {
            NetworkGradients source = Sources.convolutional(13, DType.F64, scope);
            Gram gram = Sources.whole(source, scope);
            double[] rowMeans = new double[13];
            double mean = 0;
            for (int i = 0; i < 13; i++) {
                for (int j = 0; j < 13; j++) {
                    rowMeans[i] += gram.get(i, j) / 13;
                    mean += gram.get(i, j) / 169;
                }
            }
            double[][] product = matrix(GradientOperator.gram(source, 5), 13, scope);
            double[][] centred = matrix(GradientOperator.covariance(source, 5), 13, scope);
            for (int i = 0; i < 13; i++) {
                for (int j = 0; j < 13; j++) {
                    assertThat(product[j][i]).isCloseTo(gram.get(i, j), within(TOLERANCE));
                    double expected = (gram.get(i, j) - rowMeans[i] - rowMeans[j] + mean) / 13;
                    assertThat(centred[j][i]).isCloseTo(expected, within(TOLERANCE));
                }
            }
        });
    }

    @Test
    void lanczosFindsTheLargestEigenvaluesWithoutTheMatrix() {
        Sources.onCpu(scope -> {
            NetworkGradients source = Sources.mlp(40, DType.F64, scope);
            ParameterVector like = GradientOperator.vector(40, DType.F64, scope);
            Lanczos search = Lanczos.largest(3).withTolerance(1e-9);
            Spectrum spectrum = search.withBasis(30).solve(GradientOperator.gram(source, 16), like, Rng.seed(2), scope);
            assertThat(spectrum.converged()).isTrue();
            Gram gram = Sources.whole(source, scope);
            for (int k = 0; k < 3; k++) {
                double value = spectrum.largest().get(k).value();
                double[] vector = spectrum.largest().get(k).vector().toDoubles();
                for (int i = 0; i < 40; i++) {
                    double image = 0;
                    for (int j = 0; j < 40; j++) {
                        image += gram.get(i, j) * vector[j];
                    }
                    assertThat(image).isCloseTo(value * vector[i], within(1e-8 * spectrum.scale()));
                }
            }
            double[] falling = SymmetricEigen.of(gram.toArray(), 40).values();
            for (int k = 0; k < 3; k++) {
                assertThat(spectrum.largest().get(k).value()).isCloseTo(falling[k], within(1e-8 * falling[0]));
            }
        });
    }

    @Test
    void theTangentKernelIsThatOfTheOutputsGradients() {
        Sources.onCpu(scope -> {
            NetworkGradients source = Sources.mlp(6, DType.F64, scope);
            Network network = Network.of(Mlp.of(36, 8, 3));
            Statistics none = network.initStatistics(scope, DType.F64);
            Dataset data = source.data();
            LinearOperator kernel = GradientOperator.tangentKernel(
                    (batch, into) -> {
                        int[] samples = IntStream.range(4 * batch, Math.min(6, 4 * batch + 4))
                                .toArray();
                        Tensor inputs = data.batch(into, DType.F64, samples).inputs();
                        return NetworkJacobian.at(network, source.weights(), none, inputs, into);
                    },
                    2);
            double[][] matrix = matrix(kernel, 18, scope);
            Tensor all = data.all(scope, DType.F64).inputs();
            NetworkJacobian jacobian = NetworkJacobian.at(network, source.weights(), none, all, scope);
            for (int i = 0; i < 18; i++) {
                for (int j = 0; j < 18; j++) {
                    double[] unit = new double[18];
                    unit[j] = 1;
                    double[] other = new double[18];
                    other[i] = 1;
                    double expected = jacobian.transposed(unit, scope).dot(jacobian.transposed(other, scope));
                    assertThat(matrix[j][i]).isCloseTo(expected, within(TOLERANCE * 100));
                }
            }
        });
    }
}
