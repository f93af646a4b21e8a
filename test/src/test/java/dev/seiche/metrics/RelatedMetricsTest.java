package dev.seiche.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.seiche.metrics.coherence.GradientSurgery;
import dev.seiche.metrics.coherence.SampleProbe;
import dev.seiche.metrics.curvature.LinearOperator;
import dev.seiche.metrics.curvature.SampledFisher;
import dev.seiche.metrics.landscape.SecantCondition;
import dev.seiche.metrics.output.InputGradients;
import dev.seiche.metrics.weight.WeightProbe;
import dev.seiche.nn.Loss;
import dev.seiche.nn.Network;
import dev.seiche.nn.Objective;
import dev.seiche.nn.ParameterVector;
import dev.seiche.nn.data.Column;
import dev.seiche.nn.data.Dataset;
import dev.seiche.nn.data.Synthetic;
import dev.seiche.nn.init.Init;
import dev.seiche.nn.layer.Activation;
import dev.seiche.nn.layer.Linear;
import dev.seiche.nn.layer.Mlp;
import dev.seiche.nn.layer.Sequential;
import dev.seiche.nn.network.FullyConnected;
import dev.seiche.nn.train.Schedule;
import dev.seiche.nn.train.Training;
import dev.seiche.tensor.DType;
import dev.seiche.tensor.Rng;
import dev.seiche.tensor.Scope;
import dev.seiche.tensor.Shape;
import dev.seiche.tensor.Tensor;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Fisher by sampling, gradient surgery, secant condition, shattered gradients, spectra of weights and of covariances. */
class RelatedMetricsTest {
    private static final Rng RNG = Rng.seed(7);

    @Test
    void theMeanOfSampledFisherMatricesIsTheGaussNewtonMatrix() {
        Quadratic.onCpu(scope -> {
            Network network = Network.of(Mlp.of(4, 5, 3));
            Dataset data = Synthetic.gaussianBlobs(RNG, 10, 3, 4, 1);
            BatchGradients source = BatchGradients.of(network, Loss.CROSS_ENTROPY, data);
            ParameterVector w = network.init(scope, DType.F64, RNG);
            ParameterVector v = w.gaussian(RNG.fold("v"), scope);
            Objective objective = source.objective(w, scope, source.first(10));
            double exact = v.dot(objective.gaussNewton(w, v, scope));
            int draws = 400;
            double sum = 0;
            double squares = 0;
            for (int k = 0; k < draws; k++) {
                try (Scope step = scope.child("draw")) {
                    LinearOperator fisher = SampledFisher.of(source, w, RNG.fold(k), step, source.first(10));
                    double product = v.dot(fisher.apply(v, step));
                    sum += product;
                    squares += product * product;
                }
            }
            double mean = sum / draws;
            double error = Math.sqrt((squares / draws - mean * mean) / draws);
            assertThat(mean).isCloseTo(exact, within(4 * error));
            // it is no longer that of the data's labels
            assertThat(Math.abs(v.dot(objective.empiricalFisher(w, v, scope)) - exact))
                    .isGreaterThan(10 * error);
        });
    }

    private static ParameterVector plane(Scope scope, double... values) {
        Network network = Network.of(Sequential.of(Linear.of(2, 1).withoutBias()));
        return network.init(scope, DType.F64, RNG).withValues(values, scope);
    }

    @Test
    void gradientsThatConflictLoseWhatPointsAgainstTheOther() {
        Quadratic.onCpu(scope -> {
            ParameterVector east = plane(scope, 1, 0);
            ParameterVector west = plane(scope, -1, 1);
            ParameterVector north = plane(scope, 0, 2);
            assertThat(GradientSurgery.project(west, east, scope).toDoubles()).containsExactly(0, 1);
            assertThat(GradientSurgery.project(east, west, scope).toDoubles())
                    .containsExactly(new double[] {0.5, 0.5}, within(1e-15));
            assertThat(GradientSurgery.project(east, north, scope).toDoubles()).containsExactly(1, 0);
            List<ParameterVector> all = GradientSurgery.project(List.of(east, west, north), RNG, scope);
            assertThat(all.get(0).toDoubles()).containsExactly(new double[] {0.5, 0.5}, within(1e-15));
            assertThat(all.get(1).toDoubles()).containsExactly(0, 1);
            assertThat(all.get(2).toDoubles()).containsExactly(0, 2);
        });
    }

    @Test
    void onAQuadraticTheSecantConditionIsItsCurvatureOnTheWay() {
        Quadratic.onCpu(scope -> {
            // L = (w_1^2 + 19 w_2^2) / 2 around 0, seen from (3, 4) / 5
            SecantCondition found =
                    SecantCondition.of(plane(scope, 0.6, 19 * 0.8), plane(scope, 0.6, 0.8), plane(scope, 0, 0), scope);
            assertThat(found.restrictedSecant()).isCloseTo(0.36 + 19 * 0.64, within(1e-14));
            assertThat(found.errorBound()).isCloseTo(Math.hypot(0.6, 19 * 0.8), within(1e-14));
            assertThat(found.gamma()).isCloseTo((0.36 + 19 * 0.64) / Math.hypot(0.6, 19 * 0.8), within(1e-15));
        });
    }

    @Test
    void aLinearNetworkHasTheSameInputGradientEverywhere() {
        Quadratic.onCpu(scope -> {
            Network network = Network.of(Sequential.of(Linear.of(3, 2)));
            Dataset data = Synthetic.gaussianBlobs(RNG, 4, 2, 3, 1);
            BatchGradients source = BatchGradients.of(network, Loss.CROSS_ENTROPY, data);
            ParameterVector w = network.init(scope, DType.F64, RNG);
            Tensor line = InputGradients.line(source, 0, 3, 9, DType.F64, scope);
            double[] ends = data.batch(scope, DType.F64, 0, 3).inputs().toDoubles();
            double[] points = line.toDoubles();
            for (int k = 0; k < 3; k++) {
                assertThat(points[k]).isEqualTo(ends[k]);
                assertThat(points[4 * 3 + k]).isCloseTo((ends[k] + ends[3 + k]) / 2, within(1e-14));
                assertThat(points[8 * 3 + k]).isEqualTo(ends[3 + k]);
            }
            double[][] gradients = InputGradients.of(source, w, line, scope);
            double[] weights = w.toDoubles();
            for (double[] gradient : gradients) {
                for (int k = 0; k < 3; k++) {
                    assertThat(gradient[k]).isCloseTo(weights[2 * k] + weights[2 * k + 1], within(1e-14));
                }
            }
            for (int lag : new int[] {1, 4, 8}) {
                assertThat(InputGradients.autocorrelation(gradients, lag)).isCloseTo(1, within(1e-14));
            }
        });
        double[][] noise = new double[1000][1];
        for (int i = 0; i < noise.length; i++) {
            noise[i][0] = RNG.fold("noise").normal(i);
        }
        assertThat(InputGradients.autocorrelation(noise, 1)).isCloseTo(0, within(4 / Math.sqrt(1000)));
        assertThat(InputGradients.autocorrelation(new double[][] {{1}, {-1}, {1}, {-1}}, 1))
                .isEqualTo(-1);
    }

    @Test
    void inputGradientsOfDeepRectifiersShatter() {
        double[] near = new double[2];
        int[] depths = {2, 24};
        Quadratic.onCpu(scope -> {
            Dataset data = new Dataset(
                    "ends", Column.of(Shape.of(1), new double[] {-2, 2}), Column.of(Shape.of(1), new double[2]));
            for (int d = 0; d < 2; d++) {
                for (int seed = 0; seed < 5; seed++) {
                    try (Scope step = scope.child("network")) {
                        // biases, or a network of one input is linear on either side of 0
                        Network network = Network.of(Mlp.of(FullyConnected.widths(1, 100, depths[d], 1))
                                .withActivation(Activation.RELU)
                                .withInit(Init.kaimingNormal())
                                .withBias(Init.gaussian(1)));
                        BatchGradients source = BatchGradients.of(network, Loss.HALF_SQUARED_ERROR, data);
                        ParameterVector w = network.init(step, DType.F64, RNG.fold(seed));
                        Tensor line = InputGradients.line(source, 0, 1, 256, DType.F64, step);
                        near[d] += InputGradients.autocorrelation(InputGradients.of(source, w, line, step), 8) / 5;
                    }
                }
            }
        });
        assertThat(near[0]).isGreaterThan(0.9);
        assertThat(near[1]).isLessThan(0.7);
    }

    @Test
    void weightsWithAPlantedSpectrumHaveItsExponent() {
        int n = 60;
        Network network = Network.of(Sequential.of(Linear.of(n, n).withoutBias()));
        Dataset data =
                new Dataset("zero", Column.of(Shape.of(n), new double[n]), Column.of(Shape.of(n), new double[n]));
        double[] singular = new double[n];
        double[] diagonal = new double[n * n];
        for (int i = 0; i < n; i++) {
            // eigenvalues at the quantiles of p(x) ~ x^-2.5; their roots are the singular values
            singular[i] = Math.pow((i + 0.5) / n, -1 / 1.5 / 2);
            diagonal[i * n + i] = singular[i];
        }
        MetricTable table = new MetricTable();
        Quadratic.onCpu(scope -> {
            ParameterVector w = network.init(scope, DType.F64, RNG).withValues(diagonal, scope);
            double[] eigenvalues = WeightProbe.eigenvalues(w.get(0), scope);
            for (int i = 0; i < n; i++) {
                assertThat(eigenvalues[i]).isCloseTo(singular[i] * singular[i], within(1e-12 * eigenvalues[0]));
            }
            assertThat(WeightProbe.eigenvalues(scope.tensor(DType.F64, Shape.of(1, 2, 2), 3, 0, 0, 4), scope))
                    .containsExactly(new double[] {16, 9}, within(1e-13));
            Training.of(network, Loss.HALF_SQUARED_ERROR, data)
                    .probe(new WeightProbe(Schedule.everyStep(), table))
                    .start(scope, w, network.initStatistics(scope, DType.F64), RNG)
                    .run(1);
        });
        assertThat(table.under("")).hasSize(1);
        // 60 quantiles in place of the law
        assertThat(table.column(table.under("").get(0)).get(0L)).isCloseTo(2.5, within(0.15));
    }

    @Test
    void gradientsWithAPlantedCovarianceHaveItsExponent() {
        int n = 16;
        // sample i is row i of cosines that sum to 0 over samples, direction k of length k^-0.6, and the gradient is -x
        // at w = 0
        double[] x = new double[n * (n - 1)];
        double[] ones = new double[n];
        Arrays.fill(ones, 1);
        for (int i = 0; i < n; i++) {
            for (int k = 1; k < n; k++) {
                x[i * (n - 1) + k - 1] = Math.pow(k, -0.6) * Math.cos(Math.PI * k * (i + 0.5) / n);
            }
        }
        Network network = Network.of(Sequential.of(Linear.of(n - 1, 1).withoutBias()));
        Dataset data = new Dataset("cosines", Column.of(Shape.of(n - 1), x), Column.of(Shape.of(1), ones));
        MetricTable table = new MetricTable();
        Quadratic.onCpu(scope -> Training.of(network, Loss.HALF_SQUARED_ERROR, data)
                .probe(new SampleProbe(n, Schedule.everyStep(), table))
                .start(
                        scope,
                        network.init(scope, DType.F64, RNG).zeros(scope),
                        network.initStatistics(scope, DType.F64),
                        RNG)
                .run(1));
        assertThat(table.column("noise/covariance_power").get(0L)).isCloseTo(1.2, within(1e-9));
    }
}
