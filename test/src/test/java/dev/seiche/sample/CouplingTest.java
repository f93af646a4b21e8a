package dev.seiche.sample;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.seiche.autograd.Tape;
import dev.seiche.autograd.Var;
import dev.seiche.autograd.sample.CoupledSamplesException;
import dev.seiche.autograd.sample.Coupling;
import dev.seiche.autograd.sample.Gram;
import dev.seiche.autograd.sample.Planner;
import dev.seiche.autograd.sample.Question;
import dev.seiche.autograd.sample.Route;
import dev.seiche.autograd.sample.SampleGradients;
import dev.seiche.tensor.DType;
import dev.seiche.tensor.Ops;
import dev.seiche.tensor.Rng;
import dev.seiche.tensor.Scope;
import dev.seiche.tensor.Shape;
import dev.seiche.tensor.Tensor;
import dev.seiche.tensor.Value;
import dev.seiche.tensor.op.ConvGeometry;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the gradient of a sample is where samples meet, and that it is never guessed. */
class CouplingTest {
    private static final int SAMPLES = 4;

    /** f64 rounding of a few hundred terms. */
    private static final double TOLERANCE = 1e-12;

    /** Convolution, batch norm with the batch's statistics, convolution, batch norm again, head. */
    private static SampleCase batchNorm() {
        return new SampleCase(
                "batch norm",
                new SampleCase.Model() {
                    @Override
                    public <T extends Value> T losses(Ops<T> k, List<T> w, List<T> x) {
                        T h = k.conv2d(x.get(0), w.get(0), ConvGeometry.of(1, 1));
                        h = k.tanh(k.batchNorm(h, w.get(1), w.get(2), 1e-2));
                        h = k.batchNorm(k.conv2d(h, w.get(3), ConvGeometry.of(2, 0)), w.get(4), w.get(5), 1e-2);
                        return k.halfSquaredError(k.linear(k.globalAvgPool2d(k.tanh(h)), w.get(6)), x.get(1));
                    }
                },
                List.of(
                        Shape.of(3, 3, 1, 3),
                        Shape.of(3),
                        Shape.of(3),
                        Shape.of(2, 2, 3, 2),
                        Shape.of(2),
                        Shape.of(2),
                        Shape.of(2, 2)),
                List.of(Shape.of(4, 4, 1), Shape.of(2)),
                0,
                Rng.seed(21));
    }

    private static void run(Consumer<Scope> body) {
        SampleDevice.CPU.run(body);
    }

    /** Rounding of a few hundred terms of size one: f64 1.1e-16, f32 6e-8, times some hundreds. */
    private static double tolerance(DType dtype) {
        return dtype == DType.F64 ? TOLERANCE : 5e-5;
    }

    /** The gradient of each loss of the batch, by a backward pass of its own: [sample][leaf][element]. */
    private static double[][][] separate(SampleCase model, Scope scope) {
        double[][][] rows = new double[SAMPLES][][];
        for (int i = 0; i < SAMPLES; i++) {
            try (Scope step = scope.child("separate")) {
                var recorded = model.record(step, DType.F64, SampleCase.first(SAMPLES));
                Tape<Tensor> tape = recorded.tape();
                var gradients = tape.backward(tape.sum(tape.slice(recorded.losses(), 0, i, i + 1)));
                rows[i] = recorded.leaves().stream()
                        .map(leaf -> gradients.of(leaf).toDoubles())
                        .toArray(double[][]::new);
            }
        }
        return rows;
    }

    private static double dot(double[][] a, double[][] b) {
        double sum = 0;
        for (int leaf = 0; leaf < a.length; leaf++) {
            for (int i = 0; i < a[leaf].length; i++) {
                sum += a[leaf][i] * b[leaf][i];
            }
        }
        return sum;
    }

    @Test
    void batchStatisticsAreRefusedWithTheNamesOfAllModes() {
        run(scope -> assertThatThrownBy(
                        () -> batchNorm().record(scope, DType.F64, 0, 1, 2).gradients())
                .isInstanceOf(CoupledSamplesException.class)
                .hasMessageContaining("standardise couples samples")
                .hasMessageContaining("FROZEN")
                .hasMessageContaining("EXACT")
                .hasMessageContaining("CONTRIBUTION"));
    }

    @Test
    void whatComesAfterTheBatchStatisticsIsNotCoupled() {
        run(scope -> {
            var recorded = batchNorm().record(scope, DType.F64, SampleCase.first(SAMPLES));
            SampleGradients after = SampleGradients.of(
                    recorded.tape(), recorded.losses(), recorded.leaves().subList(4, 7));
            double[][][] rows = separate(batchNorm(), scope);
            Gram gram = after.gram();
            for (int i = 0; i < SAMPLES; i++) {
                for (int j = 0; j < SAMPLES; j++) {
                    double expected = 0;
                    for (int leaf = 4; leaf < 7; leaf++) {
                        expected += dot(new double[][] {rows[i][leaf]}, new double[][] {rows[j][leaf]});
                    }
                    assertThat(gram.get(i, j)).isCloseTo(expected, within(TOLERANCE));
                }
            }
        });
    }

    @ParameterizedTest
    @CsvSource({"CPU, F64", "CPU, F32", "EMULATED, F64", "EMULATED, F32"})
    void exactIsABackwardPassOfEachLoss(SampleDevice device, DType dtype) {
        double tolerance = tolerance(dtype);
        device.run(scope -> {
            double[][][] rows = separate(batchNorm(), scope);
            // both ways: all gradients at once, and one at a time
            for (long budget : new long[] {1 << 20, 1}) {
                var recorded = batchNorm().record(scope, dtype, SampleCase.first(SAMPLES));
                SampleGradients exact = recorded.gradients(Coupling.EXACT)
                        .with(Planner.standard().withBudget(budget));
                double[] squares = exact.squaredNorms();
                Gram gram = exact.gram();
                List<Tensor> v = batchNorm().weights(scope, dtype);
                double[] dots = exact.dot(v);
                double[][] direction = v.stream().map(Tensor::toDoubles).toArray(double[][]::new);
                for (int i = 0; i < SAMPLES; i++) {
                    assertThat(squares[i]).isCloseTo(dot(rows[i], rows[i]), within(tolerance));
                    assertThat(dots[i]).isCloseTo(dot(rows[i], direction), within(tolerance));
                    for (int j = 0; j < SAMPLES; j++) {
                        assertThat(gram.get(i, j)).isCloseTo(dot(rows[i], rows[j]), within(tolerance));
                    }
                }
                List<Tensor> square = exact.secondMoment(scope);
                for (int leaf = 0; leaf < rows[0].length; leaf++) {
                    double[] all = exact.materialise(leaf, scope).toDoubles();
                    double[] moment = square.get(leaf).toDoubles();
                    for (int e = 0; e < moment.length; e++) {
                        double expected = 0;
                        for (int i = 0; i < SAMPLES; i++) {
                            assertThat(all[i * moment.length + e]).isCloseTo(rows[i][leaf][e], within(tolerance));
                            expected += rows[i][leaf][e] * rows[i][leaf][e] / SAMPLES;
                        }
                        assertThat(moment[e]).isCloseTo(expected, within(tolerance));
                    }
                }
            }
        });
    }

    @Test
    void exactSaysWhatItTakes() {
        run(scope -> {
            SampleGradients exact =
                    batchNorm().record(scope, DType.F64, 0, 1, 2).gradients(Coupling.EXACT);
            assertThat(exact.plan(Question.DOT).lines()).allMatch(line -> line.route() == Route.JVP);
            assertThat(exact.plan(Question.NORMS).lines()).allMatch(line -> line.route() == Route.BACKWARD);
        });
    }

    @ParameterizedTest
    @CsvSource({"CPU, F64", "CPU, F32", "EMULATED, F64", "EMULATED, F32"})
    void contributionsSumToTheBatchGradient(SampleDevice device, DType dtype) {
        double tolerance = tolerance(dtype);
        device.run(scope -> {
            var recorded = batchNorm().record(scope, dtype, SampleCase.first(SAMPLES));
            SampleGradients contributions = recorded.gradients(Coupling.CONTRIBUTION);
            List<Tensor> summed = recorded.summed();
            for (int leaf = 0; leaf < summed.size(); leaf++) {
                double[] expected = summed.get(leaf).toDoubles();
                double[] rows = contributions.materialise(leaf, scope).toDoubles();
                for (int e = 0; e < expected.length; e++) {
                    double sum = 0;
                    for (int i = 0; i < SAMPLES; i++) {
                        sum += rows[i * expected.length + e];
                    }
                    assertThat(sum).isCloseTo(expected[e], within(tolerance));
                }
            }
            // and they are not the derivatives of the losses
            double[] exact = recorded.gradients(Coupling.EXACT).squaredNorms();
            assertThat(contributions.squaredNorms()[0]).isNotCloseTo(exact[0], within(1e-3 * exact[0]));
        });
    }

    @Test
    void aContributionIsWhatComesThroughTheSamplesOwnActivations() {
        run(scope -> {
            Tensor x = normal(scope, 1, Shape.of(SAMPLES, 3));
            Tensor w = normal(scope, 2, Shape.of(3, 2));
            Tensor scale = normal(scope, 3, Shape.of(2));
            Tensor shift = normal(scope, 4, Shape.of(2));
            Tape<Tensor> tape = new Tape<>(scope.ops());
            Var<Tensor> weight = tape.watch(w);
            Var<Tensor> z = tape.linear(tape.constant(x), weight);
            SampleGradients contributions =
                    SampleGradients.of(tape, normalised(tape, z, scale, shift), List.of(weight), Coupling.CONTRIBUTION);

            Tape<Tensor> from = new Tape<>(scope.ops());
            Var<Tensor> leaf = from.watch(z.value());
            double[] dz = from.backward(from.sum(normalised(from, leaf, scale, shift)))
                    .of(leaf)
                    .toDoubles();
            double[] rows = contributions.materialise(0, scope).toDoubles();
            double[] in = x.toDoubles();
            for (int i = 0; i < SAMPLES; i++) {
                for (int d = 0; d < 3; d++) {
                    for (int p = 0; p < 2; p++) {
                        assertThat(rows[(i * 3 + d) * 2 + p])
                                .isCloseTo(in[i * 3 + d] * dz[i * 2 + p], within(TOLERANCE));
                    }
                }
            }
        });
    }

    private static Var<Tensor> normalised(Tape<Tensor> tape, Var<Tensor> z, Tensor scale, Tensor shift) {
        Var<Tensor> y = tape.batchNorm(z, tape.constant(scale), tape.constant(shift), 1e-2);
        return tape.perSampleSum(tape.log1p(tape.square(y)));
    }

    private static Tensor normal(Scope scope, long key, Shape shape) {
        double[] values = new double[Math.toIntExact(shape.size())];
        Rng.seed(key).normal(values);
        return scope.tensor(DType.F64, shape, values);
    }

    /** Losses [B] of h[B, B] that was computed with a weight. */
    @FunctionalInterface
    private interface Losses {
        Var<Tensor> of(Tape<Tensor> k, Var<Tensor> h);
    }

    private static SampleGradients of(Scope scope, Losses losses, Coupling coupling) {
        Tape<Tensor> tape = new Tape<>(scope.ops());
        Var<Tensor> w = tape.watch(normal(scope, 5, Shape.of(3, SAMPLES)));
        Var<Tensor> h = tape.tanh(tape.linear(tape.constant(normal(scope, 6, Shape.of(SAMPLES, 3))), w));
        return SampleGradients.of(tape, losses.of(tape, h), List.of(w), coupling);
    }

    private static void refused(Losses losses, String why) {
        run(scope ->
                assertThatThrownBy(() -> of(scope, losses, Coupling.FROZEN)).hasMessageContaining(why));
    }

    @Test
    void lossesOverPairsOfSamplesAreRefused() {
        refused((k, h) -> k.sum(k.square(k.matmul(h, h, false, true)), 1), "couples samples");
        refused((k, h) -> k.sum(k.mul(h, k.sum(h)), 1), "couples samples");
        refused((k, h) -> k.sum(k.add(h, k.transpose(h, 1, 0)), 1), "in one place and not in another");
    }

    @Test
    void opsAlongTheSampleAxisAreRefused() {
        refused((k, h) -> k.sum(k.softmax(h, 0), 1), "softmax couples samples");
        refused((k, h) -> k.sum(k.concat(0, List.of(k.slice(h, 0, 2, 4), k.slice(h, 0, 0, 2))), 1), "concat");
        refused((k, h) -> k.slice(k.sum(h, 1), 0, 0, 2), "slice couples samples");
        refused((k, h) -> k.sum(k.reshape(k.reshape(h, 2, 8), SAMPLES, 4), 1), "reshape");
    }

    @Test
    void contributionsOfLossesOverPairsSumToTheBatchGradient() {
        run(scope -> {
            Losses losses = (k, h) -> k.sum(k.square(k.matmul(h, h, false, true)), 1);
            SampleGradients contributions = of(scope, losses, Coupling.CONTRIBUTION);
            double[] mean = contributions.mean(scope).get(0).toDoubles();
            double[] exact =
                    of(scope, losses, Coupling.EXACT).mean(scope).get(0).toDoubles();
            assertThat(mean).containsExactly(exact, within(TOLERANCE));
        });
    }

    @Test
    void whatIsAskedForMustMakeSense() {
        run(scope -> {
            Tape<Tensor> tape = new Tape<>(scope.ops());
            Var<Tensor> x = tape.watch(normal(scope, 7, Shape.of(SAMPLES, 3)));
            Var<Tensor> loss = tape.mean(tape.square(x));
            assertThatThrownBy(() -> SampleGradients.of(tape, loss, List.of(x)))
                    .hasMessageContaining("one loss per sample [B]");
            Var<Tensor> losses = tape.sum(tape.square(x), 1);
            assertThatThrownBy(() -> SampleGradients.of(tape, losses, List.of(x)))
                    .hasMessageContaining("a leaf holds the samples itself");
            assertThatThrownBy(() -> SampleGradients.of(tape, losses, List.of(losses)))
                    .hasMessageContaining("not a leaf");
        });
    }
}
