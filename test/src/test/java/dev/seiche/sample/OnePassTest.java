package dev.seiche.sample;

import static org.assertj.core.api.Assertions.assertThat;

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
import dev.seiche.tensor.op.ConvGeometry;
import dev.seiche.testkit.Draw;
import dev.seiche.testkit.Testbed;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What is read in one pass is what composed ops give, which a budget of one byte leaves as the only ones. */
class OnePassTest {
    private static final Planner COMPOSED = Planner.standard().withBudget(1);

    private static final Planner MATERIALISED = Planner.standard().with(Question.GRAM, Route.MATERIALISE);

    @Property(tries = 60)
    void everyAnswerOfEveryRouteIsThatOfComposedOps(@ForAll long seed) {
        for (DType dtype : List.of(DType.F64, DType.F32)) {
            // sums of at most some thousand products of numbers below 1
            double tolerance = dtype == DType.F64 ? 1e-12 : 1e-4;
            Testbed.run(() -> CpuBackend.open(CpuOptions.defaults()), scope -> {
                SampleGradients gradients = drawn(scope, seed, dtype);
                List<double[]> composed = answers(gradients.with(COMPOSED), scope, seed);
                for (Route route : List.of(Route.CONTRACT, Route.SHIFT, Route.MATERIALISE)) {
                    Planner planner = Planner.standard();
                    for (Question question : Question.values()) {
                        planner = planner.with(question, route);
                    }
                    List<double[]> read = answers(gradients.with(planner), scope, seed);
                    for (int k = 0; k < composed.size(); k++) {
                        close(read.get(k), composed.get(k), tolerance, route + ", answer " + k);
                    }
                }
            });
        }
    }

    @Test
    void aLayerWithOneUseIsPlannedWithinTheMemoryOfOnePass() {
        Testbed.run(() -> CpuBackend.open(CpuOptions.defaults()), scope -> {
            SampleGradients gradients = drawn(scope, 1, DType.F32);

            assertThat(gradients.shapes().get(0).fused()).isTrue();
            assertThat(gradients.plan(Question.GRAM).lines().get(0).bytes())
                    .isLessThan((double) Planner.standard().budget());
        });
    }

    /** More samples than a block has, and channels and filters that fill tiles and leave some over. */
    @ParameterizedTest
    @EnumSource(names = {"F32", "F64"})
    void blocksAndTilesAddUpToTheSameForAnyNumberOfThreads(DType dtype) {
        List<double[]> first = new ArrayList<>();
        for (int threads = 1; threads <= 3; threads++) {
            CpuOptions options = CpuOptions.defaults().withThreads(threads);
            Testbed.run(() -> CpuBackend.open(options), scope -> {
                Tape<Tensor> tape = new Tape<>(scope.ops());
                Var<Tensor> kernel = tape.watch(normal(scope, 1, dtype, 3, 3, 19, 75));
                Var<Tensor> image = tape.constant(normal(scope, 2, dtype, 37, 5, 5, 19));
                Var<Tensor> map = tape.conv2d(image, kernel, ConvGeometry.of(2, 1));
                Var<Tensor> bias = tape.watch(normal(scope, 3, dtype, 75));
                Var<Tensor> vector = tape.mean(tape.tanh(tape.add(map, bias)), 1, 2);
                Var<Tensor> weight = tape.watch(normal(scope, 4, dtype, 75, 41));
                Var<Tensor> losses = tape.sum(tape.tanh(tape.linear(vector, weight)), 1);
                SampleGradients gradients = SampleGradients.of(tape, losses, List.of(kernel, bias, weight));
                for (int leaf = 0; leaf < 3; leaf++) {
                    SampleGradients one = gradients.select(leaf).with(MATERIALISED);
                    double[] read =
                            values(leaf == 2 ? one.with(Planner.standard()).gram() : one.gram());
                    double[] rows = one.materialise(0, scope).toDoubles();
                    double[] expected = new double[37 * 37];
                    int size = rows.length / 37;
                    for (int k = 0; k < expected.length; k++) {
                        for (int c = 0; c < size; c++) {
                            expected[k] += rows[k / 37 * size + c] * rows[k % 37 * size + c];
                        }
                    }
                    // sums of up to 13 thousand products, in f32 over thousands at a time
                    close(read, expected, dtype == DType.F64 ? 1e-12 : 1e-5, "leaf " + leaf);
                    if (first.size() <= leaf) {
                        first.add(read);
                    }
                    assertThat(read).as("leaf %d", leaf).isEqualTo(first.get(leaf));
                }
            });
        }
    }

    private static double[] values(Gram gram) {
        double[] values = new double[gram.rows() * gram.columns()];
        gram.addTo(values);
        return values;
    }

    /** A convolution or a linear layer with some positions, each loss the inner product of its result with random numbers. */
    private static SampleGradients drawn(Scope scope, long seed, DType dtype) {
        Draw d = new Draw(Rng.seed(seed).fold("one pass"));
        int samples = d.between(2, 9);
        Tape<Tensor> tape = new Tape<>(scope.ops());
        Var<Tensor> w;
        Var<Tensor> y;
        if (d.chance(0.3)) {
            int in = d.ragged();
            w = tape.watch(normal(scope, seed, dtype, in, d.dim()));
            y = tape.linear(tape.constant(normal(scope, seed + 1, dtype, samples, d.dim(), in)), w);
        } else {
            int groups = d.between(1, 2);
            int kernel = d.between(1, 3);
            ConvGeometry g = ConvGeometry.of(d.between(1, 2), d.between(0, 2))
                    .withDilation(d.between(1, 2))
                    .withGroups(groups);
            int size = 2 * kernel + d.between(0, 3);
            int in = groups * d.dim();
            w = tape.watch(normal(scope, seed, dtype, kernel, kernel, in / groups, groups * d.dim()));
            y = tape.conv2d(tape.constant(normal(scope, seed + 1, dtype, samples, size, size, in)), w, g);
        }
        int[] dims = y.shape().dims();
        Var<Tensor> products = tape.mul(y, tape.constant(normal(scope, seed + 2, dtype, dims)));
        Var<Tensor> losses = tape.sum(tape.flatten(products, 1), 1);
        return SampleGradients.of(tape, losses, List.of(w));
    }

    private static Tensor normal(Scope scope, long seed, DType dtype, int... dims) {
        Shape shape = Shape.of(dims);
        double[] values = new double[Math.toIntExact(shape.size())];
        Rng.seed(seed).normal(values);
        return scope.tensor(dtype, shape, values);
    }

    private static List<double[]> answers(SampleGradients gradients, Scope scope, long seed) {
        List<double[]> all = new ArrayList<>();
        all.add(gradients.squaredNorms());
        double[] gram = new double[gradients.samples() * gradients.samples()];
        gradients.gram().addTo(gram);
        all.add(gram);
        List<Tensor> mean = gradients.mean(scope);
        Tensor other =
                normal(scope, seed + 3, mean.get(0).dtype(), mean.get(0).shape().dims());
        all.addAll(List.of(gradients.dots(List.of(mean, List.of(other), List.of(other)))));
        all.add(gradients.secondMoment(scope).get(0).toDoubles());
        ElementStatistics elements = gradients.elements(scope);
        all.add(elements.mean().get(0).toDoubles());
        all.add(elements.variance().get(0).toDoubles());
        all.add(elements.agreement().get(0).toDoubles());
        Sketch sketch = gradients.sketch(7, Rng.seed(5));
        for (int i = 0; i < sketch.samples(); i++) {
            all.add(sketch.row(i));
            all.add(new double[] {sketch.norm(i)});
        }
        return all;
    }

    private static void close(double[] actual, double[] expected, double tolerance, String what) {
        double scale = 1;
        for (double value : expected) {
            scale = Math.max(scale, Math.abs(value));
        }
        for (int i = 0; i < expected.length; i++) {
            assertThat(Math.abs(actual[i] - expected[i]))
                    .as("%s, element %d: %s, expected %s", what, i, actual[i], expected[i])
                    .isLessThanOrEqualTo(tolerance * scale);
        }
    }
}
