package dev.seiche.sample;

import static org.assertj.core.api.Assertions.assertThat;

import dev.seiche.autograd.sample.Coupling;
import dev.seiche.autograd.sample.Gram;
import dev.seiche.autograd.sample.Planner;
import dev.seiche.autograd.sample.Question;
import dev.seiche.autograd.sample.Route;
import dev.seiche.autograd.sample.SampleGradients;
import dev.seiche.autograd.sample.Sketch;
import dev.seiche.metrics.curvature.SymmetricEigen;
import dev.seiche.tensor.DType;
import dev.seiche.tensor.Rng;
import dev.seiche.tensor.Scope;
import dev.seiche.tensor.Shape;
import dev.seiche.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;

/** What holds for the gradients of samples, of every kind of model at random sizes, on every device and in both dtypes. */
abstract class SampleLaws {
    private static final int SAMPLES = 4;

    abstract SampleDevice device();

    private interface Law {
        void check(SampleCase model, Scope scope, DType dtype, double tolerance);
    }

    /** Rounding of a few hundred terms: f64 1.1e-16, f32 6e-8, each times about a thousand. */
    private void everywhere(long seed, Law law) {
        device().run(scope -> {
            SampleCases.all(seed).forEach(model -> {
                for (DType dtype : List.of(DType.F64, DType.F32)) {
                    try (Scope step = scope.child("case")) {
                        law.check(model, step, dtype, dtype == DType.F64 ? 1e-12 : 5e-5);
                    } catch (RuntimeException | AssertionError e) {
                        throw new AssertionError(model + " in " + dtype + ": " + e.getMessage(), e);
                    }
                }
            });
        });
    }

    /** Each sample's gradient by a backward pass of that sample alone: [sample][leaf][element]. */
    private static double[][][] alone(SampleCase model, Scope scope, int... samples) {
        double[][][] rows = new double[samples.length][][];
        for (int i = 0; i < samples.length; i++) {
            try (Scope step = scope.child("alone")) {
                rows[i] = model.record(step, DType.F64, samples[i]).summed().stream()
                        .map(Tensor::toDoubles)
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

    private static void close(double actual, double expected, double scale, double tolerance, String what) {
        assertThat(Math.abs(actual - expected))
                .as("%s: %s, expected %s", what, actual, expected)
                .isLessThanOrEqualTo(tolerance * scale + 1e-300);
    }

    private static double norm(double[][] g) {
        return Math.sqrt(dot(g, g));
    }

    private static void checkGram(Gram gram, double[][][] rows, double[][][] columns, double tolerance, String what) {
        for (int i = 0; i < rows.length; i++) {
            for (int j = 0; j < columns.length; j++) {
                double scale = norm(rows[i]) * norm(columns[j]);
                close(gram.get(i, j), dot(rows[i], columns[j]), scale, tolerance, what + " of " + i + ", " + j);
            }
        }
    }

    private List<Planner> planners(Question question) {
        List<Planner> out =
                new ArrayList<>(List.of(Planner.standard(), Planner.standard().withBudget(1)));
        for (Route route : Route.values()) {
            if (route != Route.JOINED) {
                // that one is taken unless another is ordered
                out.add(Planner.standard().with(question, route));
            }
        }
        if (device() == SampleDevice.CPU) {
            // how products are cut is the same on every device, and an emulated launch is slow
            for (Route route : List.of(Route.CONTRACT, Route.SHIFT, Route.MATERIALISE)) {
                out.add(Planner.standard().with(question, route).withBudget(3000));
            }
        }
        return out;
    }

    @Property
    void rowIsTheGradientOfThatSampleAlone(@ForAll @LongRange(min = 0, max = 1_000_000) long seed) {
        everywhere(seed, (model, scope, dtype, tolerance) -> {
            double[][][] rows = alone(model, scope, SampleCase.first(SAMPLES));
            SampleGradients gradients =
                    model.record(scope, dtype, SampleCase.first(SAMPLES)).gradients();
            for (int leaf = 0; leaf < gradients.leaves(); leaf++) {
                Tensor all = gradients.materialise(leaf, scope);
                assertThat(all.shape())
                        .isEqualTo(Shape.of(SAMPLES).concat(model.weights().get(leaf)));
                double[] values = all.toDoubles();
                int size = values.length / SAMPLES;
                for (int i = 0; i < values.length; i++) {
                    double[][] row = rows[i / size];
                    close(values[i], row[leaf][i % size], norm(row), tolerance, "leaf " + leaf + " element " + i);
                }
            }
        });
    }

    @Property
    void normsAreThoseOfTheRowsByEveryRouteWithinEveryBudget(@ForAll @LongRange(min = 0, max = 1_000_000) long seed) {
        everywhere(seed, (model, scope, dtype, tolerance) -> {
            double[][][] rows = alone(model, scope, SampleCase.first(SAMPLES));
            SampleGradients gradients =
                    model.record(scope, dtype, SampleCase.first(SAMPLES)).gradients();
            for (Planner planner : planners(Question.NORMS)) {
                double[] squares = gradients.with(planner).squaredNorms();
                for (int i = 0; i < SAMPLES; i++) {
                    close(squares[i], dot(rows[i], rows[i]), dot(rows[i], rows[i]), tolerance, "norm " + i);
                }
            }
        });
    }

    @Property
    void gramIsThatOfTheRowsByEveryRouteWithinEveryBudget(@ForAll @LongRange(min = 0, max = 1_000_000) long seed) {
        everywhere(seed, (model, scope, dtype, tolerance) -> {
            double[][][] rows = alone(model, scope, SampleCase.first(SAMPLES));
            double[][][] columns = alone(model, scope, 7, 8, 9);
            var recorded = model.record(scope, dtype, SampleCase.first(SAMPLES));
            SampleGradients mine = recorded.gradients();
            SampleGradients others = model.record(scope, dtype, 7, 8, 9).gradients();
            SampleGradients one = model.record(scope, dtype, 7).gradients();
            for (Planner planner : planners(Question.GRAM)) {
                SampleGradients gradients = mine.with(planner);
                checkGram(gradients.gram(), rows, rows, tolerance, "gram");
                checkGram(gradients.gram(others), rows, columns, tolerance, "gram with others");
                checkGram(gradients.gram(one), rows, alone(model, scope, 7), tolerance, "gram with one");
                checkGram(one.with(planner).gram(mine), alone(model, scope, 7), rows, tolerance, "gram of one");
            }
            SampleGradients exact = recorded.gradients(Coupling.EXACT);
            checkGram(exact.gram(), rows, rows, tolerance, "exact gram");
            checkGram(exact.gram(mine), rows, rows, tolerance, "exact gram with factors");
        });
    }

    @Property
    void dotWithADirectionIsThatOfTheRowsByEveryRoute(@ForAll @LongRange(min = 0, max = 1_000_000) long seed) {
        everywhere(seed, (model, scope, dtype, tolerance) -> {
            double[][][] rows = alone(model, scope, SampleCase.first(SAMPLES));
            var recorded = model.record(scope, dtype, SampleCase.first(SAMPLES));
            SampleCase other = new SampleCase(
                    "",
                    model.model(),
                    model.weights(),
                    model.inputs(),
                    model.ids(),
                    Rng.seed(seed).fold("v"));
            List<Tensor> v = other.weights(scope, dtype);
            double[][] direction = v.stream().map(Tensor::toDoubles).toArray(double[][]::new);
            List<SampleGradients> all = new ArrayList<>(List.of(recorded.gradients(Coupling.EXACT)));
            planners(Question.DOT)
                    .forEach(planner -> all.add(recorded.gradients().with(planner)));
            for (SampleGradients gradients : all) {
                double[] dots = gradients.dots(List.of(v, v))[1];
                for (int i = 0; i < SAMPLES; i++) {
                    close(dots[i], dot(rows[i], direction), norm(rows[i]) * norm(direction), tolerance, "dot " + i);
                }
            }
        });
    }

    @Property
    void rowsSumToTheBatchGradientAndSquareToTheSecondMoment(@ForAll @LongRange(min = 0, max = 1_000_000) long seed) {
        everywhere(seed, (model, scope, dtype, tolerance) -> {
            double[][][] rows = alone(model, scope, SampleCase.first(SAMPLES));
            var recorded = model.record(scope, dtype, SampleCase.first(SAMPLES));
            double scale =
                    Arrays.stream(rows).mapToDouble(SampleLaws::norm).max().orElseThrow();
            List<Tensor> summed = recorded.summed();
            for (Coupling coupling : Coupling.values()) {
                SampleGradients gradients = recorded.gradients(coupling);
                List<Tensor> mean = gradients.mean(scope);
                for (Planner planner : planners(Question.SECOND_MOMENT)) {
                    List<Tensor> square = gradients.with(planner).secondMoment(scope);
                    for (int leaf = 0; leaf < square.size(); leaf++) {
                        double[] sum = summed.get(leaf).toDoubles();
                        double[] means = mean.get(leaf).toDoubles();
                        double[] squares = square.get(leaf).toDoubles();
                        for (int i = 0; i < sum.length; i++) {
                            double expected = 0;
                            for (double[][] row : rows) {
                                expected += row[leaf][i] * row[leaf][i] / SAMPLES;
                            }
                            close(means[i] * SAMPLES, sum[i], SAMPLES * scale, tolerance, "sum");
                            close(squares[i], expected, scale * scale, tolerance, "second moment");
                        }
                    }
                }
            }
        });
    }

    @Property
    void leavesAddUp(@ForAll @LongRange(min = 0, max = 1_000_000) long seed) {
        everywhere(seed, (model, scope, dtype, tolerance) -> {
            SampleGradients gradients =
                    model.record(scope, dtype, SampleCase.first(SAMPLES)).gradients();
            List<Gram> parts = IntStream.range(0, gradients.leaves())
                    .mapToObj(leaf -> gradients.select(leaf).gram())
                    .toList();
            Gram apart = gradients
                    .with(Planner.standard().with(Question.GRAM, Route.DIRECT))
                    .gram();
            Gram joined = gradients.gram();
            // whatever the dtype, the products of each leaf are the same numbers in the total and alone, added in f64
            // in
            // another order: some dozens of additions of 1.1e-16
            double adding = 1e-13;
            // a bias in its weight's product: (x x' + 1) dy dy' instead of x x' dy dy' + dy dy', sums of at most 7 and
            // 18
            // products and three roundings more, on both ways: 2 (7 + 18 + 3) of the dtype's
            double multiplying = 56 * (dtype == DType.F64 ? 0x1p-53 : 0x1p-24);
            for (int i = 0; i < SAMPLES; i++) {
                for (int j = 0; j < SAMPLES; j++) {
                    double sum = 0;
                    double terms = 0;
                    for (Gram part : parts) {
                        sum += part.get(i, j);
                        terms += Math.sqrt(Math.abs(part.get(i, i) * part.get(j, j)));
                    }
                    close(apart.get(i, j), sum, terms, adding, "sum over leaves");
                    close(joined.get(i, j), sum, terms, adding + multiplying, "sum over leaves, biases joined");
                }
            }
        });
    }

    @Property
    void gramIsSymmetricPositiveAndFollowsPermutationsDuplicatesAndScales(
            @ForAll @LongRange(min = 0, max = 1_000_000) long seed, @ForAll @IntRange(min = -3, max = 3) int scale) {
        everywhere(seed, (model, scope, dtype, tolerance) -> {
            Gram gram = model.record(scope, dtype, SampleCase.first(SAMPLES))
                    .gradients()
                    .gram();
            int[] order = {2, 0, 3, 1, 2};
            Gram moved = model.record(scope, dtype, order).gradients().gram();
            Gram scaled = model.record(scope, dtype, scale, SampleCase.first(SAMPLES))
                    .gradients()
                    .gram();
            double[][] cosines = gram.cosines();
            for (int i = 0; i < order.length; i++) {
                for (int j = 0; j < order.length; j++) {
                    double size = Math.sqrt(gram.get(order[i], order[i]) * gram.get(order[j], order[j]));
                    close(moved.get(i, j), gram.get(order[i], order[j]), size, tolerance, "permuted");
                }
            }
            for (int i = 0; i < SAMPLES; i++) {
                for (int j = 0; j < SAMPLES; j++) {
                    double size = Math.sqrt(gram.get(i, i) * gram.get(j, j));
                    assertThat(gram.get(i, j)).isEqualTo(gram.get(j, i));
                    close(scaled.get(i, j), scale * scale * gram.get(i, j), scale * scale * size, tolerance, "scaled");
                    // the raw ratio, before it is limited to [-1, 1]
                    assertThat(Math.abs(gram.get(i, j))).isLessThanOrEqualTo(size * (1 + tolerance) + 1e-300);
                    if (size > 0) {
                        assertThat(cosines[i][j]).isBetween(-1.0, 1.0);
                    } else {
                        assertThat(cosines[i][j]).isNaN();
                    }
                }
            }
            double[] falling = SymmetricEigen.of(gram.toArray(), SAMPLES).values();
            assertThat(falling[SAMPLES - 1]).isGreaterThanOrEqualTo(-tolerance * SAMPLES * falling[0]);
        });
    }

    @Property
    void chunksMakeUpTheGramOfTheWhole(@ForAll @LongRange(min = 0, max = 1_000_000) long seed) {
        everywhere(seed, (model, scope, dtype, tolerance) -> {
            Gram whole = model.record(scope, dtype, SampleCase.first(SAMPLES))
                    .gradients()
                    .gram();
            for (int chunk = 1; chunk < SAMPLES; chunk++) {
                List<SampleGradients> chunks = new ArrayList<>();
                for (int from = 0; from < SAMPLES; from += chunk) {
                    int[] ids = IntStream.range(from, Math.min(SAMPLES, from + chunk))
                            .toArray();
                    chunks.add(model.record(scope, dtype, ids).gradients());
                }
                for (int i = 0; i < SAMPLES; i++) {
                    for (int j = 0; j < SAMPLES; j++) {
                        double part = chunks.get(i / chunk)
                                .gram(chunks.get(j / chunk))
                                .get(i % chunk, j % chunk);
                        double size = Math.sqrt(whole.get(i, i) * whole.get(j, j));
                        close(part, whole.get(i, j), size, tolerance, "chunks of " + chunk);
                    }
                }
            }
        });
    }

    @Property
    void noSamplesHaveNoGradients(@ForAll @LongRange(min = 0, max = 1_000_000) long seed) {
        everywhere(seed, (model, scope, dtype, tolerance) -> {
            var none = model.record(scope, dtype);
            for (Coupling coupling : Coupling.values()) {
                SampleGradients gradients = none.gradients(coupling);
                assertThat(gradients.norms()).isEmpty();
                assertThat(gradients.gram().rows()).isZero();
                assertThat(gradients.materialise(0, scope).shape())
                        .isEqualTo(Shape.of(0).concat(model.weights().get(0)));
                assertThat(gradients.dot(model.weights(scope, dtype))).isEmpty();
                Gram gram = model.record(scope, dtype, 0, 1).gradients().gram(gradients);
                assertThat(List.of(gram.rows(), gram.columns())).containsExactly(2, 0);
            }
        });
    }

    @Property
    void sketchesAreThoseOfTheRowsOnEveryDevice(@ForAll @LongRange(min = 0, max = 1_000_000) long seed) {
        Rng key = Rng.seed(seed).fold("sketch");
        everywhere(seed, (model, scope, dtype, tolerance) -> {
            double[][][] rows = alone(model, scope, SampleCase.first(SAMPLES));
            Sketch sketch = model.record(scope, dtype, SampleCase.first(SAMPLES))
                    .gradients()
                    .sketch(5, key);
            for (int i = 0; i < SAMPLES; i++) {
                double[] expected = new double[5];
                for (int leaf = 0; leaf < rows[i].length; leaf++) {
                    Rng mine = key.fold("leaf " + leaf);
                    for (int c = 0; c < rows[i][leaf].length; c++) {
                        long bits = mine.bits(c);
                        int bucket = (int) Math.unsignedMultiplyHigh(bits, 5);
                        expected[bucket] += ((bits & 1) == 0 ? 1 : -1) * rows[i][leaf][c];
                    }
                }
                double size = norm(rows[i]);
                close(sketch.norm(i), size, size, tolerance, "norm");
                for (int b = 0; b < 5; b++) {
                    close(sketch.row(i)[b], expected[b], size, tolerance, "bucket " + b);
                }
            }
        });
    }
}
