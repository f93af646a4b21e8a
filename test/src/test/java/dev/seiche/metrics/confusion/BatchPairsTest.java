package dev.seiche.metrics.confusion;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.seiche.metrics.BatchGradients;
import dev.seiche.metrics.MetricTable;
import dev.seiche.metrics.Quadratic;
import dev.seiche.nn.Loss;
import dev.seiche.nn.Network;
import dev.seiche.nn.Objective;
import dev.seiche.nn.ParameterVector;
import dev.seiche.nn.data.Column;
import dev.seiche.nn.data.Dataset;
import dev.seiche.nn.data.Synthetic;
import dev.seiche.nn.init.Init;
import dev.seiche.nn.layer.Linear;
import dev.seiche.nn.layer.Mlp;
import dev.seiche.nn.layer.Sequential;
import dev.seiche.nn.train.Schedule;
import dev.seiche.nn.train.Training;
import dev.seiche.tensor.DType;
import dev.seiche.tensor.Rng;
import dev.seiche.tensor.Scope;
import dev.seiche.tensor.Shape;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class BatchPairsTest {
    private static final Rng RNG = Rng.seed(100);

    @Test
    void miniBatchesAndMeansOfSamplesSayTheSame() {
        Quadratic.onCpu(scope -> {
            Network network = Network.of(Mlp.of(5, 7, 3));
            Dataset data = Synthetic.gaussianBlobs(RNG, 40, 3, 5, 1);
            ParameterVector w = network.init(scope, DType.F64, RNG);
            BatchPairs pairs = new BatchPairs(8, 20);
            Confusion direct = pairs.measure(BatchGradients.of(network, Loss.CROSS_ENTROPY, data), w, RNG, scope);
            double[][] gram = Objective.of(network, Loss.CROSS_ENTROPY, data, 40, scope, DType.F64)
                    .perSample(w, 40, scope)
                    .gram()
                    .toArray();
            Confusion bySamples = pairs.ofSamples(gram, RNG);
            assertThat(direct.cosines()).containsExactly(bySamples.cosines(), within(1e-12));
            assertThat(direct.products()).containsExactly(bySamples.products(), within(1e-13));
            assertThat(direct.distances()).containsExactly(bySamples.distances(), within(1e-12));
        });
    }

    @Test
    void theProbeEmitsThePublishedNumbersOnSchedule() {
        MetricTable table = new MetricTable();
        Quadratic.onCpu(scope -> {
            Network network = Network.of(Mlp.of(5, 7, 3));
            Dataset data = Synthetic.gaussianBlobs(RNG, 40, 3, 5, 1);
            BatchGradients source = BatchGradients.of(network, Loss.CROSS_ENTROPY, data);
            Training.of(network, Loss.CROSS_ENTROPY, data)
                    .probe(new ConfusionProbe(source, new BatchPairs(8, 10), Schedule.every(2), RNG, table))
                    .start(scope, DType.F32, RNG)
                    .run(3);
        });
        assertThat(table.column("confusion/batch/min_cos").keySet()).containsExactly(0L, 2L);
        assertThat(table.column("confusion/batch/min_cos").get(0L))
                .isBetween(-1.0, table.column("confusion/batch/median_cos").get(0L));
    }

    /** Deep linear networks of one output on the unit sphere: orthogonal weights keep cosines, Gaussian ones do not. */
    @Test
    void orthogonalWeightsMakeConfusionIndependentOfDepth() {
        double[] orthogonal = new double[3];
        double[] gaussian = new double[3];
        int[] depths = {1, 4, 16};
        Quadratic.onCpu(scope -> {
            for (int i = 0; i < depths.length; i++) {
                orthogonal[i] = spread(depths[i], Init.orthogonal(1), scope);
                gaussian[i] = spread(depths[i], Init.xavierNormal(1), scope);
            }
        });
        // each layer's cosines are those of the inputs, up to the signs of residuals
        assertThat(orthogonal[1]).isCloseTo(orthogonal[0], within(1e-12));
        assertThat(orthogonal[2]).isCloseTo(orthogonal[0], within(1e-12));
        assertThat(gaussian[2]).isGreaterThan(1.5 * gaussian[0]);
    }

    /** The root mean square of cosines of 60 samples at initialisation. */
    private static double spread(int depth, Init init, Scope scope) {
        int d = 32;
        double[] x = new double[60 * d];
        RNG.fold("sphere").normal(x);
        double[] y = new double[60];
        RNG.fold("targets").normal(y);
        Sequential net = Sequential.of();
        for (int layer = 0; layer < depth; layer++) {
            net = net.then(Linear.of(d, d).withInit(init).withoutBias());
        }
        Network network = Network.of(
                net.then(Linear.of(d, 1).withInit(Init.uniformFanIn()).withoutBias()));
        Dataset data = new Dataset("sphere", Column.of(Shape.of(d), x), Column.of(Shape.of(1), y));
        try (Scope step = scope.child("spread")) {
            Confusion found =
                    Confusion.ofSamples(Objective.of(network, Loss.HALF_SQUARED_ERROR, data, 60, step, DType.F64)
                            .perSample(network.init(step, DType.F64, RNG), 60, step)
                            .gram());
            return Math.sqrt(
                    Arrays.stream(found.cosines()).map(c -> c * c).average().orElse(0));
        }
    }
}
