package dev.seiche.nn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.seiche.autograd.sample.CoupledSamplesException;
import dev.seiche.autograd.sample.Coupling;
import dev.seiche.autograd.sample.Gram;
import dev.seiche.autograd.sample.Question;
import dev.seiche.autograd.sample.SampleGradients;
import dev.seiche.nn.data.Batch;
import dev.seiche.nn.data.Dataset;
import dev.seiche.nn.layer.Mlp;
import dev.seiche.tensor.DType;
import dev.seiche.tensor.Rng;
import dev.seiche.tensor.Scope;
import dev.seiche.tensor.Tensor;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Sample gradients of networks. */
class PerSampleTest {
    private static final Rng RNG = Rng.seed(31);

    /** f64 rounding through a few layers. */
    private static final double TOLERANCE = 1e-12;

    @Test
    void theExampleOfTheManualRuns() {
        Examples.onCpu(model -> {
            Dataset data = Examples.blobs(16);
            // the snippet of docs/per-sample-gradients.md
            Network network = Network.of(Mlp.of(5, 7, 3));
            ParameterVector weights = network.init(model, DType.F32, Rng.seed(1));
            try (Scope step = model.child("samples")) {
                Batch batch = data.batch(step, DType.F32, 0, 1, 2, 3);
                SampleGradients gradients =
                        PerSample.of(network, Loss.CROSS_ENTROPY).at(weights, batch, step);
                double[] norms = gradients.norms();
                double[][] cosines = gradients.gram().cosines();
                double[] towardsMean = gradients.dot(gradients.mean(step));
                System.out.println(gradients.plan(Question.GRAM));
                // end of the snippet
                assertThat(norms).hasSize(4).doesNotContain(0.0);
                assertThat(cosines[2][2]).isCloseTo(1, within(1e-6));
                assertThat(towardsMean).hasSize(4);
            }
        });
    }

    private static double squared(ParameterVector gradient, String layer) {
        return gradient.dotByLayer(gradient).getOrDefault(layer, 0.0);
    }

    private static void agreesWithTheObjective(Network network, Dataset data, Scope scope) {
        ParameterVector weights = network.init(scope, DType.F64, RNG);
        Statistics running = network.initStatistics(scope, DType.F64);
        int[] all = {0, 1, 2, 3, 4};
        PerSample perSample = PerSample.of(network, Loss.CROSS_ENTROPY).withStatistics(running);
        SampleGradients gradients = perSample.at(weights, data.batch(scope, DType.F64, all), scope);
        Map<String, SampleGradients> layers = perSample.byLayer(gradients);
        ParameterVector first = null;
        for (int i : all) {
            ParameterVector gradient = Objective.of(
                            network, Loss.CROSS_ENTROPY, List.of(data.batch(scope, DType.F64, i)))
                    .withStatistics(running)
                    .gradient(weights, scope);
            first = first == null ? gradient : first;
            assertThat(gradients.squaredNorms()[i]).isCloseTo(gradient.dot(gradient), within(TOLERANCE));
            assertThat(gradients.gram().get(0, i)).isCloseTo(first.dot(gradient), within(TOLERANCE));
            layers.forEach((layer, part) ->
                    assertThat(part.squaredNorms()[i]).isCloseTo(squared(gradient, layer), within(TOLERANCE)));
        }
        ParameterVector mean = Objective.of(network, Loss.CROSS_ENTROPY, List.of(data.batch(scope, DType.F64, all)))
                .withStatistics(running)
                .gradient(weights, scope);
        ParameterVector same = ParameterVector.of(network.parameters(), gradients.mean(scope));
        assertThat(same.subtract(mean, scope).norm()).isLessThan(TOLERANCE);
    }

    @Test
    void anMlpAgreesWithTheObjectiveOfEachSample() {
        Examples.onCpu(scope -> agreesWithTheObjective(Examples.mlp(), Examples.blobs(8), scope));
    }

    @Test
    void aConvolutionalNetworkWithGroupNormAgreesWithTheObjectiveOfEachSample() {
        Examples.onCpu(scope -> agreesWithTheObjective(Examples.convolutional(false), Examples.images(8), scope));
    }

    @Test
    void frozenBatchNormAgreesWithTheObjectiveOfEachSample() {
        Examples.onCpu(scope -> agreesWithTheObjective(Examples.convolutional(true), Examples.images(8), scope));
    }

    @Test
    void batchNormInTrainingAsksWhatIsMeant() {
        Examples.onCpu(scope -> {
            Network network = Examples.convolutional(true);
            ParameterVector weights = network.init(scope, DType.F64, RNG);
            Batch batch = Examples.images(8).batch(scope, DType.F64, 0, 1, 2, 3);
            PerSample perSample = PerSample.of(network, Loss.CROSS_ENTROPY);
            assertThatThrownBy(() -> perSample.at(weights, batch, scope)).hasMessageContaining("running statistics");
            assertThatThrownBy(() -> perSample.training(RNG, Coupling.FROZEN).at(weights, batch, scope))
                    .isInstanceOf(CoupledSamplesException.class);
            ParameterVector mean = Objective.of(network, Loss.CROSS_ENTROPY, List.of(batch))
                    .training(RNG)
                    .gradient(weights, scope);
            for (Coupling coupling : List.of(Coupling.EXACT, Coupling.CONTRIBUTION)) {
                SampleGradients gradients = perSample.training(RNG, coupling).at(weights, batch, scope);
                Gram gram = gradients.gram();
                double sum = 0;
                for (int i = 0; i < 4; i++) {
                    for (int j = 0; j < 4; j++) {
                        sum += gram.get(i, j);
                    }
                }
                // the rows sum to four times the gradient of the mean loss
                assertThat(sum).isCloseTo(16 * mean.dot(mean), within(TOLERANCE));
                List<Tensor> tensors = gradients.mean(scope);
                assertThat(ParameterVector.of(network.parameters(), tensors)
                                .subtract(mean, scope)
                                .norm())
                        .isLessThan(TOLERANCE);
            }
        });
    }
}
