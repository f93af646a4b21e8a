package dev.seiche.metrics.preset;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SelectionTest {
    @ParameterizedTest
    @CsvSource({
        "tail, TAIL",
        "sharpness, SHARPNESS",
        "sharpness/2, SHARPNESS",
        "sharpness/batch, BATCH_SHARPNESS",
        "sharpness/gradient, OSCILLATION",
        "grad/cos/fc1, OSCILLATION",
        "confusion/sample/*, SAMPLES",
        "examples/grand_mean, EXAMPLES",
        "batch-sharpness, BATCH_SHARPNESS"
    })
    void aNameChoosesTheMeasureThatRecordsIt(String name, Measure measure) {
        assertThat(Selection.of(List.of(name)).measures()).containsExactly(measure);
    }

    @Test
    void everyEntryAndEveryMeasureCanBeChosen() {
        for (Measure measure : Measure.values()) {
            assertThat(Selection.knows(measure.word())).as(measure.word()).isTrue();
            measure.entries()
                    .forEach(entry -> assertThat(
                                    Selection.of(List.of(entry.name().replaceAll("<[^>]*>", "1")))
                                            .measures())
                            .as(entry.name())
                            .contains(measure));
        }
        assertThat(Arrays.stream(Preset.values()).flatMap(preset -> preset.names().stream()))
                .allMatch(Selection::knows);
    }

    @Test
    void theIntervalStandsBehindTheName() {
        assertThat(Selection.of(List.of("tail")).every(Measure.TAIL)).isEqualTo(50);
        assertThat(Selection.of(List.of("tail@7")).every(Measure.TAIL)).isEqualTo(7);
        assertThatThrownBy(() -> Selection.of(List.of("tail@0"))).hasMessageContaining("from 1, not '0'");
    }

    @Test
    void anUnknownNameIsAnErrorThatNamesTheKnownOnes() {
        assertThat(Selection.knows("sharpnes")).isFalse();
        assertThatThrownBy(() -> Selection.of(List.of("sharpnes")))
                .hasMessageContaining("there is no metric 'sharpnes'; known: loss, oscillation,")
                .hasMessageContaining("batch-sharpness");
    }
}
