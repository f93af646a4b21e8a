package dev.seiche.metrics.oscillation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.seiche.metrics.Quadratic;
import dev.seiche.metrics.oscillation.GradientHistory.Comparison;
import dev.seiche.nn.Parameter;
import dev.seiche.nn.ParameterVector;
import dev.seiche.nn.init.Fans;
import dev.seiche.nn.init.Init;
import dev.seiche.tensor.DType;
import dev.seiche.tensor.Scope;
import dev.seiche.tensor.Shape;
import java.util.List;
import org.junit.jupiter.api.Test;

class GradientHistoryTest {
    private static final List<Parameter> PARAMETERS =
            List.of(parameter("fc1.weight"), parameter("fc1.bias"), parameter("fc2.weight"));

    @Test
    void comparesWeightAndBiasOfALayerTogether() {
        Quadratic.onCpu(scope -> {
            try (GradientHistory history = new GradientHistory(PARAMETERS, 1, scope)) {
                Comparison first = history.observe(gradient(scope, 3, 4, 2));
                assertThat(first.norm()).isCloseTo(Math.sqrt(29), within(1e-15));
                assertThat(first.cosine()).isNaN();
                assertThat(first.inner()).isNaN();
                assertThat(first.layerCosines().get("fc1")).isNaN();

                Comparison second = history.observe(gradient(scope, -4, 3, -1));
                assertThat(second.inner()).isEqualTo(-2);
                assertThat(second.previousNorm()).isCloseTo(Math.sqrt(29), within(1e-15));
                assertThat(second.cosine()).isCloseTo(-2 / Math.sqrt(29 * 26), within(1e-15)); // ulp
                assertThat(second.layerCosines().keySet()).containsExactly("fc1", "fc2");
                assertThat(second.layerCosines().get("fc1")).isZero();
                assertThat(second.layerCosines().get("fc2")).isEqualTo(-1);
                assertThat(second.layerNorms().get("fc1")).isEqualTo(5);
            }
        });
    }

    @Test
    void inAnOscillationTheSignAlternatesWithTheLag() {
        Quadratic.onCpu(scope -> {
            try (GradientHistory history = new GradientHistory(PARAMETERS, 4, scope)) {
                for (int t = 0; t < 10; t++) {
                    double sign = t % 2 == 0 ? 1 : -1;
                    Comparison now = history.observe(gradient(scope, sign, 2 * sign, 3 * sign));
                    for (int k = 1; k <= 4; k++) {
                        double expected = k % 2 == 0 ? 1 : -1;
                        if (k > t) {
                            assertThat(now.lags().get(k - 1)).isNaN();
                        } else {
                            assertThat(now.lags().get(k - 1)).isCloseTo(expected, within(1e-15)); // ulp
                        }
                    }
                }
            }
        });
    }

    @Test
    void aGradientTooShortToHaveADirectionIsMaskedOnBothSides() {
        Quadratic.onCpu(scope -> {
            try (GradientHistory history = new GradientHistory(PARAMETERS, 1, scope)) {
                history.observe(gradient(scope, 1, 0, 1));
                assertThat(history.observe(gradient(scope, 1, 0, 1e-7))
                                .layerCosines()
                                .get("fc2"))
                        .isNaN();
                Comparison after = history.observe(gradient(scope, 1, 0, 1));
                assertThat(after.layerCosines().get("fc2")).isNaN();
                assertThat(after.layerCosines().get("fc1")).isEqualTo(1);
                assertThat(after.cosine()).isCloseTo(Math.sqrt(0.5), within(1e-6)); // the short part is 1e-7
                assertThat(history.observe(gradient(scope, 0, 0, 0)).cosine()).isNaN();
                assertThat(history.observe(gradient(scope, 1, 0, 0)).cosine()).isNaN();
            }
        });
    }

    @Test
    void needsSomethingToLookBackTo() {
        Quadratic.onCpu(scope -> assertThatThrownBy(() -> new GradientHistory(PARAMETERS, 0, scope))
                .hasMessage("gradient history: needs at least 1 lag, got 0"));
    }

    private static Parameter parameter(String name) {
        return new Parameter(name, Shape.of(1), Init.zeros(), Fans.of(Shape.of(1, 1)));
    }

    private static ParameterVector gradient(Scope scope, double... values) {
        int[] next = {0};
        return ParameterVector.of(PARAMETERS, p -> scope.tensor(DType.F64, p.shape(), values[next[0]++]));
    }
}
