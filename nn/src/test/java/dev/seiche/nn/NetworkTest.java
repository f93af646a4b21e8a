package dev.seiche.nn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.seiche.autograd.Shapes;
import dev.seiche.nn.init.Fans;
import dev.seiche.nn.init.Init;
import dev.seiche.nn.layer.Activation;
import dev.seiche.nn.layer.AvgPool2d;
import dev.seiche.nn.layer.BatchNorm;
import dev.seiche.nn.layer.Conv2d;
import dev.seiche.nn.layer.Dropout;
import dev.seiche.nn.layer.Embedding;
import dev.seiche.nn.layer.Flatten;
import dev.seiche.nn.layer.GlobalPool;
import dev.seiche.nn.layer.GroupNorm;
import dev.seiche.nn.layer.LayerNorm;
import dev.seiche.nn.layer.Linear;
import dev.seiche.nn.layer.MaxPool2d;
import dev.seiche.nn.layer.Mlp;
import dev.seiche.nn.layer.Residual;
import dev.seiche.nn.layer.Sequential;
import dev.seiche.tensor.DType;
import dev.seiche.tensor.Shape;
import dev.seiche.tensor.ShapeException;
import dev.seiche.tensor.TensorType;
import dev.seiche.tensor.Value;
import dev.seiche.tensor.op.ConvGeometry;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What networks declare, and how shapes go through them. */
class NetworkTest {
    private static List<String> names(Network network) {
        return network.parameters().stream().map(Parameter::toString).toList();
    }

    private static TensorType f32(int... dims) {
        return new TensorType(DType.F32, Shape.of(dims));
    }

    @Test
    void namesArePathsAndLayersGroupWeightWithBias() {
        Network network = Network.of(Sequential.of(Linear.of(4, 3), Activation.RELU, Linear.of(3, 2))
                .then("block", Residual.of(Sequential.of(LayerNorm.of(2)))));
        assertThat(names(network))
                .containsExactly(
                        "0.weight[4, 3]",
                        "0.bias[3]",
                        "2.weight[3, 2]",
                        "2.bias[2]",
                        "block.body.0.weight[2]",
                        "block.body.0.bias[2]");
        assertThat(network.parameters().stream().map(Parameter::layer).distinct())
                .containsExactly("0", "2", "block.body.0");
        assertThat(network.size()).isEqualTo(12 + 3 + 6 + 2 + 4);
        assertThat(Network.of(Linear.of(2, 2)).parameters().get(0).layer()).isEqualTo(".");
    }

    @Test
    void anMlpNamesItsLinearLayersAndFlattensItsInput() {
        Network network = Network.of(Mlp.of(784, 50, 10).withoutBias());
        assertThat(names(network)).containsExactly("fc1.weight[784, 50]", "fc2.weight[50, 10]");
        assertThat(network.outputType(f32(6, 28, 28, 1))).isEqualTo(f32(6, 10));
        assertThatThrownBy(() -> Mlp.of(784)).hasMessageContaining("[784]");
    }

    @Test
    void biasesHaveTheFansOfTheirWeight() {
        Network network = Network.of(Conv2d.of(4, 6, 3));
        assertThat(network.parameters().get(1).fans()).isEqualTo(new Fans(36, 54));
    }

    @Test
    void shapesGoThroughAConvolutionalNetwork() {
        Network network = Network.of(Sequential.of(
                Conv2d.of(3, 16, 3).withoutBias().withInit(Init.kaimingNormal()),
                BatchNorm.of(16),
                Activation.RELU,
                new Residual(
                        Sequential.of(Conv2d.of(16, 32, 3, 2, 1), GroupNorm.of(4, 32), Activation.GELU),
                        Conv2d.of(16, 32, 1, 2, 0)),
                MaxPool2d.of(2),
                AvgPool2d.of(3, 1, 1),
                Conv2d.of(32, 32, 3).withGeometry(ConvGeometry.of(1, 1).withGroups(8)),
                new Dropout(0.5),
                GlobalPool.AVERAGE,
                Linear.of(32, 10)));
        assertThat(network.outputType(f32(5, 32, 32, 3))).isEqualTo(f32(5, 10));
        assertThat(network.couplings()).containsExactly("1");
        assertThat(network.statistics().stream().map(Statistic::name)).containsExactly("1.mean", "1.variance");
        assertThat(names(network)).contains("6.weight[3, 3, 4, 32]");
    }

    @Test
    void embeddingsTakeIdsAndGiveFeatures() {
        Network network = Network.of(Sequential.of(Embedding.of(100, 8), new Flatten(), Linear.of(40, 100)));
        assertThat(network.outputType(new TensorType(DType.I32, Shape.of(7, 5))))
                .isEqualTo(f32(7, 100));
    }

    @Test
    void aWrongInputSaysWhichOperandsDisagree() {
        Network network = Network.of(Mlp.of(5, 3));
        assertThatThrownBy(() -> network.outputType(f32(2, 6)))
                .isInstanceOf(ShapeException.class)
                .hasMessageContaining("f32[2, 6]")
                .hasMessageContaining("f32[5, 3]");
    }

    @Test
    void aResidualRefusesToBroadcast() {
        Network network = Network.of(Residual.of(Linear.of(4, 1)));
        assertThatThrownBy(() -> network.outputType(f32(2, 4)))
                .hasMessageContaining("[2, 1]")
                .hasMessageContaining("[2, 4]")
                .hasMessageContaining("projection");
    }

    @Test
    void batchNormInTrainingNeedsTwoValuesPerChannel() {
        Network network = Network.of(BatchNorm.of(3));
        List<TensorType> three = List.of(f32(3), f32(3));
        assertThat(network.outputType(f32(1, 3))).isEqualTo(f32(1, 3));
        assertThatThrownBy(() -> network.forward(network.training(new Shapes(), three, three, null), f32(1, 3)))
                .hasMessageContaining("1 value per channel");
    }

    @Test
    void dropoutWithoutAKeySaysWhoNeedsOne() {
        Network network = Network.of(Sequential.of().then("drop", new Dropout(0.5)));
        assertThatThrownBy(() -> network.forward(network.training(new Shapes(), List.of(), List.of(), null), f32(2, 3)))
                .hasMessageContaining("drop")
                .hasMessageContaining("no key");
    }

    @Test
    void twoPartsOfOneNameAreRefused() {
        Sequential twice = Sequential.of().then("fc", Linear.of(2, 2)).then("fc", Linear.of(2, 2));
        assertThatThrownBy(() -> Network.of(twice)).hasMessageContaining("'fc.weight'");
        assertThatThrownBy(() -> Network.of(Sequential.of().then("a.b", Linear.of(2, 2))))
                .hasMessageContaining("'a.b'");
    }

    @Test
    void aModuleThatUsesWhatItDidNotDeclareIsTold() {
        Module forgetful = new Module() {
            @Override
            public <T extends Value> T forward(Forward<T> pass, T x) {
                return pass.parameter("scale");
            }
        };
        Network network = Network.of(Sequential.of(forgetful));
        assertThatThrownBy(() -> network.outputType(f32(2))).hasMessageContaining("'0.scale'");
    }
}
