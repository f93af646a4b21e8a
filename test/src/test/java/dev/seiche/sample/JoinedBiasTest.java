package dev.seiche.sample;

import static org.assertj.core.api.Assertions.assertThat;

import dev.seiche.autograd.sample.Gram;
import dev.seiche.autograd.sample.Plan;
import dev.seiche.autograd.sample.Planner;
import dev.seiche.autograd.sample.Question;
import dev.seiche.autograd.sample.Route;
import dev.seiche.autograd.sample.SampleGradients;
import dev.seiche.kernels.cpu.CpuBackend;
import dev.seiche.tensor.DType;
import dev.seiche.tensor.Rng;
import dev.seiche.tensor.Scope;
import dev.seiche.tensor.op.Matmul;
import dev.seiche.tensor.op.SampleGram;
import dev.seiche.testkit.RecordingBackend;
import dev.seiche.testkit.RecordingBackend.Ran;
import dev.seiche.testkit.Testbed;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;
import org.junit.jupiter.api.Test;

/** Whether a bias is multiplied with its layer's weight or by itself: what is planned, what is recorded and what is computed. */
class JoinedBiasTest {
    /** Layers 3 to 4 and 4 to 2, each with a bias. */
    private static final SampleCase MLP = SampleCases.mlp(Rng.seed(1), 3, 4, 2);

    private static final Planner APART = Planner.standard().with(Question.GRAM, Route.DIRECT);

    private static void run(BiConsumer<RecordingBackend, Scope> body) {
        RecordingBackend device = new RecordingBackend(CpuBackend.open());
        Testbed.run(() -> device, scope -> body.accept(device, scope));
    }

    private static SampleGradients gradients(SampleCase model, Scope scope) {
        return model.record(scope, DType.F64, 0, 1, 2, 3, 4).gradients();
    }

    private static List<Route> routes(Plan plan) {
        return plan.lines().stream().map(Plan.Line::route).toList();
    }

    private static List<Route> ran(SampleGradients gradients) {
        return routes(gradients.ran(Question.GRAM).orElseThrow());
    }

    /** Elements of an input in each product of factors, in their order. */
    private static List<Integer> widths(List<Ran> ran) {
        return ran.stream()
                .filter(each -> each.op() instanceof SampleGram)
                .map(each -> each.in().get(0).shape().dim(3))
                .toList();
    }

    private static long products(List<Ran> ran) {
        return ran.stream().filter(each -> each.op() instanceof Matmul).count();
    }

    @Test
    void aLayerIsOneProductWhoseInputsHaveAOneBehind() {
        run((device, scope) -> {
            SampleGradients gradients = gradients(MLP, scope);
            List<Route> joined = List.of(Route.CONTRACT, Route.JOINED, Route.CONTRACT, Route.JOINED);
            assertThat(routes(gradients.plan(Question.GRAM))).isEqualTo(joined);
            assertThat(gradients.plan(Question.GRAM).toString()).contains("JOINED");

            List<Ran> ran = device.during(gradients::gram);

            assertThat(widths(ran)).containsExactly(3 + 1, 4 + 1);
            assertThat(products(ran)).isZero();
            assertThat(ran(gradients)).isEqualTo(joined);
        });
    }

    @Test
    void orderedApartTheyAreTwoProducts() {
        run((device, scope) -> {
            SampleGradients apart = gradients(MLP, scope).with(APART);
            List<Ran> ran = device.during(apart::gram);
            assertThat(widths(ran)).containsExactly(3, 4);
            assertThat(products(ran)).isEqualTo(2);
            assertThat(ran(apart)).containsExactly(Route.CONTRACT, Route.DIRECT, Route.CONTRACT, Route.DIRECT);

            // one of them alone, by name
            SampleGradients one = apart.with(Planner.standard().with("leaf 1", Question.GRAM, Route.DIRECT));
            assertThat(widths(device.during(one::gram))).containsExactly(3, 4 + 1);
            assertThat(ran(one)).containsExactly(Route.CONTRACT, Route.DIRECT, Route.CONTRACT, Route.JOINED);
        });
    }

    @Test
    void aBiasWithoutItsWeightIsAProductOfItsOwn() {
        run((device, scope) -> {
            SampleGradients gradients = gradients(MLP, scope);
            // by itself, and behind the weight of another layer
            for (SampleGradients some : List.of(gradients.select(1), gradients.select(0, 3))) {
                List<Ran> ran = device.during(some::gram);
                assertThat(products(ran)).isEqualTo(1);
                assertThat(widths(ran)).isEqualTo(some.leaves() == 1 ? List.of() : List.of(3));
                assertThat(ran(some).getLast()).isEqualTo(Route.DIRECT);
            }
        });
    }

    @Test
    void neitherPartOfALayerThatIsUsedSeveralTimesJoinsTheOther() {
        run((device, scope) -> {
            SampleGradients gradients = gradients(SampleCases.shared(Rng.seed(2), 4), scope);
            List<Ran> ran = device.during(gradients::gram);
            assertThat(widths(ran)).isEmpty();
            assertThat(ran(gradients).get(1)).isEqualTo(Route.DIRECT);
        });
    }

    @Test
    void aWeightThatIsFormedOrHasSeveralPositionsIsNotJoined() {
        run((device, scope) -> {
            SampleGradients formed =
                    gradients(MLP, scope).with(Planner.standard().with(Question.GRAM, Route.MATERIALISE));
            assertThat(widths(device.during(formed::gram))).containsExactly(3, 4);
            assertThat(ran(formed)).containsExactly(Route.MATERIALISE, Route.DIRECT, Route.MATERIALISE, Route.DIRECT);
            SampleGradients positions = gradients(SampleCases.tokens(Rng.seed(3), 2, 3, 4), scope);
            assertThat(routes(positions.plan(Question.GRAM))).doesNotContain(Route.JOINED);
        });
    }

    @Test
    void aBudgetThatDoesNotHoldTheInputsTwiceKeepsThemApart() {
        run((device, scope) -> {
            SampleGradients gradients = gradients(MLP, scope);
            Plan.Line weight = gradients.plan(Question.GRAM).lines().get(0);
            Plan.Line bias = gradients.plan(Question.GRAM).lines().get(1);
            // 5 rows and 5 columns of 3 + 1 numbers of 8 bytes
            assertThat(bias.bytes()).isEqualTo(10 * 4 * 8);
            for (int missing = 0; missing < 2; missing++) {
                long budget = (long) (weight.bytes() + bias.bytes()) - missing;
                SampleGradients within = gradients.with(Planner.standard().withBudget(budget));
                assertThat(within.plan(Question.GRAM).lines().get(1).route())
                        .isEqualTo(missing == 0 ? Route.JOINED : Route.DIRECT);
            }
        });
    }

    @Test
    void whatIsRecordedIsWhatBothBatchesAllow() {
        run((device, scope) -> {
            SampleGradients gradients = gradients(MLP, scope);
            SampleGradients others = MLP.record(scope, DType.F64, 7, 8).gradients();
            assertThat(widths(device.during(() -> gradients.gram(others)))).containsExactly(3 + 1, 4 + 1);
            assertThat(ran(gradients)).contains(Route.JOINED);

            // the gradient of a single sample is there as a whole
            SampleGradients one = MLP.record(scope, DType.F64, 7).gradients();
            assertThat(widths(device.during(() -> gradients.gram(one)))).isEmpty();
            List<Route> formed = List.of(Route.MATERIALISE, Route.DIRECT, Route.MATERIALISE, Route.DIRECT);
            assertThat(ran(gradients)).isEqualTo(formed);
            one.gram(gradients);
            assertThat(ran(one)).isEqualTo(formed);
        });
    }

    @Test
    void keptGradientsAreJoinedToo() {
        run((device, scope) -> {
            SampleGradients kept;
            try (Scope record = scope.child("record")) {
                kept = gradients(MLP, record).keep(scope);
            }
            assertThat(widths(device.during(kept::gram))).containsExactly(3 + 1, 4 + 1);
            assertThat(ran(kept)).contains(Route.JOINED);
        });
    }

    @Test
    void theSameBatchUnderAnotherPlannerHasBothHalves() {
        run((device, scope) -> {
            SampleGradients gradients = gradients(SampleCases.shared(Rng.seed(2), 4), scope);
            // contracted a few samples at a time
            Planner frugal =
                    Planner.standard().with(Question.GRAM, Route.CONTRACT).withBudget(3000);
            Gram expected = gradients.gram();
            Gram found = gradients.with(frugal).gram(gradients);
            List<Double> apart = new ArrayList<>();
            for (int i = 0; i < 5; i++) {
                for (int j = 0; j < 5; j++) {
                    double size = Math.sqrt(expected.get(i, i) * expected.get(j, j));
                    apart.add(Math.abs(found.get(i, j) - expected.get(i, j)) / size);
                }
            }
            // sums of a few hundred products in f64
            assertThat(apart).allMatch(error -> error < 1e-12);
        });
    }

    @Test
    void planningForOtherNumbersCountsThose() {
        run((device, scope) -> {
            Plan plan = gradients(MLP, scope).plan(Question.GRAM, 100, 30);
            assertThat(List.of(plan.rows(), plan.columns())).containsExactly(100, 30);
            assertThat(plan.lines().get(1).flops()).isEqualTo(2.0 * 100 * 30);
        });
    }
}
