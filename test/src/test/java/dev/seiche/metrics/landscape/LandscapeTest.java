package dev.seiche.metrics.landscape;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.seiche.metrics.MetricTable;
import dev.seiche.metrics.Quadratic;
import dev.seiche.nn.Loss;
import dev.seiche.nn.Network;
import dev.seiche.nn.Objective;
import dev.seiche.nn.ParameterVector;
import dev.seiche.nn.data.Synthetic;
import dev.seiche.nn.layer.Mlp;
import dev.seiche.nn.train.Schedule;
import dev.seiche.tensor.DType;
import dev.seiche.tensor.Rng;
import org.junit.jupiter.api.Test;

class LandscapeTest {
    private static final double RATE = 0.08;

    @Test
    void onAQuadraticTheScanIsItsClosedForm() {
        MetricTable table = new MetricTable();
        Quadratic.onCpu(scope -> Quadratic.start(
                        Quadratic.training(RATE).probe(new StepScanProbe(Schedule.everyStep(), table)), scope)
                .run(1));
        // g = (1, 0.95), Hg = (1, 18.05)
        double squared = 1 + 0.95 * 0.95;
        double product = Math.hypot(1, 18.05);
        double curvature = (1 + 0.95 * 18.05) / squared;
        assertThat(table.column("landscape/predictiveness").get(0L)).isCloseTo(2 * RATE * product, within(1e-12));
        assertThat(table.column("landscape/effective_smoothness").get(0L))
                .isCloseTo(product / Math.sqrt(squared), within(1e-11));
        assertThat(table.column("landscape/relative_progress").get(0L))
                .isCloseTo(-1 + RATE * curvature / 2, within(1e-12));
    }

    @Test
    void onAQuadraticTheAllocationIsExact() {
        MetricTable table = new MetricTable();
        Quadratic.onCpu(scope -> {
            try (LossChangeProbe probe = new LossChangeProbe(Quadratic.NETWORK.parameters(), scope, table)) {
                Quadratic.start(Quadratic.training(RATE).probe(probe), scope).run(4);
            }
        });
        assertThat(table.column("lca/0").keySet()).containsExactly(1L, 2L, 3L);
        for (int t = 1; t < 4; t++) {
            assertThat(table.column("lca/0").get((long) t)).isCloseTo(loss(t) - loss(t - 1), within(1e-14));
            assertThat(table.column("lca/residual").get((long) t)).isCloseTo(0, within(1e-15));
        }
    }

    private static double loss(int t) {
        double slow = Math.pow(1 - RATE, t);
        double fast = 0.05 * Math.pow(1 - 19 * RATE, t);
        return (slow * slow + 19 * fast * fast) / 2;
    }

    @Test
    void layersSumToTheChangeOfANetworksLoss() {
        Quadratic.onCpu(scope -> {
            Network network = Network.of(Mlp.of(4, 8, 3));
            Objective objective = Objective.of(
                    network,
                    Loss.CROSS_ENTROPY,
                    Synthetic.gaussianBlobs(Rng.seed(1), 20, 3, 4, 1),
                    20,
                    scope,
                    DType.F64);
            ParameterVector before = network.init(scope, DType.F64, Rng.seed(2));
            ParameterVector after = before.addScaled(-0.5, objective.gradient(before, scope), scope);
            LossChangeAllocation found = LossChangeAllocation.of(objective, before, after, scope);
            double change = objective.loss(after) - objective.loss(before);
            assertThat(found.byLayer()).containsOnlyKeys("fc1", "fc2");
            double sum = found.byLayer().values().stream().mapToDouble(x -> x).sum();
            assertThat(sum + found.residual()).isCloseTo(change, within(1e-15));
            // Simpson's rule: the fifth derivative along the step enters
            assertThat(Math.abs(found.residual())).isLessThan(1e-4 * Math.abs(change));
        });
    }
}
