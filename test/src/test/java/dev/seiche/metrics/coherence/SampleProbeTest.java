package dev.seiche.metrics.coherence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.seiche.metrics.MetricTable;
import dev.seiche.metrics.Quadratic;
import dev.seiche.metrics.noise.SignalToNoise;
import dev.seiche.nn.Loss;
import dev.seiche.nn.Network;
import dev.seiche.nn.Objective;
import dev.seiche.nn.ParameterVector;
import dev.seiche.nn.data.Column;
import dev.seiche.nn.data.Dataset;
import dev.seiche.nn.data.Synthetic;
import dev.seiche.nn.layer.Linear;
import dev.seiche.nn.layer.Mlp;
import dev.seiche.nn.layer.Sequential;
import dev.seiche.nn.train.Probe;
import dev.seiche.nn.train.Schedule;
import dev.seiche.nn.train.Step;
import dev.seiche.nn.train.Training;
import dev.seiche.tensor.DType;
import dev.seiche.tensor.Rng;
import dev.seiche.tensor.Shape;
import org.junit.jupiter.api.Test;

class SampleProbeTest {
    private static final Rng RNG = Rng.seed(8);

    @Test
    void measuresTheSamplesOfAStep() {
        MetricTable table = new MetricTable();
        Quadratic.onCpu(scope -> {
            Network network = Network.of(Mlp.of(5, 6, 3));
            Dataset data = Synthetic.gaussianBlobs(RNG, 24, 3, 5, 3);
            Training.of(network, Loss.CROSS_ENTROPY, data)
                    .microBatches(10)
                    .probe(new SampleProbe(24, Schedule.everyStep(), table))
                    .start(scope, DType.F64, RNG)
                    .run(2);
            // the same by hand, from the gradients of all samples and their mean
            ParameterVector w = network.init(scope, DType.F64, RNG.fold("init"));
            Objective objective = Objective.of(network, Loss.CROSS_ENTROPY, data, 24, scope, DType.F64);
            double mean = objective.gradient(w, scope).dot(objective.gradient(w, scope));
            double squares = 0;
            for (double norm : objective.perSample(w, 24, scope).squaredNorms()) {
                squares += norm / 24;
            }
            assertThat(table.column("coherence/m").get(0L)).isCloseTo(24 * mean / squares, within(1e-10));
            assertThat(table.column("noise/signal").get(0L)).isCloseTo((24 * mean - squares) / 23, within(1e-12));
            assertThat(table.column("noise/trace").get(0L)).isCloseTo((squares - mean) * 24 / 23, within(1e-12));
            SignalToNoise ratio = SignalToNoise.of(objective.perSample(w, 24, scope), scope);
            assertThat(table.column("noise/gsnr").get(0L)).isCloseTo(ratio.mean(), within(1e-9));
            // sum of variances, n - 1, by the same plus the squared mean
            double trace = (squares - mean) * 24 / 23;
            assertThat(ratio.normalisedVariance()).isCloseTo(trace / (trace + mean), within(1e-10));
        });
        assertThat(table.column("confusion/size/4/mean_cos").get(0L))
                .isGreaterThan(table.column("confusion/size/1/mean_cos").get(0L));
        // at a random start classes pull apart
        assertThat(table.column("conflict/min_cos").get(0L)).isNegative();
        assertThat(table.column("stiffness/cos_within").get(0L))
                .isGreaterThan(table.column("stiffness/cos_between").get(0L));
        assertThat(table.column("confusion/sample/min_cos").get(1L)).isBetween(-1.0, 0.0);
    }

    @Test
    void classesThatWantOppositesOfOneInputConflictFully() {
        MetricTable table = new MetricTable();
        Dataset data = new Dataset(
                "opposites",
                Column.of(Shape.of(2), new double[] {1, 2, 1, 2, 1, 2, 1, 2}),
                Column.labels(new int[] {0, 1, 0, 1}));
        Network network = Network.of(Sequential.of(Linear.of(2, 2).withoutBias()));
        Quadratic.onCpu(scope -> {
            // at w = 0 both probabilities are 1/2, so the gradients are (-1/2, 1/2) x and (1/2, -1/2) x
            ParameterVector w = network.init(scope, DType.F64, RNG).zeros(scope);
            Training.of(network, Loss.CROSS_ENTROPY, data)
                    .probe(new SampleProbe(4, Schedule.everyStep(), table))
                    .start(scope, w, network.initStatistics(scope, DType.F64), RNG)
                    .run(1);
        });
        assertThat(table.column("conflict/min_cos").get(0L)).isCloseTo(-1, within(1e-12));
        assertThat(table.column("conflict/negative").get(0L)).isEqualTo(1);
    }

    @Test
    void whatSeveralMetricsAskOfAStepIsComputedOnce() {
        Quadratic.onCpu(scope -> {
            Dataset data = Synthetic.gaussianBlobs(RNG, 24, 3, 5, 3);
            Probe twice = new Probe() {
                @Override
                public String name() {
                    return "twice";
                }

                @Override
                public void observe(Step step) {
                    assertThat(step.perSample(8)).isSameAs(step.perSample(8));
                    assertThat(step.perSample(100)).isSameAs(step.perSample(24));
                    assertThat(step.perSample(8).samples()).isEqualTo(8);
                    assertThat(step.hvp(step.gradient())).isSameAs(step.hvp(step.gradient()));
                    assertThat(step.measurement().hits()).hasSize(24).containsAnyOf(0, 1);
                }
            };
            Training.of(Network.of(Mlp.of(5, 6, 3)), Loss.CROSS_ENTROPY, data)
                    .microBatches(7)
                    .probe(twice)
                    .start(scope, DType.F32, RNG)
                    .run(1);
        });
    }
}
