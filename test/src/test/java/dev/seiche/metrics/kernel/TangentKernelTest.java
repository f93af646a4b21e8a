package dev.seiche.metrics.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.seiche.metrics.Quadratic;
import dev.seiche.nn.Network;
import dev.seiche.nn.ParameterVector;
import dev.seiche.nn.data.Batch;
import dev.seiche.nn.data.Synthetic;
import dev.seiche.nn.layer.Linear;
import dev.seiche.nn.layer.Mlp;
import dev.seiche.nn.layer.Sequential;
import dev.seiche.tensor.DType;
import dev.seiche.tensor.Rng;
import org.junit.jupiter.api.Test;

class TangentKernelTest {
    @Test
    void aLinearModelHasTheKernelOfItsInputs() {
        Quadratic.onCpu(scope -> {
            Network network = Network.of(Sequential.of(Linear.of(4, 3)));
            Batch batch = Synthetic.gaussianBlobs(Rng.seed(1), 5, 3, 4, 1).all(scope, DType.F64);
            ParameterVector w = network.init(scope, DType.F64, Rng.seed(2));
            double[][] kernel = TangentKernel.full(network, null, w, batch, scope);
            double[][] mean = TangentKernel.mean(network, null, w, batch, scope);
            double[] x = batch.inputs().toDoubles();
            for (int i = 0; i < 5; i++) {
                for (int j = 0; j < 5; j++) {
                    double inner = 1; // of the bias
                    for (int k = 0; k < 4; k++) {
                        inner += x[i * 4 + k] * x[j * 4 + k];
                    }
                    assertThat(mean[i][j]).isCloseTo(inner, within(1e-12));
                    for (int c = 0; c < 3; c++) {
                        for (int d = 0; d < 3; d++) {
                            assertThat(kernel[i * 3 + c][j * 3 + d]).isCloseTo(c == d ? inner : 0, within(1e-12));
                        }
                    }
                }
            }
        });
    }

    @Test
    void theKernelIsSymmetricAndItsMeanIsThatOfItsDiagonalBlocks() {
        Quadratic.onCpu(scope -> {
            Network network = Network.of(Mlp.of(4, 20, 2));
            Batch batch = Synthetic.gaussianBlobs(Rng.seed(1), 3, 2, 4, 1).all(scope, DType.F64);
            ParameterVector w = network.init(scope, DType.F64, Rng.seed(2));
            double[][] kernel = TangentKernel.full(network, null, w, batch, scope);
            double trace = 0;
            for (int i = 0; i < kernel.length; i++) {
                trace += kernel[i][i];
                for (int j = 0; j < i; j++) {
                    assertThat(kernel[i][j]).isCloseTo(kernel[j][i], within(1e-13));
                }
            }
            double[][] mean = TangentKernel.mean(network, null, w, batch, scope);
            assertThat(2 * (mean[0][0] + mean[1][1] + mean[2][2])).isCloseTo(trace, within(1e-12));
        });
    }

    @Test
    void alignmentIsOneForTheTargetsOwnKernel() {
        double[] y = {1, -2, 3};
        double[][] own = new double[3][3];
        for (int i = 0; i < 3; i++) {
            for (int j = 0; j < 3; j++) {
                own[i][j] = 7 * y[i] * y[j];
            }
        }
        assertThat(TangentKernel.alignment(own, y)).isCloseTo(1, within(1e-15));
        double[][] identity = {{1, 0, 0}, {0, 1, 0}, {0, 0, 1}};
        assertThat(TangentKernel.alignment(identity, y)).isCloseTo(1 / Math.sqrt(3), within(1e-15));
    }
}
