package dev.seiche.nn.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.seiche.kernels.cpu.CpuBackend;
import dev.seiche.nn.Evaluation;
import dev.seiche.nn.Loss;
import dev.seiche.nn.Module;
import dev.seiche.nn.Network;
import dev.seiche.nn.Objective;
import dev.seiche.nn.Parameter;
import dev.seiche.nn.ParameterVector;
import dev.seiche.nn.data.Batch;
import dev.seiche.nn.data.Synthetic;
import dev.seiche.nn.init.Init;
import dev.seiche.nn.layer.Activation;
import dev.seiche.nn.layer.Mlp;
import dev.seiche.nn.layer.Norm;
import dev.seiche.tensor.DType;
import dev.seiche.tensor.Rng;
import dev.seiche.tensor.Scope;
import dev.seiche.tensor.Shape;
import dev.seiche.tensor.Tensor;
import dev.seiche.testkit.ReferenceCase;
import dev.seiche.testkit.Testbed;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Parameters, outputs, losses and gradients of every network against values frozen from PyTorch in f64, from the same
 * weights; {@code reference/networks/make_reference.py} says how both sides draw them.
 */
class NetworkReferenceTest {
    /** Both sides round some thousand times at 1e-16; depth and batch norm magnify that, ten decades are left. */
    private static final double RELATIVE = 1e-8;

    /** A network, the shape of its inputs, and which loss it is measured by. */
    private record Example(Module module, Shape inputs, Loss loss, boolean training) {}

    static List<String> cases() {
        return ReferenceCase.names("networks");
    }

    private static Example example(String name) {
        return switch (name) {
            case "mlp-batch" ->
                of(Mlp.of(12, 16, 16, 5).withActivation(Activation.RELU).withNorm(Norm.BATCH), 6, 12);
            case "mlp-layer" ->
                of(Mlp.of(12, 16, 16, 5).withActivation(Activation.GELU).withNorm(Norm.LAYER), 6, 12);
            case "fc-tail-index" -> of(FullyConnected.tailIndex(48, 16, 4, 10), 5, 48);
            case "deep-linear" -> regression(FullyConnected.deepLinear(Init.orthogonal(1), 6, 8, 8, 8, 3), 5, 6);
            case "curve-fit" -> regression(CurveFit.of(100), 20, 1);
            case "two-layer-linear" -> regression(new TwoLayerLinear(4, 6, Init.zeros(), 0.5), 6, 10);
            case "alexnet" ->
                new Example(AlexNet.of(32, 32, 3, 8, 10), Shape.of(3, 32, 32, 3), Loss.CROSS_ENTROPY, false);
            case "vgg-11" -> images(Vgg.eleven(3, 10, Norm.NONE), 2);
            case "vgg-11-batch-norm" -> images(Vgg.eleven(3, 10, Norm.BATCH), 2);
            case "resnet-18" -> images(ResNet.eighteen(3, 10), 2);
            case "resnet-20" -> images(ResNet.cifar(20, 3, 10), 3);
            case "resnet-32" -> images(ResNet.cifar(32, 3, 10), 2);
            case "wrn-16-2" -> images(WideResNet.wrn(16, 2, 3, 10), 3);
            case "cnn-16-2" -> images(WideResNet.cnn(16, 2, 3, 10), 3);
            case "wrn-10-1-without-norm" -> images(new WideResNet(3, 10, 10, 1, Norm.NONE, true).build(), 3);
            case "wrn-10-1-without-skip" -> images(new WideResNet(3, 10, 10, 1, Norm.BATCH, false).build(), 3);
            case "vit" -> of(new VisionTransformer(16, 4, 3, 24, 3, 2, 10), 3, 16, 16, 3);
            case "gpt" -> of(new Gpt(17, 12, 24, 3, 2), 3, 10);
            default -> throw new IllegalArgumentException("no network '" + name + "' here");
        };
    }

    private static Example of(Module module, int... inputs) {
        return new Example(module, Shape.of(inputs), Loss.CROSS_ENTROPY, true);
    }

    private static Example images(Module module, int count) {
        return of(module, count, 32, 32, 3);
    }

    private static Example regression(Module module, int... inputs) {
        return new Example(module, Shape.of(inputs), Loss.HALF_SQUARED_ERROR, true);
    }

    @ParameterizedTest
    @MethodSource("cases")
    void networksAndTheirGradientsAreThoseOfPyTorch(String name) {
        ReferenceCase c = ReferenceCase.load("networks", name);
        Example example = example(name);
        Network network = Network.of(example.module());
        Rng rng = Rng.seed(1).fold(name);

        assertThat(network.parameters().stream()
                        .map(NetworkReferenceTest::shown)
                        .collect(Collectors.joining(" ")))
                .isEqualTo(c.attribute("parameters"));
        assertThat(network.size()).isEqualTo(Long.parseLong(c.attribute("size")));
        Testbed.run(CpuBackend::open, scope -> {
            ParameterVector weights =
                    ParameterVector.of(network.parameters(), p -> scope.tensor(DType.F64, p.shape(), weights(p, rng)));
            Batch batch = batch(example, c, rng, scope);
            Tensor y = network.forward(
                    example.training()
                            ? network.training(
                                    scope.ops(),
                                    weights.tensors(),
                                    network.initStatistics(scope, DType.F64).tensors(),
                                    null)
                            : network.evaluating(scope.ops(), weights.tensors(), List.of()),
                    batch.inputs());
            close(name + " outputs", y.toDoubles(), c.values("out.y"), largest(c.values("out.y")));

            Objective objective = Objective.of(network, example.loss(), List.of(batch));
            Evaluation evaluation = (example.training() ? objective.training(rng) : objective).evaluate(weights, scope);
            assertThat(evaluation.loss() / c.values("out.loss")[0]).isCloseTo(1, within(RELATIVE));
            gradients(c, network, evaluation.gradient(), rng, scope);
        });
    }

    private static void gradients(ReferenceCase c, Network network, ParameterVector gradient, Rng rng, Scope scope) {
        ParameterVector directions = ParameterVector.of(
                network.parameters(),
                p -> scope.tensor(DType.F64, p.shape(), draw(rng, "direction/" + p.name(), size(p))));
        double[] squares = gradient.dots(gradient);
        double[] along = gradient.dots(directions);
        double[] lengths = directions.dots(directions);
        double whole = Math.sqrt(Arrays.stream(squares).sum());
        for (int i = 0; i < squares.length; i++) {
            String what = c + " gradient of " + network.parameters().get(i);
            // a bias in front of batch norm has the gradient 0 but for rounding, which is relative to what it adds up
            double norm = Math.max(c.values("grad.norm")[i], 1e-3 * whole);
            assertThat(Math.sqrt(squares[i])).as(what).isCloseTo(c.values("grad.norm")[i], within(RELATIVE * norm));
            assertThat(along[i])
                    .as(what + " along a direction")
                    .isCloseTo(c.values("grad.dot")[i], within(RELATIVE * norm * Math.sqrt(lengths[i])));
        }
    }

    private static Batch batch(Example example, ReferenceCase c, Rng rng, Scope scope) {
        Shape shape = example.inputs();
        int size = Math.toIntExact(shape.size());
        if (c.name().equals("curve-fit")) {
            return Synthetic.chebyshev(5, 20).all(scope, DType.F64);
        }
        if (c.name().equals("gpt")) {
            return new Batch(
                    scope.tensor(shape, ids(rng, "x", size, 17)), scope.tensor(shape, ids(rng, "labels", size, 17)));
        }
        double[] x = draw(rng, "x", size);
        for (int i = 0; i < size; i++) {
            x[i] *= Math.sqrt(3);
        }
        Shape y = c.shape("out.y");
        Tensor targets = example.loss() == Loss.CROSS_ENTROPY
                ? scope.tensor(Shape.of(y.dim(0)), ids(rng, "labels", y.dim(0), y.dim(-1)))
                : scope.tensor(DType.F64, y, draw(rng, "target", Math.toIntExact(y.size())));
        return new Batch(scope.tensor(DType.F64, shape, x), targets);
    }

    /** Uniform: of variance 2 / fan in for a matrix, 1 +- 0.25 for the factor of a norm, small for the rest. */
    private static double[] weights(Parameter p, Rng rng) {
        double[] values = draw(rng, p.name(), size(p));
        boolean matrix = p.shape().rank() > 1;
        boolean table = p.name().equals("token.weight") || p.name().equals("position");
        double scale = 1;
        if (table) {
            scale = 0.5;
        } else if (matrix) {
            scale = Math.sqrt(6 / ((double) p.shape().size() / p.shape().dim(-1)));
        } else if (p.name().endsWith(".weight")) {
            scale = 0.25;
        } else if (p.name().endsWith(".bias")) {
            scale = 0.1;
        }
        double offset = !matrix && p.name().endsWith(".weight") ? 1 : 0;
        for (int i = 0; i < values.length; i++) {
            values[i] = offset + scale * values[i];
        }
        return values;
    }

    /** Uniform on [-1, 1). */
    private static double[] draw(Rng rng, String name, int size) {
        double[] values = new double[size];
        rng.fold(name).uniform(values);
        for (int i = 0; i < size; i++) {
            values[i] = 2 * values[i] - 1;
        }
        return values;
    }

    private static int[] ids(Rng rng, String name, int size, int bound) {
        Rng key = rng.fold(name);
        int[] ids = new int[size];
        for (int i = 0; i < size; i++) {
            ids[i] = (int) (key.uniform(i) * bound);
        }
        return ids;
    }

    private static int size(Parameter p) {
        return Math.toIntExact(p.shape().size());
    }

    private static String shown(Parameter p) {
        return p.name()
                + Arrays.stream(p.shape().dims())
                        .mapToObj(Integer::toString)
                        .collect(Collectors.joining(",", "[", "]"));
    }

    private static double largest(double[] values) {
        return Arrays.stream(values).map(Math::abs).max().orElse(0);
    }

    private static void close(String what, double[] actual, double[] expected, double scale) {
        assertThat(actual).as(what).hasSameSizeAs(expected);
        for (int i = 0; i < actual.length; i++) {
            assertThat(actual[i]).as(what + " " + i).isCloseTo(expected[i], within(RELATIVE * scale));
        }
    }
}
