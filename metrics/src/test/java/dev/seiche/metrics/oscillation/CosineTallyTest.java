package dev.seiche.metrics.oscillation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class CosineTallyTest {

    @Test
    void countsStrictlyBelowEachThresholdOverAllPairs() {
        CosineTally tally = CosineTally.of(0.8, -0.1, -0.5, -0.51, -0.95, Double.NaN, 0.0, -1.0);
        assertThat(tally.count()).isEqualTo(8);
        assertThat(tally.masked()).isEqualTo(1);
        assertThat(tally.below()).containsExactly(5L, 3L, 2L);
        assertThat(tally.prevalence(0.0)).isEqualTo(5 / 8.0);
        assertThat(tally.prevalence(0.5)).isEqualTo(3 / 8.0);
        assertThat(tally.prevalence(0.9)).isEqualTo(2 / 8.0);
        assertThat(tally.min()).isEqualTo(-1.0);
        assertThat(tally.mean()).isCloseTo((0.8 - 0.1 - 0.5 - 0.51 - 0.95 - 1) / 7, within(1e-15)); // 7 roundings
    }

    @Test
    void knowsNothingBeforeTheFirstPair() {
        assertThat(CosineTally.EMPTY.prevalence(0.5)).isNaN();
        assertThat(CosineTally.EMPTY.min()).isNaN();
        assertThat(CosineTally.EMPTY.mean()).isNaN();
    }

    @Test
    void refusesAThresholdItDidNotCount() {
        assertThatThrownBy(() -> CosineTally.EMPTY.prevalence(0.7))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("tally: counted at tau [0.0, 0.5, 0.9], asked for 0.7");
    }

    @Property
    void mergingPiecesIsTheTallyOfTheWhole(
            @ForAll @Size(max = 30) List<@DoubleRange(min = -1, max = 1) Double> drawn,
            @ForAll @IntRange(max = 30) int cut) {
        double[] cosines = drawn.stream().mapToDouble(Double::doubleValue).toArray();
        int split = Math.min(cut, cosines.length);
        CosineTally merged = CosineTally.of(Arrays.copyOfRange(cosines, 0, split))
                .merge(CosineTally.of(Arrays.copyOfRange(cosines, split, cosines.length)));
        CosineTally whole = CosineTally.of(cosines);
        assertThat(merged.count()).isEqualTo(whole.count());
        assertThat(merged.below()).isEqualTo(whole.below());
        assertThat(Double.compare(merged.min(), whole.min())).isZero(); // NaN is the same as NaN here
        assertThat(merged.sum()).isCloseTo(whole.sum(), within(1e-13)); // 30 roundings of sums below 30
    }
}
