package dev.seiche.nn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.seiche.nn.layer.BatchNorm;
import dev.seiche.nn.layer.Dropout;
import dev.seiche.nn.layer.Sequential;
import dev.seiche.tensor.DType;
import dev.seiche.tensor.Rng;
import dev.seiche.tensor.Scope;
import dev.seiche.tensor.Shape;
import dev.seiche.tensor.Tensor;
import dev.seiche.tensor.TensorType;
import dev.seiche.testkit.ReferenceCase;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Layers with a memory or a mode. Layers that only call an op are held to PyTorch where the ops are. */
class LayerTest {
    private static void assertValues(Tensor actual, ReferenceCase reference, String array) {
        // f64 on both sides, some hundred roundings of values near 1
        assertThat(actual.toDoubles()).containsExactly(reference.values(array), within(1e-12));
    }

    @ParameterizedTest
    @ValueSource(strings = {"batch_norm_train", "batch_norm_train_features"})
    void batchNormInTrainingGivesTheOutputAndTheRunningStatisticsOfPyTorch(String name) {
        ReferenceCase reference = ReferenceCase.load("torch", name);
        Examples.onCpu(scope -> {
            Tensor x = reference.tensor(scope, DType.F64, "in.x");
            Network network = Network.of(BatchNorm.of(x.shape().dim(-1)));
            Forward<Tensor> pass =
                    network.training(scope.ops(), weights(reference, scope), running(reference, scope), null);
            assertValues(network.forward(pass, x), reference, "out.y");
            Map<String, Tensor> updates = pass.updates();
            assertThat(updates.keySet()).containsExactly("mean", "variance");
            for (String statistic : List.of("mean", "variance")) {
                Tensor updated = updates.get(statistic);
                assertThat(updated).isNotNull();
                assertValues(updated, reference, "out.running_" + statistic);
            }
        });
    }

    @Test
    void batchNormEvaluatingUsesTheRunningStatistics() {
        ReferenceCase reference = ReferenceCase.load("torch", "batch_norm_eval");
        Examples.onCpu(scope -> {
            Network network = Network.of(BatchNorm.of(2));
            Forward<Tensor> pass =
                    network.evaluating(scope.ops(), weights(reference, scope), running(reference, scope));
            Tensor y = network.forward(pass, reference.tensor(scope, DType.F64, "in.x"));
            assertValues(y, reference, "out.y");
            assertThat(pass.updates()).isEmpty();
        });
    }

    private static List<Tensor> weights(ReferenceCase reference, Scope scope) {
        return List.of(reference.tensor(scope, DType.F64, "in.gamma"), reference.tensor(scope, DType.F64, "in.beta"));
    }

    private static List<Tensor> running(ReferenceCase reference, Scope scope) {
        return List.of(
                reference.tensor(scope, DType.F64, "in.running_mean"),
                reference.tensor(scope, DType.F64, "in.running_variance"));
    }

    private static double[] dropped(Network network, Scope scope, Rng rng) {
        Tensor ones = scope.ops().fill(new TensorType(DType.F64, Shape.of(4, 5000)), 1);
        return network.forward(network.training(scope.ops(), List.of(), List.of(), rng), ones)
                .toDoubles();
    }

    @Test
    void dropoutKeepsTheMeanAndDrawsByPathAndKey() {
        Examples.onCpu(scope -> {
            Network network = Network.of(Sequential.of().then("drop", new Dropout(0.25)));
            double[] y = dropped(network, scope, Rng.seed(1));
            int zeros = 0;
            for (double value : y) {
                assertThat(value == 0 || Math.abs(value - 1 / 0.75) < 1e-15).isTrue();
                zeros += value == 0 ? 1 : 0;
            }
            // binomial of 20,000 at 0.25: 5,000 +- 61
            assertThat(zeros).isBetween(4700, 5300);
            assertThat(dropped(network, scope, Rng.seed(1))).isEqualTo(y);
            assertThat(dropped(network, scope, Rng.seed(2))).isNotEqualTo(y);
            Network elsewhere = Network.of(Sequential.of().then("other", new Dropout(0.25)));
            assertThat(dropped(elsewhere, scope, Rng.seed(1))).isNotEqualTo(y);
        });
    }

    @Test
    void dropoutEvaluatingIsTheIdentity() {
        Examples.onCpu(scope -> {
            Network network = Network.of(new Dropout(0.9));
            Tensor x = scope.tensor(DType.F32, Shape.of(3), 1, 2, 3);
            assertThat(network.forward(network.evaluating(scope.ops(), List.of(), List.of()), x))
                    .isSameAs(x);
            assertThatThrownBy(() -> new Dropout(1)).hasMessageContaining("1.0");
        });
    }

    @Test
    void lossesTakeLabelsAsOneHotVectorsAndRefuseToBroadcast() {
        Examples.onCpu(scope -> {
            Tensor output = scope.tensor(DType.F64, Shape.of(2, 3), 0.5, -1, 2, 0, 1, 3);
            Tensor labels = scope.tensor(Shape.of(2), new int[] {0, 2});
            // rows of differences (-0.5, -1, 2) and (0, 1, 2)
            assertThat(Loss.HALF_SQUARED_ERROR
                            .perSample(scope.ops(), output, labels)
                            .toDoubles())
                    .containsExactly(2.625, 2.5);
            assertThat(Loss.MEAN_SQUARED_ERROR
                            .perSample(scope.ops(), output, labels)
                            .toDoubles())
                    .containsExactly(new double[] {1.75, 5.0 / 3}, within(1e-15));
            // hinges (0.5, 0, 3) and (1, 2, 0)
            assertThat(Loss.HINGE.perSample(scope.ops(), output, labels).toDoubles())
                    .containsExactly(new double[] {3.5 / 3, 1}, within(1e-15));
            Tensor flat = scope.tensor(DType.F64, Shape.of(2), 1, 2);
            assertThatThrownBy(() -> Loss.MEAN_SQUARED_ERROR.perSample(scope.ops(), output, flat))
                    .hasMessageContaining("f64[2, 3]")
                    .hasMessageContaining("f64[2]");
        });
    }
}
