package dev.seiche.nn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.seiche.nn.data.Dataset;
import dev.seiche.tensor.DType;
import dev.seiche.tensor.Rng;
import dev.seiche.tensor.Scope;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The loss over a data set, its gradient and its curvature. */
class ObjectiveTest {
    private static final Rng RNG = Rng.seed(11);

    private static Objective objective(Network network, Dataset data, int microBatch, Scope scope, DType dtype) {
        return Objective.of(network, Loss.CROSS_ENTROPY, data, microBatch, scope, dtype);
    }

    private static void checkDerivatives(Objective objective, Scope scope) {
        ParameterVector w = objective.network().init(scope, DType.F64, RNG.fold("init"));
        ParameterVector v = w.gaussian(RNG.fold("direction"), scope);
        v = v.scale(1 / v.norm(), scope);
        double h = 1e-4;
        ParameterVector up = w.addScaled(h, v, scope);
        ParameterVector down = w.addScaled(-h, v, scope);

        double slope = objective.gradient(w, scope).dot(v);
        // central differences err by h^2 |third derivative| / 6 and by 1e-16 / h: both below 1e-7 here
        assertThat((objective.loss(up) - objective.loss(down)) / (2 * h)).isCloseTo(slope, within(1e-7));

        ParameterVector bend = objective
                .gradient(up, scope)
                .subtract(objective.gradient(down, scope), scope)
                .scale(1 / (2 * h), scope);
        ParameterVector hvp = objective.hvp(w, v, scope);
        assertThat(hvp.subtract(bend, scope).norm()).isLessThan(1e-6 * hvp.norm());
    }

    @Test
    void gradientAndHessianVectorProductOfAnMlpAgreeWithCentralDifferences() {
        Examples.onCpu(
                scope -> checkDerivatives(objective(Examples.mlp(), Examples.blobs(40), 16, scope, DType.F64), scope));
    }

    @Test
    void gradientAndHessianVectorProductOfAConvolutionalNetworkAgreeWithCentralDifferences() {
        Examples.onCpu(scope -> checkDerivatives(
                objective(Examples.convolutional(false), Examples.images(12), 5, scope, DType.F64), scope));
    }

    @Test
    void gradientAndHessianVectorProductThroughBatchStatisticsAgreeWithCentralDifferences() {
        Examples.onCpu(scope -> checkDerivatives(
                objective(Examples.convolutional(true), Examples.images(12), 12, scope, DType.F64)
                        .training(RNG),
                scope));
    }

    @Test
    void gradientAndHessianVectorProductWithRunningStatisticsAgreeWithCentralDifferences() {
        Examples.onCpu(scope -> {
            Network network = Examples.convolutional(true);
            Statistics running = network.initStatistics(scope, DType.F64);
            checkDerivatives(
                    objective(network, Examples.images(12), 5, scope, DType.F64).withStatistics(running), scope);
        });
    }

    /** Largest relative difference between micro-batches of 7 and one batch, over loss, gradient and HVP. */
    private static double cutError(DType dtype) {
        return Examples.computeOnCpu(scope -> {
            Network network = Examples.convolutional(false);
            Dataset data = Examples.images(60);
            ParameterVector w = network.init(scope, dtype, RNG);
            ParameterVector v = w.gaussian(RNG.fold("direction"), scope);
            Objective whole = objective(network, data, 60, scope, dtype);
            Objective cut = objective(network, data, 7, scope, dtype);
            ParameterVector g = whole.gradient(w, scope);
            ParameterVector hv = whole.hvp(w, v, scope);
            double loss = Math.abs(cut.loss(w) / whole.loss(w) - 1);
            double gradient = cut.gradient(w, scope).subtract(g, scope).norm() / g.norm();
            double hvp = cut.hvp(w, v, scope).subtract(hv, scope).norm() / hv.norm();
            return Math.max(loss, Math.max(gradient, hvp));
        });
    }

    @Test
    void microBatchesGiveTheLossGradientAndCurvatureOfOneBatch() {
        // rounding within a micro-batch: a few units in the last place (f32 6e-8, f64 1.1e-16) through six layers
        assertThat(cutError(DType.F32)).isLessThan(2e-6);
        assertThat(cutError(DType.F64)).isLessThan(4e-15);
    }

    @Test
    void theSameCutGivesTheSameBits() {
        double[][] gradients = new double[2][];
        for (int run = 0; run < 2; run++) {
            gradients[run] = Examples.computeOnCpu(scope -> {
                Network network = Examples.mlp();
                ParameterVector w = network.init(scope, DType.F32, RNG);
                return objective(network, Examples.blobs(50), 16, scope, DType.F32)
                        .gradient(w, scope)
                        .toDoubles();
            });
        }
        assertThat(gradients[0]).isEqualTo(gradients[1]);
    }

    @Test
    void lossIsTheMeanOfTheLossesOfTheSamplesInTheirOrder() {
        Examples.onCpu(scope -> {
            Network network = Examples.mlp();
            Dataset data = Examples.blobs(20);
            ParameterVector w = network.init(scope, DType.F64, RNG);
            Measurement all = objective(network, data, 6, scope, DType.F64).measure(w);
            assertThat(all.losses()).hasSize(20);
            assertThat(all.loss()).isEqualTo(Arrays.stream(all.losses()).sum() / 20, within(1e-15));
            double seventh = Objective.of(network, Loss.CROSS_ENTROPY, List.of(data.batch(scope, DType.F64, 7)))
                    .loss(w);
            assertThat(all.losses()[7]).isCloseTo(seventh, within(1e-14));
            assertThat(all.accuracy() * 20).isCloseTo(Math.rint(all.accuracy() * 20), within(1e-12));
        });
    }

    @Test
    void batchNormRefusesMicroBatchesInTrainingUnlessAskedForByName() {
        Examples.onCpu(scope -> {
            Network network = Examples.convolutional(true);
            ParameterVector w = network.init(scope, DType.F32, RNG);
            Objective cut =
                    objective(network, Examples.images(12), 5, scope, DType.F32).training(RNG);
            assertThatThrownBy(() -> cut.evaluate(w, scope))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("block.body.0")
                    .hasMessageContaining("3 micro-batches")
                    .hasMessageContaining("normalisingPerMicroBatch");
            assertThat(cut.normalisingPerMicroBatch().evaluate(w, scope).loss()).isPositive();
            assertThatThrownBy(() -> cut.evaluating().loss(w)).hasMessageContaining("running statistics");
        });
    }

    @Test
    void runningStatisticsMoveOnlyWhenCommitted() {
        Examples.onCpu(scope -> {
            Network network = Examples.convolutional(true);
            ParameterVector w = network.init(scope, DType.F64, RNG);
            Statistics running = network.initStatistics(scope, DType.F64);
            double[] before = running.tensors().get(1).toDoubles();
            Evaluation evaluation = objective(network, Examples.images(12), 12, scope, DType.F64)
                    .withStatistics(running)
                    .training(RNG)
                    .evaluate(w, scope);
            assertThat(running.tensors().get(1).toDoubles()).isEqualTo(before);
            running.commit(evaluation.updates());
            assertThat(running.tensors().get(1).toDoubles()).isNotEqualTo(before);
        });
    }
}
