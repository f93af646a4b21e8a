package dev.seiche.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.seiche.metrics.curvature.BatchSharpnessProbe;
import dev.seiche.metrics.curvature.CurvatureProbe;
import dev.seiche.metrics.curvature.SharpnessProbe;
import dev.seiche.metrics.example.ForgettingProbe;
import dev.seiche.metrics.kernel.KernelProbe;
import dev.seiche.metrics.landscape.LossChangeAllocation;
import dev.seiche.metrics.landscape.StepScanProbe;
import dev.seiche.metrics.noise.SignalToNoise;
import dev.seiche.nn.Loss;
import dev.seiche.nn.Network;
import dev.seiche.nn.Objective;
import dev.seiche.nn.ParameterVector;
import dev.seiche.nn.data.Column;
import dev.seiche.nn.data.Dataset;
import dev.seiche.nn.data.Synthetic;
import dev.seiche.nn.layer.Activation;
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
import java.util.function.Function;
import org.junit.jupiter.api.Test;

/** Networks and data into which something was put for a metric to find, with what it must then say. */
class PlantedCasesTest {
    private static final Rng RNG = Rng.seed(6);

    private static double at(MetricTable table, String name) {
        return table.column(name).firstEntry().getValue();
    }

    private static Network linear(int inputs) {
        return Network.of(Sequential.of(Linear.of(inputs, 1).withoutBias()));
    }

    /** Samples sqrt(n lambda_i) e_i with target 0: half the squared error of a linear model is w' diag(lambda) w / 2. */
    private static Dataset curved(double... lambda) {
        int n = lambda.length;
        double[] x = new double[n * n];
        for (int i = 0; i < n; i++) {
            x[i * n + i] = Math.sqrt(n * lambda[i]);
        }
        return new Dataset("curved", Column.of(Shape.of(n), x), Column.of(Shape.of(1), new double[n]));
    }

    /** What a metric says of one step at these weights. */
    private static MetricTable look(
            Network network, Loss loss, Dataset data, double rate, double[] weights, Function<Look, Metric> metric) {
        MetricTable table = new MetricTable();
        Quadratic.onCpu(scope -> {
            ParameterVector w = network.init(scope, DType.F64, RNG).withValues(weights, scope);
            try (Metric probe = metric.apply(new Look(BatchGradients.of(network, loss, data), scope, table))) {
                Training.of(network, loss, data)
                        .learningRate(rate)
                        .probe(probe)
                        .start(scope, w, network.initStatistics(scope, DType.F64), RNG)
                        .run(1);
            }
        });
        return table;
    }

    private record Look(BatchGradients source, Scope scope, MetricTable table) {}

    private static MetricTable scan(double rate, double... weights) {
        return look(
                linear(2),
                Loss.HALF_SQUARED_ERROR,
                curved(1, 100),
                rate,
                weights,
                look -> new StepScanProbe(Schedule.everyStep(), look.table()));
    }

    @Test
    void aSteepDirectionIsSeenByStepsAlongItOnly() {
        MetricTable flat = scan(0.03, 1, 0);
        assertThat(at(flat, "landscape/effective_smoothness")).isCloseTo(1, within(1e-12));
        assertThat(at(flat, "landscape/relative_progress")).isCloseTo(-1 + 0.03 / 2, within(1e-12));
        MetricTable steep = scan(0.03, 0, 0.01);
        assertThat(at(steep, "landscape/effective_smoothness")).isCloseTo(100, within(1e-10));
        // twice the rate times |Hg|
        assertThat(at(steep, "landscape/predictiveness")).isCloseTo(2 * 0.03 * 100, within(1e-10));
        // the loss rises, since the rate is above 2/100
        assertThat(at(steep, "landscape/relative_progress")).isCloseTo(-1 + 0.03 * 100 / 2, within(1e-12));
    }

    @Test
    void aGradientThatVanishesBehindAKinkPredictedNothing() {
        // (relu(w) + 1)^2 / 2: the gradient is w + 1 up to the kink at 0, and 0 behind it
        Dataset data =
                new Dataset("one", Column.of(Shape.of(1), new double[] {1}), Column.of(Shape.of(1), new double[] {-1}));
        Network network = Network.of(Sequential.of(Linear.of(1, 1).withoutBias(), Activation.RELU));
        Function<Look, Metric> probe = look -> new StepScanProbe(Schedule.everyStep(), look.table());
        MetricTable beyond = look(network, Loss.HALF_SQUARED_ERROR, data, 1, new double[] {1}, probe);
        assertThat(at(beyond, "landscape/predictiveness")).isEqualTo(2); // all of the gradient
        MetricTable before = look(network, Loss.HALF_SQUARED_ERROR, data, 0.1, new double[] {1}, probe);
        assertThat(at(before, "landscape/predictiveness")).isCloseTo(0.4, within(1e-14)); // at w = 0.6
    }

    @Test
    void aLayerThatIsMovedUphillIsChargedWithTheHarm() {
        Network network = Network.of(Mlp.of(4, 8, 3));
        Dataset data = Synthetic.gaussianBlobs(RNG, 20, 3, 4, 1);
        Quadratic.onCpu(scope -> {
            Objective objective = Objective.of(network, Loss.CROSS_ENTROPY, data, 20, scope, DType.F64);
            ParameterVector before = network.init(scope, DType.F64, RNG);
            double[] gradient = objective.gradient(before, scope).toDoubles();
            double[] move = new double[gradient.length];
            for (int j = 0; j < move.length; j++) {
                move[j] = (j < 4 * 8 + 8 ? -0.1 : 0.1) * gradient[j]; // fc1 downhill, fc2 uphill
            }
            ParameterVector harmful = before.add(before.withValues(move, scope), scope);
            LossChangeAllocation both = LossChangeAllocation.of(objective, before, harmful, scope);
            assertThat(both.byLayer().get("fc1")).isNegative();
            assertThat(both.byLayer().get("fc2")).isPositive();
            Arrays.fill(move, 4 * 8 + 8, move.length, 0);
            ParameterVector first = before.add(before.withValues(move, scope), scope);
            LossChangeAllocation one = LossChangeAllocation.of(objective, before, first, scope);
            double change = objective.loss(first) - objective.loss(before);
            assertThat(one.byLayer().get("fc2")).isZero();
            // the error of Simpson's rule, of fifth order in a small step
            assertThat(one.byLayer().get("fc1")).isCloseTo(change, within(1e-5 * Math.abs(change)));
        });
    }

    @Test
    void aSpectrumWithTwoOutliersIsReadByAllThatLookAtCurvature() {
        double[] lambda = new double[12];
        Arrays.fill(lambda, 1);
        lambda[4] = 50;
        lambda[7] = 30;
        double[] ones = new double[12];
        Arrays.fill(ones, 1);
        MetricTable found = look(
                linear(12),
                Loss.HALF_SQUARED_ERROR,
                curved(lambda),
                0.01,
                ones,
                look -> new CurvatureProbe(CurvatureProbe.Options.defaults(), Schedule.everyStep(), RNG, look.table()));
        assertThat(at(found, "hessian/trace_hutchinson")).isCloseTo(90, within(1e-9)); // exact for a diagonal operator
        // Hutch++ takes the outliers out exactly and guesses what is left of the ten ones
        assertThat(at(found, "hessian/trace")).isCloseTo(90, within(4 * at(found, "hessian/trace_error") + 1e-9));
        assertThat(at(found, "hessian/trace_error")).isLessThan(2);
        assertThat(at(found, "gauss_newton/trace")).isCloseTo(90, within(4.0));
        assertThat(at(found, "gauss_newton/top")).isCloseTo(50, within(1e-2)); // the search's tolerance
        assertThat(at(found, "hessian/second_moment")).isCloseTo(3410 / 12.0, within(1e-8));
        assertThat(at(found, "hessian/quantile/50")).isCloseTo(1, within(1e-9));
        assertThat(at(found, "hessian/quantile/99")).isCloseTo(50, within(1e-9));
        assertThat(at(found, "hessian/negative_share")).isCloseTo(0, within(1e-9));
        // gradients n lambda_i e_i are orthogonal, so (1/n) sum g g' has the eigenvalues n lambda_i^2
        assertThat(at(found, "fisher/top")).isCloseTo(12 * 2500, within(12 * 2500 * 1e-3));
        assertThat(at(found, "fisher/trace")).isCloseTo(12 * 3410, within(12 * 4.0)); // again the ten small ones
        assertThat(at(found, "sharpness/directional")).isCloseTo((125_000 + 27_000 + 10) / 3410.0, within(1e-10));
        MetricTable top = look(
                linear(12),
                Loss.HALF_SQUARED_ERROR,
                curved(lambda),
                0.01,
                ones,
                look -> SharpnessProbe.every(1, linear(12).parameters(), look.scope(), look.table()));
        assertThat(at(top, "sharpness/subspace")).isCloseTo(3400 / 3410.0, within(1e-9));
        assertThat(at(top, "sharpness/2")).isCloseTo(30, within(1e-9));
    }

    @Test
    void samplesThatShareNoWeightAreSharperOneByOneThanTogether() {
        double[] lambda = new double[8];
        Arrays.fill(lambda, 3);
        double[] ones = new double[8];
        Arrays.fill(ones, 1);
        for (int batch : new int[] {1, 2, 8}) {
            MetricTable found = look(
                    linear(8),
                    Loss.HALF_SQUARED_ERROR,
                    curved(lambda),
                    0.1,
                    ones,
                    look -> new BatchSharpnessProbe(look.source(), batch, 5, Schedule.everyStep(), RNG, look.table()));
            assertThat(at(found, "sharpness/batch")).isCloseTo(3.0 * 8 / batch, within(1e-12));
            assertThat(at(found, "eta_sharpness/batch")).isCloseTo(0.3 * 8 / batch, within(1e-12));
        }
    }

    /** 4 samples along e_1, 4 along e_2, all of length 2. */
    private static MetricTable kernel(int... labels) {
        double[] x = new double[16];
        for (int i = 0; i < 8; i++) {
            x[2 * i + (i < 4 ? 0 : 1)] = 2;
        }
        return look(
                Network.of(Sequential.of(Linear.of(2, 2).withoutBias())),
                Loss.CROSS_ENTROPY,
                new Dataset("directions", Column.of(Shape.of(2), x), Column.labels(labels)),
                0.1,
                new double[4],
                look -> new KernelProbe(look.source(), 8, Schedule.everyStep(), look.table()));
    }

    @Test
    void aKernelIsAlignedWithLabelsThatFollowItsDirections() {
        MetricTable planted = kernel(0, 0, 0, 0, 1, 1, 1, 1);
        MetricTable scattered = kernel(0, 1, 0, 1, 0, 1, 0, 1);
        // K has a block of 4s for each direction and output: y'Ky = 2 * 4 * 16, |K|_F = 4 sqrt(4 * 16), |y|^2 = 8
        assertThat(at(planted, "kernel/alignment")).isCloseTo(0.5, within(1e-12));
        // two of each label along each direction: half of that
        assertThat(at(scattered, "kernel/alignment")).isCloseTo(0.25, within(1e-12));
        for (MetricTable each : new MetricTable[] {planted, scattered}) {
            assertThat(at(each, "kernel/trace")).isCloseTo(4 * 16, within(1e-12));
            assertThat(at(each, "kernel/top")).isCloseTo(16, within(1e-12));
        }
    }

    @Test
    void coordinatesWithASignalAreToldFromThoseOfNoise() {
        int samples = 200;
        double[] x = new double[samples * 20];
        RNG.fold("inputs").normal(x);
        double[] targets = new double[samples];
        Arrays.fill(targets, 1);
        for (int i = 0; i < x.length; i++) {
            x[i] = i % 20 < 10 ? 1 + 0.1 * x[i] : x[i];
        }
        Dataset data = new Dataset("signal", Column.of(Shape.of(20), x), Column.of(Shape.of(1), targets));
        Quadratic.onCpu(scope -> {
            // at w = 0 the gradients are -x
            ParameterVector w = linear(20).init(scope, DType.F64, RNG).zeros(scope);
            BatchGradients source = BatchGradients.of(linear(20), Loss.HALF_SQUARED_ERROR, data);
            SignalToNoise found = SignalToNoise.of(source.samples(w, scope, source.first(samples)), scope);
            for (int j = 0; j < 20; j++) {
                if (j < 10) {
                    // 1 / 0.01; a variance of 200 draws is known to 10%
                    assertThat(found.ratios()[j]).isBetween(60.0, 160.0);
                } else {
                    assertThat(found.ratios()[j]).isLessThan(0.08); // 16 times its mean, 1/200
                }
            }
            // 10 (0.01 + 1) of variance in 10 (1.01 + 1) of squares
            assertThat(found.normalisedVariance()).isCloseTo(10.1 / 20.1, within(0.05));
        });
    }

    @Test
    void samplesThatOvershootAreForgottenAsOftenAsTheyCrossTheBoundary() {
        // 18 samples along e_1 are right from the start; 2 along e_2, of another class, overshoot by a factor of -0.9
        double[] x = new double[40];
        int[] labels = new int[20];
        for (int i = 0; i < 20; i++) {
            x[2 * i + (i < 18 ? 0 : 1)] = i < 18 ? 1 : Math.sqrt(19);
            labels[i] = i < 18 ? 0 : 1;
        }
        Network network = Network.of(Sequential.of(Linear.of(2, 2).withoutBias()));
        Dataset data = new Dataset("overshooting", Column.of(Shape.of(2), x), Column.labels(labels));
        MetricTable table = new MetricTable();
        Quadratic.onCpu(scope -> {
            double away = 1 / Math.sqrt(19);
            ParameterVector w = network.init(scope, DType.F64, RNG).withValues(new double[] {1, 0, away, -away}, scope);
            ForgettingProbe probe = new ForgettingProbe(table);
            Training.of(network, Loss.HALF_SQUARED_ERROR, data)
                    .learningRate(1)
                    .probe(probe)
                    .start(scope, w, network.initStatistics(scope, DType.F64), RNG)
                    .run(20);
            double[] events = probe.events();
            // the margin is 1 - 3 (-0.9)^t: below 0 at t = 2, 4, 6, 8, 10
            assertThat(Arrays.copyOf(events, 18)).containsOnly(0);
            assertThat(Arrays.copyOfRange(events, 18, 20)).containsOnly(5);
        });
        for (long t = 0; t < 20; t++) {
            boolean forgotten = t % 2 == 0 && t >= 2 && t <= 10;
            assertThat(table.column("examples/forgotten").get(t))
                    .as("step %s", t)
                    .isEqualTo(forgotten ? 0.1 : 0);
            assertThat(table.column("examples/learned").get(t)).isEqualTo(t == 0 ? 0.9 : 1);
        }
    }
}
