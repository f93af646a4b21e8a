package dev.seiche.metrics.oscillation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class OscillationSummaryTest {
    private static final double NAN = Double.NaN;

    @Test
    void aRunThatTurnsOverToOscillationHasItsOnsetThere() {
        // Shaped after a pilot at rate 0.1: onset at step 131 of 600, 90% of what follows below -0.9.
        double[] cosine = new double[600];
        double[] loss = new double[601];
        for (int t = 0; t < 600; t++) {
            cosine[t] = t < 131 ? 0.99 : (t - 131) % 10 == 9 ? -0.2 : -0.97;
            loss[t] = (t < 131 ? Math.exp(-t / 40.0) : Math.exp(-131 / 40.0 - (t - 131) / 400.0))
                    * (t > 131 && t % 2 == 0 ? 1.05 : 1);
        }
        loss[600] = Math.exp(-131 / 40.0 - 469 / 400.0);
        OscillationSummary summary = summary(loss, ones(600), cosine);
        assertThat(summary.onset()).hasValue(131);
        assertThat(summary.whole().count()).isEqualTo(599);
        assertThat(summary.whole().prevalence(0.9)).isEqualTo((469 - 46) / 599.0);
        assertThat(summary.afterOnset().count()).isEqualTo(469);
        assertThat(summary.afterOnset().prevalence(0.9)).isEqualTo((469 - 46) / 469.0);
        assertThat(summary.sinceOnset().log()).isCloseTo(469 / 400.0 / (131 / 40.0 + 469 / 400.0), within(1e-12));
        assertThat(summary.sinceOnset().segmentNet())
                .isCloseTo((loss[131] - loss[600]) / (1 - loss[600]), within(1e-12)); // rounding of 600 steps
        // pauses last one step, so the oscillation is one segment from the onset to the end
        assertThat(summary.levels().get(1).progress().log())
                .isCloseTo(summary.sinceOnset().log(), within(0.01));
        assertThat(summary.rising()).isCloseTo(0.5, within(0.01));
        assertThat(summary.unboundedRows()).isZero();
    }

    @Test
    void aSmoothRunHasNoOnset() {
        OscillationSummary summary = summary(new double[] {4, 3, 2, 1}, ones(4), new double[] {NAN, 0.9, 0.8, 0.95});
        assertThat(summary.onset()).isEmpty();
        assertThat(summary.whole().min()).isEqualTo(0.8);
        assertThat(summary.afterOnset()).isEqualTo(CosineTally.EMPTY);
        assertThat(summary.sinceOnset().log()).isNaN();
        assertThat(summary.rising()).isZero();
    }

    @Test
    void theCosineQualifiesTheStepThatFollowsIt() {
        // only c_2 is negative: the step from L_2 to L_3
        OscillationSummary summary =
                summary(new double[] {10, 8, 7, 4, 2}, ones(4), new double[] {NAN, 0.9, -0.95, 0.9});
        assertThat(summary.levels().get(2).progress().oneStep()).isCloseTo(3 / 8.0, within(1e-15));
    }

    @Test
    void withoutALastLossTheLastRowMakesNoProgress() {
        OscillationSummary summary = summary(new double[] {10, 8, 7, 4}, ones(4), new double[] {NAN, 0.9, 0.9, -1});
        assertThat(summary.whole().prevalence(0.9)).isEqualTo(1 / 3.0);
        assertThat(summary.levels().get(2).progress().oneStep()).isZero();
        assertThat(summary.onset()).hasValue(3);
        assertThat(summary.sinceOnset().oneStep()).isZero();
    }

    @Test
    void gradientsTooShortToHaveADirectionAreMasked() {
        double[] norm = {2, 1, 1e-6, 1};
        OscillationSeries series =
                new OscillationSeries(new double[] {4, 3, 2, 1}, norm, new double[] {NAN, -1, -1, -1}, Map.of());
        assertThat(series.cosines()).containsExactly(NAN, -1, NAN, NAN);
        assertThat(OscillationSummary.of(series).whole().masked()).isEqualTo(2);
    }

    @Test
    void aDivergingRunDoesNotPassForAnOscillation() {
        int rows = 20;
        double[] loss = new double[rows];
        double[] cosine = new double[rows];
        for (int t = 0; t < rows; t++) {
            loss[t] = t < 16 ? Math.pow(1.9, t) : Double.POSITIVE_INFINITY;
            cosine[t] = -1;
        }
        OscillationSummary summary = summary(loss, ones(rows), cosine);
        assertThat(summary.finite()).isFalse();
        assertThat(summary.rows()).isEqualTo(16);
        assertThat(summary.unboundedRows()).isEqualTo(14); // 1.9^2 is above 3
        assertThat(summary.whole().prevalence(0.9)).isEqualTo(1 / 15.0);
        assertThat(summary.levels().get(0).progress().oneStep()).isNaN();
    }

    @Test
    void layersKeepTheirOrderAndAreCountedFromTheOnset() {
        double[] total = {NAN, 0.9, -0.8, -0.8};
        OscillationSummary summary = OscillationSummary.of(new OscillationSeries(
                new double[] {4, 3, 2, 1}, ones(4), total, new LinkedHashMap<>(Map.of("fc1", new double[] {
                    NAN, -0.9, -0.7, 0.1
                }))));
        assertThat(summary.layers().get("fc1")).isEqualTo(CosineTally.of(-0.7, 0.1));
    }

    @Test
    void refusesColumnsOfDifferentLength() {
        assertThatThrownBy(() -> new OscillationSeries(new double[2], new double[3], new double[3], Map.of()))
                .hasMessageStartingWith("oscillation series: 3 cosines, 3 gradient norms and 2 losses;");
    }

    private static OscillationSummary summary(double[] loss, double[] norm, double[] cosine) {
        return OscillationSummary.of(new OscillationSeries(loss, norm, cosine, Map.of()));
    }

    private static double[] ones(int rows) {
        double[] ones = new double[rows];
        Arrays.fill(ones, 1);
        return ones;
    }
}
