package dev.seiche.metrics.oscillation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.seiche.metrics.Finding;
import dev.seiche.metrics.Verdict;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class OscillationClaimsTest {
    private static final int ROWS = 200;

    @Test
    void aSmoothAndAnOscillatingRunShowTheDividingRate() {
        Finding finding = finding("P1.1", smooth(0.05), oscillating(0.1, 60, 2.1), oscillating(0.2, 40, 2.2));
        assertThat(finding.verdict()).isEqualTo(Verdict.HOLDS);
        assertThat(finding.numbers())
                .containsEntry("largest_smooth_rate", 0.05)
                .containsEntry("smallest_oscillating_rate", 0.1)
                .containsEntry("rate 0.05/min_cos", 0.99)
                .containsEntry("rate 0.1/share_below_-0.9_after_onset", 1.0);
    }

    @Test
    void runsOnOneSideOnlyDoNotTestTheDividingRate() {
        assertThat(finding("P1.1", smooth(0.05), smooth(0.1)).verdict()).isEqualTo(Verdict.NOT_TESTED);
        assertThat(finding("P1.1", oscillating(0.1, 60, 2.1)).verdict()).isEqualTo(Verdict.NOT_TESTED);
    }

    @Test
    void anOscillationAtASmallerRateThanASmoothRunRefutesTheDividingRate() {
        assertThat(finding("P1.1", smooth(0.2), oscillating(0.1, 60, 2.1)).verdict())
                .isEqualTo(Verdict.DOES_NOT_HOLD);
    }

    @Test
    void aDivergedRunSaysNothing() {
        OscillationArm diverged = arm(
                0.4,
                IntStream.range(0, ROWS).mapToDouble(t -> Math.pow(1.5, t)).toArray(),
                IntStream.range(0, ROWS).mapToDouble(t -> -1).toArray(),
                Map.of(),
                40);
        assertThat(finding("P1.1", smooth(0.05), oscillating(0.1, 60, 2.1), diverged)
                        .verdict())
                .isEqualTo(Verdict.HOLDS);
        assertThat(finding("P1.3", diverged).verdict()).isEqualTo(Verdict.NOT_TESTED);
    }

    @Test
    void sharpnessThatReachesTwoOverTheRateFirstAndStaysThereLeads() {
        Finding finding = finding("P1.2", oscillating(0.1, 60, 2.1));
        assertThat(finding.verdict()).isEqualTo(Verdict.HOLDS);
        assertThat(finding.numbers())
                .containsEntry("rate 0.1/onset", 60.0)
                .containsEntry("rate 0.1/last_row_below_2", 30.0)
                .containsEntry("rate 0.1/first_row_at_2", 40.0);
        assertThat(finding.numbers().get("rate 0.1/late_median")).isCloseTo(2.1, within(1e-12)); // eta * (x / eta)
        assertThat(finding("P1.2", oscillating(0.1, 60, 3.0)).verdict()).isEqualTo(Verdict.DOES_NOT_HOLD);
    }

    @Test
    void sharpnessThatIsStillLowAtTheOnsetLags() {
        assertThat(finding("P1.2", oscillating(0.1, 20, 2.1)).verdict()).isEqualTo(Verdict.DOES_NOT_HOLD);
    }

    @Test
    void aCrossingThatTheScheduleDoesNotResolveIsNotTested() {
        OscillationArm arm = oscillating(0.1, 35, 2.1); // measured at 30, below 2, and at 40, above
        assertThat(finding("P1.2", arm).verdict()).isEqualTo(Verdict.NOT_TESTED);
    }

    @Test
    void lossProgressAndLayersAreJudged() {
        OscillationArm small = oscillating(0.1, 60, 2.1);
        OscillationArm large = oscillating(0.2, 60, 2.1);
        assertThat(finding("P1.3", small).verdict()).isEqualTo(Verdict.HOLDS);
        assertThat(finding("P1.4", small).verdict()).isEqualTo(Verdict.HOLDS);
        Finding layers = finding("P1.5", small, large);
        assertThat(layers.verdict()).isEqualTo(Verdict.DOES_NOT_HOLD);
        assertThat(layers.numbers())
                .containsEntry("learning_rate", 0.2)
                .containsEntry("share_below_-0.5/fc1", 1.0)
                .containsEntry("share_below_-0.5/fc2", 0.0);
        assertThat(finding("P1.6", small, large).verdict()).isEqualTo(Verdict.HOLDS);
        assertThat(finding("P1.6", small, large).numbers()).containsEntry("learning_rate", 0.1);
    }

    @Test
    void anOnsetAtTheStartSaysNothingAboutLateProgress() {
        assertThat(finding("P1.4", oscillating(0.1, 1, 2.1)).verdict()).isEqualTo(Verdict.NOT_TESTED);
    }

    @Test
    void smoothRunsTestNothingAboutOscillation() {
        for (String id : List.of("P1.2", "P1.3", "P1.4", "P1.5", "P1.6")) {
            assertThat(finding(id, smooth(0.05)).verdict()).as(id).isEqualTo(Verdict.NOT_TESTED);
        }
    }

    @Test
    void crossEntropyIsJudgedOnlyOnCrossEntropy() {
        assertThat(finding("P1.7", smooth(0.05)).verdict()).isEqualTo(Verdict.NOT_TESTED);
        assertThat(judge(true, "P1.7", smooth(0.05)).verdict()).isEqualTo(Verdict.HOLDS);
        assertThat(judge(true, "P1.7", oscillating(0.1, 60, 2.1)).verdict()).isEqualTo(Verdict.DOES_NOT_HOLD);
    }

    private static Finding finding(String id, OscillationArm... arms) {
        return judge(false, id, arms);
    }

    private static Finding judge(boolean crossEntropy, String id, OscillationArm... arms) {
        return new OscillationClaims(crossEntropy, List.of(arms))
                .findings().stream()
                        .filter(each -> each.id().equals(id))
                        .findFirst()
                        .orElseThrow();
    }

    private static OscillationArm smooth(double rate) {
        double[] loss = new double[ROWS];
        double[] cosine = new double[ROWS];
        for (int t = 0; t < ROWS; t++) {
            loss[t] = Math.exp(-t / 50.0);
            cosine[t] = 0.99;
        }
        return arm(rate, loss, cosine, Map.of(), 0.5);
    }

    /** Smooth and fast before the onset, slow with every second step upward after it; the first layer only. */
    private static OscillationArm oscillating(double rate, int onset, double etaSharpness) {
        double[] loss = new double[ROWS];
        double[] cosine = new double[ROWS];
        double[] still = new double[ROWS];
        for (int t = 0; t < ROWS; t++) {
            boolean late = t >= onset;
            loss[t] = late
                    ? Math.exp(-onset / 20.0 - (t - onset) / 100.0) * (t % 2 == 0 ? 1.05 : 1)
                    : Math.exp(-t / 20.0);
            cosine[t] = late ? -0.95 : 0.99;
            still[t] = 0.3;
        }
        Map<String, double[]> layers = new LinkedHashMap<>();
        layers.put("fc1", cosine);
        layers.put("fc2", still);
        return arm(rate, loss, cosine, layers, etaSharpness);
    }

    private static OscillationArm arm(
            double rate, double[] loss, double[] cosine, Map<String, double[]> layers, double etaSharpness) {
        double[] norm = new double[ROWS];
        Arrays.fill(norm, 1);
        TreeMap<Integer, Double> sharpness = new TreeMap<>();
        for (int t = 0; t < ROWS; t += 10) {
            sharpness.put(t, (t < 40 ? Math.min(1.5, etaSharpness) : etaSharpness) / rate);
        }
        return new OscillationArm("rate " + rate, rate, new OscillationSeries(loss, norm, cosine, layers), sharpness);
    }
}
