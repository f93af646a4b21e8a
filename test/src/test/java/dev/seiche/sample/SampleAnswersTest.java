package dev.seiche.sample;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.seiche.autograd.Tape;
import dev.seiche.autograd.Var;
import dev.seiche.autograd.sample.ElementStatistics;
import dev.seiche.autograd.sample.Gram;
import dev.seiche.autograd.sample.Planner;
import dev.seiche.autograd.sample.Question;
import dev.seiche.autograd.sample.Route;
import dev.seiche.autograd.sample.SampleGradients;
import dev.seiche.autograd.sample.Sketch;
import dev.seiche.kernels.cpu.CpuBackend;
import dev.seiche.kernels.cpu.CpuOptions;
import dev.seiche.tensor.DType;
import dev.seiche.tensor.Rng;
import dev.seiche.tensor.Scope;
import dev.seiche.tensor.Shape;
import dev.seiche.tensor.Tensor;
import dev.seiche.testkit.Testbed;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Further questions to the gradients of samples, against the gradients themselves. */
class SampleAnswersTest {
    private static final int SAMPLES = 5;

    /** f64 rounding of a few hundred terms of size one. */
    private static final double TOLERANCE = 1e-11;

    private static void run(Consumer<Scope> body) {
        Testbed.run(() -> CpuBackend.open(CpuOptions.defaults()), body);
    }

    /** Every kind of model; the gradients of its samples as rows over all parameters, by hand. */
    private static void everyModel(Check check) {
        run(scope -> SampleCases.all(11).forEach(model -> {
            try (Scope step = scope.child("case")) {
                var recorded = model.record(step, DType.F64, SampleCase.first(SAMPLES));
                check.check(model, recorded.gradients(), rows(recorded.gradients(), step), step);
            } catch (RuntimeException | AssertionError e) {
                throw new AssertionError(model + ": " + e.getMessage(), e);
            }
        }));
    }

    private interface Check {
        void check(SampleCase model, SampleGradients gradients, double[][] rows, Scope scope);
    }

    private static double[][] rows(SampleGradients gradients, Scope scope) {
        List<List<Double>> rows = new ArrayList<>();
        for (int i = 0; i < gradients.samples(); i++) {
            rows.add(new ArrayList<>());
        }
        for (int leaf = 0; leaf < gradients.leaves(); leaf++) {
            double[] all = gradients.materialise(leaf, scope).toDoubles();
            for (int at = 0; at < all.length; at++) {
                rows.get(at / (all.length / gradients.samples())).add(all[at]);
            }
        }
        return rows.stream()
                .map(row -> row.stream().mapToDouble(Double::doubleValue).toArray())
                .toArray(double[][]::new);
    }

    private static double[] flat(List<Tensor> tensors) {
        return tensors.stream()
                .flatMapToDouble(t -> Arrays.stream(t.toDoubles()))
                .toArray();
    }

    private static double dot(double[] a, double[] b) {
        double sum = 0;
        for (int i = 0; i < a.length; i++) {
            sum += a[i] * b[i];
        }
        return sum;
    }

    private static double scale(double[][] rows) {
        double largest = 0;
        for (double[] row : rows) {
            largest = Math.max(largest, dot(row, row));
        }
        return largest;
    }

    @Test
    void keptGradientsAnswerLikeThoseOfTheRecordWhenItsScopeHasClosed() {
        run(scope -> SampleCases.all(12).forEach(model -> {
            try (Scope home = scope.child("home")) {
                SampleGradients kept;
                Gram gram;
                double[] squares;
                double[] mean;
                try (Scope record = home.child("record")) {
                    SampleGradients gradients = model.record(record, DType.F64, SampleCase.first(SAMPLES))
                            .gradients();
                    gram = gradients.gram();
                    squares = gradients.squaredNorms();
                    mean = flat(gradients.mean(record));
                    kept = gradients.keep(home);
                }
                SampleGradients other;
                try (Scope record = home.child("record")) {
                    other = model.record(record, DType.F64, 1, 2).gradients().keep(home);
                }
                double size = gram.toArray().length == 0 ? 1 : 1e-300;
                for (double square : squares) {
                    size = Math.max(size, square);
                }
                for (Route route : Route.values()) {
                    SampleGradients asked = kept.with(Planner.standard().with(Question.GRAM, route));
                    Gram again = asked.gram();
                    Gram others = asked.gram(other);
                    for (int i = 0; i < SAMPLES; i++) {
                        for (int j = 0; j < SAMPLES; j++) {
                            assertThat(again.get(i, j))
                                    .as("%s by %s", model, route)
                                    .isCloseTo(gram.get(i, j), within(TOLERANCE * size));
                        }
                        assertThat(others.get(i, 1)).isCloseTo(gram.get(i, 2), within(TOLERANCE * size));
                    }
                }
                double[] keptSquares = kept.squaredNorms();
                for (int i = 0; i < SAMPLES; i++) {
                    assertThat(keptSquares[i]).isCloseTo(squares[i], within(TOLERANCE * size));
                }
                assertThat(flat(kept.mean(home))).containsExactly(mean, within(TOLERANCE * Math.sqrt(size)));
            }
        }));
    }

    @Test
    void weightedSumsAreThoseOfTheRowsAndTransposeTheInnerProducts() {
        everyModel((model, gradients, rows, scope) -> {
            double[] u = {0.5, -1, 2, 0, 3};
            double[] expected = new double[rows[0].length];
            for (int i = 0; i < SAMPLES; i++) {
                for (int c = 0; c < expected.length; c++) {
                    expected[c] += u[i] * rows[i][c];
                }
            }
            List<Tensor> sum = gradients.weighted(u, scope);
            double size = Math.sqrt(scale(rows));
            assertThat(flat(sum)).containsExactly(expected, within(10 * TOLERANCE * size));
            double[] along = gradients.dot(sum);
            double[] atOnce = gradients.dots(List.of(gradients.mean(scope), sum))[1];
            double[] mean = gradients.dotMean();
            double[] centre = flat(gradients.mean(scope));
            for (int i = 0; i < SAMPLES; i++) {
                assertThat(along[i]).isCloseTo(dot(rows[i], expected), within(100 * TOLERANCE * size * size));
                assertThat(atOnce[i]).isCloseTo(along[i], within(TOLERANCE * size * size));
                assertThat(mean[i]).isCloseTo(dot(rows[i], centre), within(10 * TOLERANCE * size * size));
            }
            assertThatThrownBy(() -> gradients.weighted(new double[2], scope))
                    .hasMessageContaining("2 weights for 5 samples");
        });
    }

    @Test
    void groupsHaveTheMeansOfTheirSamples() {
        everyModel((model, gradients, rows, scope) -> {
            int[] group = {1, 0, 1, 3, 0};
            List<List<Tensor>> means = gradients.means(group, 4, scope);
            double size = Math.sqrt(scale(rows));
            for (int c = 0; c < rows[0].length; c++) {
                assertThat(flat(means.get(0))[c]).isCloseTo((rows[1][c] + rows[4][c]) / 2, within(TOLERANCE * size));
                assertThat(flat(means.get(3))[c]).isCloseTo(rows[3][c], within(TOLERANCE * size));
                assertThat(flat(means.get(2))[c]).isZero();
            }
            Gram gram = gradients.gram();
            double[][] blocks = gram.groupMeans(group, 4);
            assertThat(blocks[0][0]).isCloseTo(gram.get(1, 4), within(TOLERANCE * size * size));
            assertThat(blocks[0][1])
                    .isCloseTo(
                            (gram.get(1, 0) + gram.get(1, 2) + gram.get(4, 0) + gram.get(4, 2)) / 4,
                            within(TOLERANCE * size * size));
            assertThat(blocks[3][3]).isNaN();
        });
    }

    @Test
    void elementsHaveTheMeanVarianceAndSignsOfTheRows() {
        everyModel((model, gradients, rows, scope) -> {
            double size = scale(rows);
            for (long budget : new long[] {1 << 20, 1}) {
                ElementStatistics found =
                        gradients.with(Planner.standard().withBudget(budget)).elements(scope);
                double[] means = flat(found.mean());
                double[] variances = flat(found.variance());
                double[] agreements = flat(found.agreement());
                double[] ratios = flat(found.signalToNoise(scope));
                for (int c = 0; c < rows[0].length; c++) {
                    double mean = 0;
                    double signs = 0;
                    for (double[] row : rows) {
                        mean += row[c] / SAMPLES;
                        signs += Math.signum(row[c]) / SAMPLES;
                    }
                    double variance = 0;
                    for (double[] row : rows) {
                        variance += (row[c] - mean) * (row[c] - mean) / (SAMPLES - 1);
                    }
                    assertThat(means[c]).isCloseTo(mean, within(TOLERANCE * Math.sqrt(size)));
                    assertThat(variances[c]).isCloseTo(variance, within(TOLERANCE * size));
                    assertThat(agreements[c]).isCloseTo(Math.abs(signs), within(1e-15 * SAMPLES));
                    if (variance > 1e-6 * size) {
                        assertThat(ratios[c]).isCloseTo(mean * mean / variance, within(1e-4 * (1 + ratios[c])));
                    }
                }
            }
        });
    }

    @Test
    void oneSampleHasNoVariance() {
        run(scope -> assertThatThrownBy(() -> SampleCases.mlp(Rng.seed(1), 3, 4, 2)
                        .record(scope, DType.F64, 0)
                        .gradients()
                        .elements(scope))
                .hasMessageContaining("1 sample has no variance"));
    }

    @Test
    void weightDecayIsARankTwoUpdate() {
        double decay = 0.03;
        everyModel((model, gradients, rows, scope) -> {
            var recorded = model.record(scope, DType.F64, SampleCase.first(SAMPLES));
            Tape<Tensor> tape = recorded.tape();
            Var<Tensor> penalty = null;
            for (Var<Tensor> leaf : recorded.leaves()) {
                Var<Tensor> squares = tape.sum(tape.square(leaf));
                penalty = penalty == null ? squares : tape.add(penalty, squares);
            }
            Var<Tensor> losses = tape.add(recorded.losses(), tape.scale(Objects.requireNonNull(penalty), decay / 2));
            Gram expected = SampleGradients.of(tape, losses, recorded.leaves()).gram();
            List<Tensor> weights = model.weights(scope, DType.F64);
            double squared = dot(flat(weights), flat(weights));
            Gram updated = gradients.gram().withWeightDecay(decay, gradients.dot(weights), squared);
            double size = scale(rows) + decay * decay * squared;
            for (int i = 0; i < SAMPLES; i++) {
                for (int j = 0; j < SAMPLES; j++) {
                    assertThat(updated.get(i, j)).isCloseTo(expected.get(i, j), within(TOLERANCE * size));
                }
            }
        });
    }

    @Test
    void aSketchIsASumOverParametersAndDependsOnTheKeyOnly() {
        everyModel((model, gradients, rows, scope) -> {
            Rng key = Rng.seed(5);
            Sketch sketch = gradients.sketch(7, key);
            Sketch cut = gradients.with(Planner.standard().withBudget(1)).sketch(7, key);
            double size = Math.sqrt(scale(rows));
            for (int i = 0; i < SAMPLES; i++) {
                double[] sum = new double[7];
                for (int leaf = 0; leaf < gradients.leaves(); leaf++) {
                    double[] part = gradients.select(leaf).sketch(7, key).row(i);
                    for (int b = 0; b < 7; b++) {
                        sum[b] += part[b];
                    }
                }
                assertThat(sketch.row(i)).containsExactly(sum, within(TOLERANCE * size));
                assertThat(cut.row(i)).containsExactly(sum, within(TOLERANCE * size));
                assertThat(sketch.norm(i)).isCloseTo(Math.sqrt(dot(rows[i], rows[i])), within(TOLERANCE * size));
            }
            assertThatThrownBy(() -> gradients.sketch(0, key)).hasMessageContaining("0 buckets");
        });
    }

    @ParameterizedTest
    @CsvSource({"CPU, F64", "CPU, F32", "EMULATED, F64", "EMULATED, F32"})
    void sketchedProductsHaveTheMeanAndTheVarianceOfTheFormula(SampleDevice device, DType dtype) {
        device.run(scope -> {
            // loss_i = <x_i, w>, so row i is x_i: two vectors of 40 elements with heavy tails
            int size = 40;
            double[] x = new double[2 * size];
            Rng.seed(6).normal(x);
            for (int c = 0; c < x.length; c++) {
                x[c] = x[c] * x[c] * x[c] + (c < size ? 0 : x[c - size] / 2);
            }
            Tape<Tensor> tape = new Tape<>(scope.ops());
            Var<Tensor> w = tape.watch(
                    scope.tensor(dtype, Shape.of(size, 1), new double[size]).named("w"));
            Var<Tensor> in = tape.constant(scope.tensor(dtype, Shape.of(2, size), x));
            SampleGradients gradients = SampleGradients.of(tape, tape.reshape(tape.linear(in, w), 2), List.of(w));
            double[] a = Arrays.copyOfRange(x, 0, size);
            double[] b = Arrays.copyOfRange(x, size, 2 * size);
            double common = 0;
            for (int c = 0; c < size; c++) {
                common += a[c] * a[c] * b[c] * b[c];
            }
            int buckets = 8;
            double inner = dot(a, b);
            double variance = (dot(a, a) * dot(b, b) + inner * inner - 2 * common) / buckets;
            int keys = device == SampleDevice.CPU ? 5000 : 1000;
            double sum = 0;
            double squares = 0;
            double bars = 0;
            for (int key = 0; key < keys; key++) {
                Sketch sketch = gradients.sketch(buckets, Rng.seed(7).fold(key));
                double error = sketch.inner(0, sketch, 1) - inner;
                sum += error;
                squares += error * error;
                bars += sketch.standardError(0, sketch, 1) / keys;
            }
            // the mean of n errors has the deviation sd / sqrt(n): five of them
            assertThat(sum / keys).isCloseTo(0, within(5 * Math.sqrt(variance / keys)));
            // so has the mean of their squares, with a kurtosis that such tails keep below 30
            assertThat(squares / keys).isCloseTo(variance, within(5 * variance * Math.sqrt(30.0 / keys)));
            // the bar leaves the common elements out, so it is too long rather than too short
            assertThat(bars).isGreaterThan(Math.sqrt(variance));
        });
    }

    @Test
    void whatRanIsRecorded() {
        run(scope -> {
            SampleGradients gradients = SampleCases.mlp(Rng.seed(1), 3, 4, 2)
                    .record(scope, DType.F64, 0, 1, 2)
                    .gradients();
            assertThat(gradients.ran(Question.GRAM)).isEmpty();
            gradients.gram();
            assertThat(gradients.ran(Question.GRAM).orElseThrow().route("leaf 0"))
                    .isEqualTo(Route.CONTRACT);
            assertThat(gradients.ran(Question.NORMS)).isEmpty();
            SampleGradients ordered =
                    gradients.with(Planner.standard().with("leaf 0", Question.NORMS, Route.MATERIALISE));
            ordered.norms();
            assertThat(ordered.ran(Question.NORMS).orElseThrow().route("leaf 0"))
                    .isEqualTo(Route.MATERIALISE);
        });
    }
}
