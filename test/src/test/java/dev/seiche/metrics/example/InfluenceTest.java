package dev.seiche.metrics.example;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.seiche.autograd.sample.SampleGradients;
import dev.seiche.metrics.BatchGradients;
import dev.seiche.metrics.MetricTable;
import dev.seiche.metrics.Quadratic;
import dev.seiche.metrics.curvature.ConjugateGradient;
import dev.seiche.metrics.curvature.LinearSolver;
import dev.seiche.metrics.curvature.Lissa;
import dev.seiche.nn.Loss;
import dev.seiche.nn.Network;
import dev.seiche.nn.Objective;
import dev.seiche.nn.ParameterVector;
import dev.seiche.nn.data.Column;
import dev.seiche.nn.data.Dataset;
import dev.seiche.nn.data.Synthetic;
import dev.seiche.nn.layer.Linear;
import dev.seiche.nn.layer.Sequential;
import dev.seiche.nn.train.Schedule;
import dev.seiche.nn.train.Trainer;
import dev.seiche.nn.train.Training;
import dev.seiche.tensor.DType;
import dev.seiche.tensor.Rng;
import dev.seiche.tensor.Shape;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** Influence functions, TracIn and difficulty: closed forms on linear models, and an example whose label was changed. */
class InfluenceTest {
    private static final Network LINEAR =
            Network.of(Sequential.of(Linear.of(2, 1).withoutBias()));
    private static final double[][] X = {{1, 0.2}, {0.3, -1}, {0.5, 0.9}, {-1.2, 0.4}, {0.1, 0.7}};
    private static final double[] Y = {1, -0.5, 2, 0.3, -1};

    /** The minimum of the mean of (w'x - y)^2/2 plus {@code extra} times the loss of example z, by the normal equations. */
    private static double[] minimum(int z, double extra) {
        double a = 0;
        double b = 0;
        double d = 0;
        double p = 0;
        double q = 0;
        for (int i = 0; i < X.length; i++) {
            double weight = 1.0 / X.length + (i == z ? extra : 0);
            a += weight * X[i][0] * X[i][0];
            b += weight * X[i][0] * X[i][1];
            d += weight * X[i][1] * X[i][1];
            p += weight * X[i][0] * Y[i];
            q += weight * X[i][1] * Y[i];
        }
        double determinant = a * d - b * b;
        return new double[] {(d * p - b * q) / determinant, (a * q - b * p) / determinant};
    }

    private static double loss(double[] w, int i) {
        double rest = w[0] * X[i][0] + w[1] * X[i][1] - Y[i];
        return rest * rest / 2;
    }

    @Test
    void onLinearRegressionItIsTheDerivativeOfTheMinimum() {
        double[] flat = new double[2 * X.length];
        for (int i = 0; i < X.length; i++) {
            System.arraycopy(X[i], 0, flat, 2 * i, 2);
        }
        Dataset data = new Dataset("regression", Column.of(Shape.of(2), flat), Column.of(Shape.of(1), Y));
        Quadratic.onCpu(scope -> {
            ParameterVector w = LINEAR.init(scope, DType.F64, Rng.seed(0)).withValues(minimum(-1, 0), scope);
            BatchGradients source = BatchGradients.of(LINEAR, Loss.HALF_SQUARED_ERROR, data);
            int[] all = source.first(X.length);
            Objective objective = source.objective(w, scope, all);
            SampleGradients gradients = source.samples(w, scope, all);
            ConjugateGradient solver = new ConjugateGradient(0, 10, 1e-13);
            for (int target = 0; target < X.length; target++) {
                Influence influence = Influence.on(
                        source.of(w, scope, target), (v, into) -> objective.hvp(w, v, into), solver, scope);
                assertThat(influence.solution().products()).isLessThanOrEqualTo(3); // two dimensions, and rounding
                double[] found = influence.of(gradients);
                for (int z = 0; z < X.length; z++) {
                    double h = 1e-4; // the difference errs by h^2 times the third derivative, about 1e-8 here
                    double difference = (loss(minimum(z, h), target) - loss(minimum(z, -h), target)) / (2 * h);
                    assertThat(found[z]).isCloseTo(difference, within(1e-6));
                }
            }
        });
    }

    @Test
    void conjugateGradientsSayWhereTheOperatorIsNotPositive() {
        Quadratic.onCpu(scope -> {
            ParameterVector b = LINEAR.init(scope, DType.F64, Rng.seed(0)).withValues(new double[] {3, 4}, scope);
            ConjugateGradient solver = new ConjugateGradient(1, 10, 1e-12);
            LinearSolver.Solution good = solver.solve((v, into) -> v.scale(4, into), b, scope);
            assertThat(good.converged()).isTrue();
            assertThat(good.products()).isEqualTo(1);
            assertThat(good.x().toDoubles()).containsExactly(new double[] {0.6, 0.8}, within(1e-15));
            LinearSolver.Solution bad = solver.solve((v, into) -> v.scale(-4, into), b, scope);
            assertThat(bad.positive()).isFalse();
            assertThat(bad.converged()).isFalse();
            assertThat(solver.solve((v, into) -> v.scale(4, into), b.zeros(scope), scope)
                            .converged())
                    .isTrue();
        });
        assertThatThrownBy(() -> new ConjugateGradient(-1, 10, 0.1)).hasMessageContaining("damping >= 0");
    }

    private static double selfInfluence(LinearSolver solver) {
        BatchGradients source = BatchGradients.of(Quadratic.NETWORK, Loss.HALF_SQUARED_ERROR, Quadratic.DATA);
        MetricTable table = new MetricTable();
        Quadratic.onCpu(scope -> {
            InfluenceProbe probe =
                    new InfluenceProbe(source, new InfluenceProbe.Options(2, 1, solver), Schedule.everyStep(), table);
            Quadratic.start(Quadratic.training(0.1).probe(probe), scope).run(1);
        });
        return Objects.requireNonNull(table.column("influence/self_mean").get(0L));
    }

    @Test
    void theProbeTakesEitherSolver() {
        // of the first example: gradient (2, 0), curvature diag(1, 19), of which a draw has (2, 0) or (0, 38)
        double exact = -4 / 1.1;
        assertThat(selfInfluence(new ConjugateGradient(0.1, 10, 1e-12))).isCloseTo(exact, within(1e-12));
        // draws scatter by 0.06 of it here, 4 of which; e^-7 is left out
        Lissa lissa = new Lissa(0.1, 30, 1, 200, 4, 0.5, Rng.seed(3));
        assertThat(selfInfluence(lissa)).isCloseTo(exact, within(-0.24 * exact));
        assertThatThrownBy(() -> selfInfluence(new Lissa(0.1, 0.5, 1, 200, 4, 0.5, Rng.seed(3))))
                .hasMessageContaining("lissa: diverges");
    }

    private static final int WRONG = 4;

    /** Two clouds far apart; example 4 of cloud 0 says that it is of cloud 1. */
    private static Dataset mislabelled() {
        Dataset blobs = Synthetic.gaussianBlobs(Rng.seed(5), 40, 2, 6, 2);
        int[] labels = new int[blobs.size()];
        for (int i = 0; i < labels.length; i++) {
            labels[i] = i == WRONG ? 1 : i % 2;
        }
        return blobs.withTargets(Column.labels(labels));
    }

    @Test
    void aChangedLabelHarmsItsOwnCloudIsHardAndIsLearntByHeart() {
        Network network = Network.of(Sequential.of(Linear.of(6, 2)));
        BatchGradients source = BatchGradients.of(network, Loss.CROSS_ENTROPY, mislabelled());
        MetricTable table = new MetricTable();
        Quadratic.onCpu(scope -> {
            TracInProbe tracin = new TracInProbe(source, 40, 1, table);
            Trainer trainer = Training.of(network, Loss.CROSS_ENTROPY, source.data())
                    .learningRate(0.3)
                    .probe(tracin)
                    .probe(new ExampleProbe(source, 40, Schedule.every(50), table))
                    .probe(new InfluenceProbe(
                            source,
                            new InfluenceProbe.Options(40, 40, new ConjugateGradient(1e-3, 60, 1e-8)),
                            Schedule.every(150),
                            table))
                    .start(scope, DType.F64, Rng.seed(1));
            trainer.run(151);
            ParameterVector w = trainer.weights();
            int[] all = source.first(40);
            SampleGradients gradients = source.samples(w, scope, all);
            Objective objective = source.objective(w, scope, all);
            ConjugateGradient solver = new ConjugateGradient(1e-3, 60, 1e-8);
            // on the mean of its cloud, itself left out
            double[] cloud = new double[40];
            for (int i = 0; i < 40; i += 2) {
                cloud[i] = i == WRONG ? 0 : 1.0 / 19;
            }
            ParameterVector target = ParameterVector.of(w.parameters(), gradients.weighted(cloud, scope));
            double[] harm = Influence.on(target, (v, into) -> objective.gaussNewton(w, v, into), solver, scope)
                    .of(gradients);
            assertThat(largest(harm)).isEqualTo(WRONG);
            assertThat(harm[WRONG]).isPositive();
            assertThat(largest(gradients.norms())).isEqualTo(WRONG);
            double[] self = new double[40];
            for (int i = 0; i < 40; i++) {
                self[i] = tracin.influences().influence(i, i);
            }
            assertThat(largest(self)).isEqualTo(WRONG);
            assertThat(tracin.influences().influence(WRONG, 0)).isNegative();
            assertThat(tracin.influences().influence(2, 0)).isPositive();
            assertThat(table.column("examples/grand_max").get(150L))
                    .isCloseTo(gradients.norms()[WRONG], within(1e-2)); // one step later
        });
        assertThat(table.column("examples/el2n_max").get(150L)).isGreaterThan(1);
        assertThat(table.column("tracin/within").get(150L))
                .isGreaterThan(table.column("tracin/between").get(150L));
        assertThat(table.column("influence/self_mean").get(150L)).isNegative();
        assertThat(table.column("influence/within").get(150L)).isNegative();
        assertThat(table.column("influence/residual").get(150L)).isLessThan(1e-8);
    }

    private static int largest(double... values) {
        int best = 0;
        for (int i = 1; i < values.length; i++) {
            best = values[i] > values[best] ? i : best;
        }
        return best;
    }

    @Test
    void tracInAddsUpRatesTimesInnerProducts() {
        Dataset data = Quadratic.DATA;
        BatchGradients source = BatchGradients.of(Quadratic.NETWORK, Loss.HALF_SQUARED_ERROR, data);
        MetricTable table = new MetricTable();
        Quadratic.onCpu(scope -> {
            TracInProbe probe = new TracInProbe(source, 2, 1, table);
            Quadratic.start(Quadratic.training(0.1).probe(probe), scope).run(2);
            // sample i has the gradient 2 lambda_i w_i e_i; w_1 goes from 1 to 0.9, w_2 from 0.05 to -0.045
            double first = 0.1 / 2 * (4 + 4 * 0.81);
            double second = 0.1 / 2 * 38 * 38 * (0.05 * 0.05 + 0.045 * 0.045);
            assertThat(probe.influences().influence(0, 0)).isCloseTo(first, within(1e-12));
            assertThat(probe.influences().influence(1, 1)).isCloseTo(second, within(1e-12));
            assertThat(probe.influences().influence(0, 1)).isZero();
        });
        assertThat(table.column("tracin/self_mean").get(1L)).isPositive();
    }
}
