package dev.seiche.sample;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.withinPercentage;

import dev.seiche.autograd.sample.LayerShape;
import dev.seiche.autograd.sample.Planner;
import dev.seiche.autograd.sample.Question;
import dev.seiche.autograd.sample.Route;
import dev.seiche.tensor.DType;
import dev.seiche.tensor.op.ConvGeometry;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The choices for a ResNet-18 on 32 x 32 images, and the rule behind them. */
class PlannerTest {
    /** Pairs so many that forming a gradient costs nothing beside using it. */
    private static final int MANY = 50_000;

    private static LayerShape resNet18(String name) {
        return switch (name) {
            case "conv1" -> conv(name, 32, 3, 64, 1);
            case "stage1" -> conv(name, 32, 64, 64, 1);
            case "stage2 down" -> conv(name, 32, 64, 128, 2);
            case "stage2" -> conv(name, 16, 128, 128, 1);
            case "stage3 down" -> conv(name, 16, 128, 256, 2);
            case "stage3" -> conv(name, 8, 256, 256, 1);
            case "stage4 down" -> conv(name, 8, 256, 512, 2);
            case "stage4" -> conv(name, 4, 512, 512, 1);
            case "fc" -> LayerShape.linear(name, 1, 512, 10);
            default -> throw new IllegalArgumentException(name);
        };
    }

    private static LayerShape conv(String name, int size, int in, int out, int stride) {
        return LayerShape.convolution(name, size, size, in, out, 3, ConvGeometry.of(stride, 1));
    }

    @ParameterizedTest
    @CsvSource({
        "conv1,       1024,   27,  64,    1728, 55220,  43387, MATERIALISE, 1728",
        "stage1,      1024,  576,  64,   36864, 18204,   3769, MATERIALISE, 36864",
        "stage2 down,  256,  576, 128,   73728,   626,      0, MATERIALISE, 73728",
        "stage2,       256, 1152, 128,  147456,   569,    116, MATERIALISE, 65536",
        "stage3 down,   64, 1152, 256,  294912,    20,      0, MATERIALISE, 49152",
        "stage3,        64, 2304, 256,  589824,    18,    3.6, MATERIALISE, 32768",
        "stage4 down,   16, 2304, 512, 1179648,  0.61,      0, CONTRACT,    24576",
        "stage4,        16, 4608, 512, 2359296,  0.56,   0.11, SHIFT,       16384",
        "fc,             1,  512,  10,    5120,  0.10,      0, CONTRACT,    522"
    })
    void resNet18(String name, int t, int d, int p, long dp, double contract, double shift, Route route, long kept) {
        LayerShape layer = resNet18(name);
        assertThat(List.of(layer.positions(), layer.left(), layer.right())).containsExactly(t, d, p);
        assertThat(layer.size()).isEqualTo(dp);
        assertThat(layer.keptElements()).isEqualTo(kept);
        double materialise = layer.flopsPerPair(Route.MATERIALISE);
        // the expected ratios are rounded to two digits
        assertThat(layer.flopsPerPair(Route.CONTRACT) / materialise).isCloseTo(contract, withinPercentage(5));
        if (shift > 0) {
            assertThat(layer.flopsPerPair(Route.SHIFT) / materialise).isCloseTo(shift, withinPercentage(5));
        } else {
            assertThat(layer.routes(Question.GRAM)).doesNotContain(Route.SHIFT);
        }
        var plan = Planner.standard().withBudget(1L << 40).plan(Question.GRAM, List.of(layer), MANY, DType.F32);
        assertThat(plan.route(name)).isEqualTo(route);
    }

    @Test
    void aPairwiseProductIsContractedWhereThatCostsLess() {
        // contract iff T^2 (d + p) < d p (1 + T / R); with d = p = 768 and many partners below T = 19.6
        for (int t : new int[] {1, 8, 19, 20, 64, 256}) {
            for (int partners : new int[] {4, 32, MANY}) {
                LayerShape layer = LayerShape.linear("fc", t, 768, 768);
                double d = 768;
                boolean contract = (double) t * t * 2 * d < d * d * (1 + (double) t / partners);
                Route route = Planner.standard()
                        .withBudget(1L << 40)
                        .plan(Question.GRAM, List.of(layer), 4, partners, DType.F32)
                        .route("fc");
                assertThat(route)
                        .as("T %s, R %s", t, partners)
                        .isEqualTo(contract ? Route.CONTRACT : Route.MATERIALISE);
            }
        }
    }

    @Test
    void aRouteThatDoesNotFitTheBudgetIsLeft() {
        // a map of 1024 x 1024 inner products takes 4 MB, and there are three
        LayerShape layer = LayerShape.linear("wide", 1024, 5000, 5000);
        Planner planner = Planner.standard();
        assertThat(planner.plan(Question.NORMS, List.of(layer), 8, DType.F32).route("wide"))
                .isEqualTo(Route.CONTRACT);
        assertThat(planner.withBudget(1 << 20)
                        .plan(Question.NORMS, List.of(layer), 8, DType.F32)
                        .route("wide"))
                .isEqualTo(Route.MATERIALISE);
        assertThatThrownBy(() -> planner.withBudget(0)).hasMessageContaining("at least 1");
    }

    @Test
    void aTableIsNeverFormed() {
        LayerShape table = LayerShape.embedding("table", 128, 50_000, 768);
        assertThat(Planner.standard()
                        .plan(Question.GRAM, List.of(table), 64, DType.F32)
                        .route("table"))
                .isEqualTo(Route.CONTRACT);
        assertThat(LayerShape.rows("bias", 10).routes(Question.GRAM)).containsExactly(Route.DIRECT);
    }
}
