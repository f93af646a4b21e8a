package dev.seiche.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class MetricTableTest {

    @Test
    void keepsNamesInTheOrderOfTheirFirstMeasurement() {
        MetricTable table = new MetricTable();
        MetricSink arm = table.prefixed("a/");
        arm.put(0, "cos/fc2", 1);
        arm.put(0, "cos/fc1", 2);
        arm.put(1, "cos/fc1", 3);
        assertThat(table.under("a/cos/")).containsExactly("fc2", "fc1");
        assertThat(table.under("b/")).isEmpty();
    }

    @Test
    void aColumnIsNanWhereNothingWasMeasured() {
        MetricTable table = new MetricTable();
        table.put(1, "x", 5);
        table.put(7, "x", 6);
        assertThat(table.column("x", 3)).containsExactly(Double.NaN, 5, Double.NaN);
        assertThat(table.column("x").keySet()).containsExactly(1L, 7L);
        assertThat(table.column("y")).isEmpty();
        assertThat(table.column("y", 1)).containsExactly(Double.NaN);
    }

    @Test
    void aSinkCanFeedTwo() {
        MetricTable one = new MetricTable();
        MetricTable two = new MetricTable();
        one.and(two.prefixed("copy/")).put(3, "x", 0.5);
        assertThat(one.column("x").get(3L)).isEqualTo(0.5);
        assertThat(two.column("copy/x").get(3L)).isEqualTo(0.5);
    }
}
