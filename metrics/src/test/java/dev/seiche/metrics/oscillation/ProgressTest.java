package dev.seiche.metrics.oscillation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class ProgressTest {
    private static final double ROUNDING = 1e-14; // a handful of operations on numbers of size 1

    @Test
    void aPauseOfTwoStepsBelongsToTheOscillationItInterrupts() {
        double[] loss = {10, 8, 9, 6, 5, 4, 2};
        Progress shares = Progress.of(loss, marks(6, 1, 2, 5));
        // the steps 8 to 9, 9 to 6 and 4 to 2, of a descent by 8
        assertThat(shares.oneStep()).isCloseTo((-1 + 3 + 2) / 8.0, within(ROUNDING));
        // one segment from 8 to 2, steps 3 and 4 included
        assertThat(shares.segmentNet()).isCloseTo(6 / 8.0, within(ROUNDING));
        assertThat(shares.log()).isCloseTo(Math.log(4) / Math.log(5), within(ROUNDING));
    }

    @Test
    void aPauseOfThreeStepsEndsASegment() {
        double[] loss = {10, 8, 9, 6, 5, 4, 3, 2};
        Progress shares = Progress.of(loss, marks(7, 1, 2, 6));
        assertThat(shares.oneStep()).isCloseTo((-1 + 3 + 1) / 8.0, within(ROUNDING));
        assertThat(shares.segmentNet()).isCloseTo((8 - 6 + 3 - 2) / 8.0, within(ROUNDING));
        assertThat(shares.log()).isCloseTo(Math.log(8 / 6.0 * 3 / 2) / Math.log(5), within(ROUNDING));
    }

    @Test
    void stepsThatOnlyGoUpHaveANegativeShare() {
        double[] loss = {4, 5, 1, 2, 1};
        assertThat(Progress.of(loss, marks(4, 0)).oneStep()).isCloseTo(-1 / 3.0, within(ROUNDING));
    }

    @Test
    void allStepsTogetherMadeAllOfTheProgress() {
        Progress all = Progress.since(new double[] {3, 5, 2, 4, 1}, 0);
        assertThat(all.oneStep()).isCloseTo(1, within(ROUNDING));
        assertThat(all.segmentNet()).isCloseTo(1, within(ROUNDING));
        assertThat(all.log()).isCloseTo(1, within(ROUNDING));
    }

    @Test
    void noStepMadeNone() {
        assertThat(Progress.of(new double[] {3, 1}, new boolean[1])).isEqualTo(new Progress(0, 0, 0));
    }

    @Test
    void aRunWithoutProgressHasNoShares() {
        assertThat(Progress.of(new double[] {1, 2}, marks(1, 0)))
                .isEqualTo(new Progress(Double.NaN, Double.NaN, Double.NaN));
        assertThat(Progress.of(new double[] {1}, new boolean[0]).oneStep()).isNaN();
    }

    @Test
    void aLossOfZeroHasNoLogarithmicShare() {
        Progress shares = Progress.of(new double[] {2, 1, 0}, marks(2, 1));
        assertThat(shares.segmentNet()).isCloseTo(0.5, within(ROUNDING));
        assertThat(shares.log()).isNaN();
    }

    @Test
    void refusesFewerMarksThanSteps() {
        assertThatThrownBy(() -> Progress.of(new double[] {3, 2, 1}, new boolean[1]))
                .hasMessage("progress: 3 losses need 2 marks, got 1");
    }

    @Property
    void withoutShortPausesTheFirstTwoReadingsAgree(
            @ForAll @Size(min = 5, max = 20) List<@DoubleRange(min = 0.1, max = 1) Double> drawn) {
        double[] loss = drawn.stream().mapToDouble(Double::doubleValue).toArray();
        loss[0] = 2; // above all others, so that there is progress
        boolean[] marks = new boolean[loss.length - 1];
        for (int t = 0; t < marks.length; t++) {
            marks[t] = t % 5 < 2; // runs of two, pauses of three
        }
        Progress shares = Progress.of(loss, marks);
        assertThat(shares.segmentNet()).isCloseTo(shares.oneStep(), within(1e-13)); // 20 roundings
    }

    private static boolean[] marks(int length, int... set) {
        boolean[] marks = new boolean[length];
        for (int t : set) {
            marks[t] = true;
        }
        return marks;
    }
}
