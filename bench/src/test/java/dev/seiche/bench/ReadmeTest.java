package dev.seiche.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;

class ReadmeTest {
    @Test
    void replacesWhatStandsBetweenTheMarkersAndNothingElse() {
        String old = "before\n<!-- bench:begin -->\nold\n<!-- bench:end -->\nafter\n";

        assertThat(Readme.replaced(old, "new\n"))
                .isEqualTo("before\n<!-- bench:begin -->\nnew\n<!-- bench:end -->\nafter\n");
    }

    @Test
    void addsASectionWhereThereAreNoMarkers() {
        assertThat(Readme.replaced("text\n", "table"))
                .isEqualTo("text\n\n## Benchmarks\n\n<!-- bench:begin -->\ntable\n<!-- bench:end -->\n");
    }

    @Test
    void refusesAMarkerWithoutItsPartner() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Readme.replaced("<!-- bench:begin -->\n", "table"))
                .withMessageContaining("<!-- bench:end -->");
    }
}
