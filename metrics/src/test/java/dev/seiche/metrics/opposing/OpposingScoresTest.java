package dev.seiche.metrics.opposing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.seiche.tensor.Rng;
import java.util.List;
import org.junit.jupiter.api.Test;

class OpposingScoresTest {
    private static final int SAMPLES = 100;

    /** Samples 0 to 3 and 4 to 7 swing against each other with growing amplitude; the others decay with a little noise. */
    private static LossHistory planted(int steps, boolean oscillating) {
        LossHistory history = new LossHistory(SAMPLES);
        for (int t = 0; t < steps; t++) {
            double[] losses = new double[SAMPLES];
            for (int i = 0; i < SAMPLES; i++) {
                double swing = (t % 2 == 0 ? 1 : -1) * 0.5 * Math.pow(1.01, t);
                double noise = 0.001 * Rng.seed(3).fold(t).normal(i);
                losses[i] = 2 + Math.exp(-0.02 * t) * (1 + 0.01 * i) + noise;
                if (oscillating && i < 8) {
                    losses[i] += (i < 4 ? swing : -swing) * (1 + 0.05 * i);
                }
            }
            history.add(losses);
        }
        return history;
    }

    @Test
    void findsThePlantedGroups() {
        LossHistory history = planted(60, true);
        OpposingGroups groups = OpposingGroups.select(history, 10, 4);
        assertThat(groups.rising()).containsExactlyInAnyOrder(0, 1, 2, 3);
        assertThat(groups.falling()).containsExactlyInAnyOrder(4, 5, 6, 7);
        OpposingScores scores = OpposingScores.of(history, groups, 20);
        assertThat(scores.stability()).isEqualTo(1);
        assertThat(scores.opposition()).isLessThan(-0.99);
        assertThat(scores.alternation()).isLessThan(-0.99);
        assertThat(scores.uniform()).isEqualTo(0.08);
        assertThat(scores.outsize()).isGreaterThan(0.6);
        assertThat(scores.topShare()).isGreaterThan(0.05);
        assertThat(scores.cancelling()).isLessThan(0.3);
    }

    @Test
    void smoothDescentHasNoOpposition() {
        LossHistory history = planted(60, false);
        OpposingScores scores = OpposingScores.of(history, OpposingGroups.select(history, 10, 4), 20);
        // the groups are picked by noise: they swap by chance, and by the selected noise being undone
        assertThat(scores.stability()).isLessThan(0.7);
        assertThat(scores.opposition()).isGreaterThan(-0.6);
        assertThat(scores.cancelling()).isGreaterThan(0.5);
    }

    @Test
    void scoresThatNeedLaterStepsWaitForThem() {
        LossHistory history = planted(12, true);
        OpposingScores scores = OpposingScores.of(history, OpposingGroups.select(history, 11, 4), 20);
        assertThat(scores.stability()).isNaN();
        assertThat(scores.opposition()).isNaN();
        assertThat(scores.outsize()).isPositive();
    }

    @Test
    void groupsAreSplitBySignsAndNamedByMajority() {
        LossHistory history = planted(40, true);
        int[] labels = new int[SAMPLES];
        labels[0] = 9;
        for (int i = 1; i < 4; i++) {
            labels[i] = 7;
        }
        for (int i = 4; i < 8; i++) {
            labels[i] = 2;
        }
        int[] selected = OpposingGroups.select(history, 10, 4).both();
        List<SignalGroup> groups = SignalGroup.bySigns(history, selected, labels, 10, 30, 0.5);
        assertThat(groups).hasSize(2);
        SignalGroup first = groups.get(0).samples().contains(0) ? groups.get(0) : groups.get(1);
        assertThat(first.samples()).containsExactly(0, 1, 2, 3);
        assertThat(first.label()).isEqualTo(7);
        assertThat(first.purity()).isEqualTo(0.75);
        assertThat(first.cohesion()).isCloseTo(1, within(1e-12));
    }

    @Test
    void featuresThatDifferStayApart() {
        double[][] features = {{1, 0}, {1, 0.1}, {0, 1}};
        List<SignalGroup> groups = SignalGroup.split(features, new int[] {5, 6, 7}, new int[8], 0.9);
        assertThat(groups.get(0).samples()).containsExactly(5, 6);
        assertThat(groups.get(1).cohesion()).isEqualTo(1);
    }

    @Test
    void controlsAreCompared() {
        assertThat(OpposingGroups.largest(new double[] {1, 5, 3, 5}, 3)).containsExactly(1, 3, 2);
        assertThat(OpposingGroups.jaccard(new int[] {1, 2, 3}, new int[] {3, 4}))
                .isEqualTo(0.25);
        assertThat(OpposingGroups.size(400)).isEqualTo(8);
        assertThat(OpposingGroups.size(5000)).isEqualTo(25);
        assertThat(OpposingGroups.size(10)).isEqualTo(5);
    }

    @Test
    void whatDoesNotFitIsRefused() {
        LossHistory history = planted(3, true);
        assertThatThrownBy(() -> history.changes(0)).hasMessageContaining("steps 1 to 2");
        assertThatThrownBy(() -> history.add(new double[3])).hasMessageContaining("100 samples, got 3");
        assertThatThrownBy(() -> OpposingGroups.select(history, 1, 51)).hasMessageContaining("do not fit");
    }
}
