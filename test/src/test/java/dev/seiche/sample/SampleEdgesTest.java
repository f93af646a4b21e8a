package dev.seiche.sample;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.seiche.autograd.Tape;
import dev.seiche.autograd.Var;
import dev.seiche.autograd.sample.Gram;
import dev.seiche.autograd.sample.Plan;
import dev.seiche.autograd.sample.Planner;
import dev.seiche.autograd.sample.Question;
import dev.seiche.autograd.sample.Route;
import dev.seiche.autograd.sample.SampleGradients;
import dev.seiche.kernels.cpu.CpuBackend;
import dev.seiche.kernels.cpu.CpuOptions;
import dev.seiche.tensor.DType;
import dev.seiche.tensor.Rng;
import dev.seiche.tensor.Scope;
import dev.seiche.tensor.Shape;
import dev.seiche.tensor.Tensor;
import dev.seiche.tensor.op.ConvGeometry;
import dev.seiche.testkit.Testbed;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Batches of none, one and the same sample, leaves that nothing reaches, and known answers. */
class SampleEdgesTest {
    private static final SampleCase MLP = SampleCases.mlp(Rng.seed(1), 3, 4, 2);

    private static void run(Consumer<Scope> body) {
        Testbed.run(() -> CpuBackend.open(CpuOptions.defaults()), body);
    }

    @Test
    void aLinearLayerHasTheClosedForm() {
        run(scope -> {
            // loss_i = 2 (x_i w), so g_i = 2 x_i
            Tape<Tensor> tape = new Tape<>(scope.ops());
            Var<Tensor> w = tape.watch(scope.tensor(DType.F64, Shape.of(2, 1), 5, 7));
            Var<Tensor> x = tape.constant(scope.tensor(DType.F64, Shape.of(3, 2), 1, 2, 3, 4, 0, 0));
            Var<Tensor> losses = tape.scale(tape.reshape(tape.linear(x, w), 3), 2);
            SampleGradients gradients = SampleGradients.of(tape, losses, List.of(w));
            assertThat(gradients.squaredNorms()).containsExactly(20, 100, 0);
            assertThat(gradients.gram().toArray()).isEqualTo(new double[][] {{20, 44, 0}, {44, 100, 0}, {0, 0, 0}});
            assertThat(gradients.mean(scope).get(0).toDoubles())
                    .containsExactly(new double[] {8 / 3.0, 4}, within(1e-15));
            assertThat(gradients.secondMoment(scope).get(0).toDoubles())
                    .containsExactly(new double[] {40 / 3.0, 80 / 3.0}, within(1e-14));
            assertThat(gradients.materialise(0, scope).toDoubles()).containsExactly(2, 4, 6, 8, 0, 0);
            assertThat(gradients.dot(List.of(scope.tensor(DType.F64, Shape.of(2, 1), 1, -1))))
                    .containsExactly(-2, -2, 0);
            double[][] cosines = gradients.gram().cosines();
            assertThat(cosines[0][1]).isCloseTo(44 / Math.sqrt(2000), within(1e-15));
            assertThat(cosines[0][2]).isNaN();
        });
    }

    @Test
    void oneSampleHasTheGradientOfTheBatchEvenThroughItsOwnStatistics() {
        run(scope -> {
            Tape<Tensor> tape = new Tape<>(scope.ops());
            Var<Tensor> w = tape.watch(scope.tensor(DType.F64, Shape.of(1, 2), 0.5, -1));
            Var<Tensor> x = tape.constant(scope.tensor(DType.F64, Shape.of(1, 3, 1), 1, 2, 4));
            Var<Tensor> one = tape.constant(scope.tensor(DType.F64, Shape.of(2), 1, 1));
            Var<Tensor> y = tape.batchNorm(tape.tanh(tape.linear(x, w)), one, one, 1e-3);
            Var<Tensor> losses = tape.perSampleSum(tape.log1p(tape.square(y)));
            double[] expected = tape.backward(tape.sum(losses)).of(w).toDoubles();
            SampleGradients gradients = SampleGradients.of(tape, losses, List.of(w));
            assertThat(gradients.materialise(0, scope).toDoubles()).containsExactly(expected);
        });
    }

    @Test
    void theSameSampleTwiceHasTheSameRowToTheBit() {
        run(scope -> {
            double[][] gram = MLP.record(scope, DType.F32, 3, 1, 3, 1, 2)
                    .gradients()
                    .gram()
                    .toArray();
            assertThat(gram[0]).isEqualTo(gram[2]);
            assertThat(gram[1]).isEqualTo(gram[3]);
        });
    }

    /** Losses over positions of which a sample's first ones count; the leaves are a table, a linear layer and its bias. */
    private static SampleGradients sequences(Scope scope, DType dtype, int[][] ids, int... lengths) {
        int positions = ids[0].length;
        Tape<Tensor> tape = new Tape<>(scope.ops());
        List<Var<Tensor>> leaves = new ArrayList<>();
        for (Shape shape : List.of(Shape.of(5, 3), Shape.of(3, 4), Shape.of(4))) {
            double[] values = new double[Math.toIntExact(shape.size())];
            Rng.seed(9).fold(leaves.size()).normal(values);
            leaves.add(tape.watch(scope.tensor(dtype, shape, values)));
        }
        double[] counts = new double[ids.length * positions];
        for (int at = 0; at < counts.length; at++) {
            counts[at] = at % positions < lengths[at / positions] ? 1 : 0;
        }
        int[] flat = Arrays.stream(ids).flatMapToInt(Arrays::stream).toArray();
        Var<Tensor> in = tape.constant(scope.tensor(Shape.of(ids.length, positions), flat));
        Var<Tensor> mask = tape.constant(scope.tensor(dtype, Shape.of(ids.length, positions, 1), counts));
        Var<Tensor> h = tape.linear(tape.gather(leaves.get(0), in, 0), leaves.get(1), leaves.get(2));
        Var<Tensor> losses = tape.perSampleSum(tape.mul(tape.square(tape.shift(tape.tanh(h), -0.4)), mask));
        return SampleGradients.of(tape, losses, leaves);
    }

    @ParameterizedTest
    @CsvSource({"CPU, F64, 1e-12", "CPU, F32, 5e-5", "EMULATED, F64, 1e-12", "EMULATED, F32, 5e-5"})
    void paddedPositionsAddNothing(SampleDevice device, DType dtype, double tolerance) {
        // ids repeat within a sample, one sample has a single position, and padding reads an id that others use
        int[][] padded = {{2, 2, 1, 0}, {1, 4, 4, 4}, {3, 4, 4, 4}};
        int[] lengths = {4, 1, 2};
        device.run(scope -> {
            double[][] rows = new double[3][];
            for (int i = 0; i < 3; i++) {
                int[][] own = {Arrays.copyOf(padded[i], lengths[i])};
                rows[i] = flat(sequences(scope, dtype, own, lengths[i]), scope);
            }
            SampleGradients all = sequences(scope, dtype, padded, lengths);
            for (Route route : Route.values()) {
                Gram gram =
                        all.with(Planner.standard().with(Question.GRAM, route)).gram();
                for (int i = 0; i < 3; i++) {
                    for (int j = 0; j < 3; j++) {
                        double size = Math.sqrt(dot(rows[i], rows[i]) * dot(rows[j], rows[j]));
                        assertThat(gram.get(i, j))
                                .as("%s of %d, %d", route, i, j)
                                .isCloseTo(dot(rows[i], rows[j]), within(tolerance * size));
                    }
                }
            }
        });
    }

    /** The gradient of a single sample. */
    private static double[] flat(SampleGradients one, Scope scope) {
        return IntStream.range(0, one.leaves())
                .boxed()
                .flatMapToDouble(
                        leaf -> Arrays.stream(one.materialise(leaf, scope).toDoubles()))
                .toArray();
    }

    private static double dot(double[] a, double[] b) {
        double sum = 0;
        for (int i = 0; i < a.length; i++) {
            sum += a[i] * b[i];
        }
        return sum;
    }

    @Test
    void aLeafThatNothingReachesHasZeros() {
        run(scope -> {
            Tape<Tensor> tape = new Tape<>(scope.ops());
            Var<Tensor> w = tape.watch(scope.tensor(DType.F64, Shape.of(2, 1), 5, 7));
            Var<Tensor> idle = tape.watch(scope.tensor(DType.F64, Shape.of(2), 5, 7));
            Var<Tensor> x = tape.constant(scope.tensor(DType.F64, Shape.of(2, 2), 1, 2, 3, 4));
            Var<Tensor> losses = tape.reshape(tape.linear(x, w), 2);
            SampleGradients gradients = SampleGradients.of(tape, losses, List.of(idle, w));
            assertThat(gradients.squaredNorms()).containsExactly(5, 25);
            assertThat(gradients.select(0).norms()).containsExactly(0, 0);
            assertThat(gradients.select(0).gram().get(0, 1)).isZero();
            assertThat(gradients.mean(scope).get(0).toDoubles()).containsExactly(0, 0);
            assertThat(gradients.secondMoment(scope).get(0).toDoubles()).containsExactly(0, 0);
            assertThat(gradients.materialise(0, scope).toDoubles()).containsExactly(0, 0, 0, 0);
            SampleGradients constant = SampleGradients.of(tape, tape.constant(losses.value()), List.of(w));
            assertThat(constant.norms()).containsExactly(0, 0);
            assertThat(SampleGradients.of(tape, losses, List.of()).norms()).containsExactly(0, 0);
        });
    }

    @Test
    void everyRouteThatIsAskedForIsTaken() {
        run(scope -> {
            SampleCase model = SampleCases.convolution(Rng.seed(2), 5, 4, 2, 4, 3, ConvGeometry.of(1, 1));
            SampleGradients gradients = model.record(scope, DType.F64, 0, 1, 2).gradients();
            for (Route route : List.of(Route.CONTRACT, Route.SHIFT, Route.MATERIALISE)) {
                Plan plan = gradients
                        .with(Planner.standard().with(Question.GRAM, route))
                        .plan(Question.GRAM);
                assertThat(plan.route("leaf 0")).isEqualTo(route);
                assertThat(plan.route("leaf 1")).isEqualTo(Route.DIRECT);
                assertThat(plan.toString()).contains("leaf 2", route.toString());
            }
            Planner named = Planner.standard().with("leaf 2", Question.NORMS, Route.SHIFT);
            assertThat(gradients.with(named).plan(Question.NORMS).route("leaf 2"))
                    .isEqualTo(Route.SHIFT);
            Planner wrong = Planner.standard().with("leaf 1", Question.GRAM, Route.SHIFT);
            assertThatThrownBy(() -> gradients.with(wrong).gram())
                    .hasMessageContaining("leaf 1 has no route SHIFT for GRAM; its routes are [DIRECT]");
        });
    }

    @Test
    void theSameQuestionTwiceHasTheSameBits() {
        double[][][] grams = new double[2][][];
        for (int k = 0; k < 2; k++) {
            int at = k;
            run(scope -> grams[at] = SampleCases.convolution(
                            Rng.seed(2), 5, 4, 2, 4, 3, ConvGeometry.of(1, 1).withGroups(2))
                    .record(scope, DType.F32, 0, 1, 2)
                    .gradients()
                    .gram()
                    .toArray());
        }
        assertThat(Arrays.deepEquals(grams[0], grams[1])).isTrue();
    }

    @Test
    void aDirectionMustFitTheLeaves() {
        run(scope -> {
            SampleGradients gradients = MLP.record(scope, DType.F32, 0, 1).gradients();
            assertThatThrownBy(() -> gradients.dot(MLP.weights(scope, DType.F64)))
                    .hasMessageContaining("a direction has one tensor of each leaf's type");
            SampleGradients others = MLP.record(scope, DType.F64, 0, 1).gradients();
            assertThatThrownBy(() -> gradients.gram(others)).hasMessageContaining("the leaves differ");
        });
    }
}
