package dev.seiche.nn.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.seiche.kernels.cpu.CpuBackend;
import dev.seiche.nn.Module;
import dev.seiche.nn.Network;
import dev.seiche.nn.init.Init;
import dev.seiche.nn.layer.Norm;
import dev.seiche.nn.layer.SelfAttention;
import dev.seiche.tensor.DType;
import dev.seiche.tensor.Rng;
import dev.seiche.tensor.Shape;
import dev.seiche.tensor.Tensor;
import dev.seiche.tensor.TensorType;
import dev.seiche.testkit.Testbed;
import org.junit.jupiter.api.Test;

/** Sizes that the literature tells, and what the networks refuse. */
class NetworkShapesTest {

    private static long size(Module module) {
        return Network.of(module).size();
    }

    @Test
    void residualNetworksHaveTheWeightsThatTheLiteratureCounts() {
        // ResNet-20: 0.27 million in the paper; with option A no weight is in a skip path
        assertThat(size(ResNet.cifar(20, 3, 10))).isEqualTo(269_722);
        assertThat(size(ResNet.cifar(32, 3, 10))).isEqualTo(464_154);
        assertThat(size(ResNet.cifar(110, 3, 10))).isEqualTo(1_727_962);
        assertThat(size(ResNet.eighteen(3, 10))).isEqualTo(11_173_962);
    }

    @Test
    void wideResidualNetworksHaveTheWeightsThatTheLiteratureCounts() {
        // 36.5 and 2.7 million in the paper
        assertThat(size(WideResNet.wrn(28, 10, 3, 10))).isEqualTo(36_479_194);
        assertThat(size(WideResNet.wrn(16, 4, 3, 10))).isEqualTo(2_748_890);
    }

    @Test
    void aPlainNetworkHasTheConvolutionsOfTheWideOneExceptItsSkipPaths() {
        long plain = size(WideResNet.cnn(16, 2, 3, 10));
        long skipping = size(new WideResNet(3, 10, 16, 2, Norm.NONE, true).build());

        // three 1 x 1 convolutions: 16 to 32, 32 to 64, 64 to 128 filters
        assertThat(skipping - plain).isEqualTo(16 * 32 + 32 * 64 + 64 * 128);
        assertThat(Network.of(WideResNet.cnn(16, 2, 3, 10)).couplings()).isEmpty();
    }

    @Test
    void theCurveNetworkHasThreeWeightsForEachHiddenUnit() {
        assertThat(size(CurveFit.of(100))).isEqualTo(300);
    }

    @Test
    void alexNetTakesTheWidthOfItsLinearLayersFromTheFeaturesLeft() {
        Network network = Network.of(AlexNet.of(32, 32, 3, 64, 10));

        // 64 features are left, so 64 (1 + log2 64) = 448
        assertThat(network.parameters().stream()
                        .filter(p -> p.name().equals("fc2.weight"))
                        .findFirst())
                .hasValueSatisfying(p -> assertThat(p.shape()).isEqualTo(Shape.of(448, 448)));
        assertThat(network.outputType(new TensorType(DType.F32, Shape.of(5, 32, 32, 3)))
                        .shape())
                .isEqualTo(Shape.of(5, 10));
    }

    @Test
    void aDecoderDoesNotSeeWhatComesLater() {
        Network network = Network.of(new Gpt(7, 8, 12, 2, 2));
        Testbed.run(CpuBackend::open, scope -> {
            var weights = network.init(scope, DType.F64, Rng.seed(3));
            var running = network.initStatistics(scope, DType.F64);
            Tensor a = network.predict(
                    scope, weights, running, scope.tensor(Shape.of(1, 6), new int[] {1, 2, 3, 4, 5, 6}));
            Tensor b = network.predict(
                    scope, weights, running, scope.tensor(Shape.of(1, 6), new int[] {1, 2, 3, 4, 0, 0}));

            double[] first = a.toDoubles();
            double[] second = b.toDoubles();
            for (int i = 0; i < first.length; i++) {
                if (i < 4 * 7) {
                    assertThat(second[i]).as("logit " + i).isEqualTo(first[i]);
                }
            }
            assertThat(second).isNotEqualTo(first);
        });
    }

    @Test
    void positionsBeyondTheContextAreRefused() {
        Network network = Network.of(new Gpt(7, 4, 12, 2, 1));

        assertThatThrownBy(() -> network.outputType(new TensorType(DType.I32, Shape.of(1, 5))))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("context is 4 positions, the ids have 5");
    }

    @Test
    void sizesThatMeanNothingAreRefused() {
        assertThatThrownBy(() -> ResNet.cifar(21, 3, 10)).hasMessageContaining("6 n + 2");
        assertThatThrownBy(() -> WideResNet.wrn(15, 2, 3, 10)).hasMessageContaining("6 n + 4");
        assertThatThrownBy(() -> FullyConnected.tailIndex(4, 4, 1, 2)).hasMessageContaining("at least 2");
        assertThatThrownBy(() -> new VisionTransformer(32, 5, 3, 8, 2, 1, 10)).hasMessageContaining("side 32");
        assertThatThrownBy(() -> new SelfAttention(10, 3, false, Init.zeros(), Init.zeros()))
                .hasMessageContaining("10 features do not divide into 3 heads");
    }
}
