package dev.seiche.study.sweep;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SweepPlanTest {
    private static final Set<String> KEYS = Set.of("network.depth", "network.width", "other.width", "rates");

    private static SweepAxis axis(String word) {
        return SweepAxis.read(word, KEYS);
    }

    @Test
    void valuesAreAListARangeOrOne() {
        assertThat(axis("network.depth=16,22,28").values()).containsExactly("16", "22", "28");
        assertThat(axis("seed=0..4").values()).containsExactly("0", "1", "2", "3", "4");
        assertThat(axis("rates=[0.1, 0.2]").values()).containsExactly("[0.1, 0.2]");
        assertThat(axis("network.width=8").values()).containsExactly("8");
    }

    @Test
    void aKeyMayBeCutToItsLastPartWhereThatIsTheOnlyOne() {
        assertThat(axis("depth=1,2").key()).isEqualTo("network.depth");
        assertThatThrownBy(() -> axis("width=1,2")).hasMessageContaining("network.width or other.width");
        assertThatThrownBy(() -> axis("dept=1,2")).hasMessageContaining("there is no key 'dept'");
    }

    @Test
    void whatMakesNoSenseIsRefused() {
        assertThatThrownBy(() -> axis("depth")).hasMessageContaining("key=value");
        assertThatThrownBy(() -> axis("depth=1,,2")).hasMessageContaining("an empty value or one twice");
        assertThatThrownBy(() -> axis("depth=2,2")).hasMessageContaining("an empty value or one twice");
        assertThatThrownBy(() -> axis("seed=4..0")).hasMessageContaining("a range goes up");
        assertThatThrownBy(() -> SweepPlan.of("s", List.of(axis("depth=1"), axis("network.depth=2")), List.of()))
                .hasMessageContaining("given twice");
    }

    @Test
    void everyCombinationIsATrialAndTheLastAxisChangesFastest() {
        SweepPlan plan = SweepPlan.of("s", List.of(axis("depth=1,2"), axis("seed=5..6")), List.of());

        assertThat(plan.trials()).hasSize(4);
        assertThat(plan.trials().get(1).settings()).isEqualTo(Map.of("network.depth", "1", "seed", "6"));
        assertThat(plan.trials().get(2).words()).containsExactly("network.depth=2", "--seed=5");
    }

    @Test
    void aPlanIsReadBackAsItWasWritten(@TempDir Path directory) {
        SweepPlan plan = SweepPlan.of("s", List.of(axis("depth=1,2"), axis("seed=0..1")), List.of("--threads", "1"));

        plan.write(directory);

        assertThat(SweepPlan.isIn(directory)).isTrue();
        assertThat(SweepPlan.read(directory)).isEqualTo(plan);
    }
}
