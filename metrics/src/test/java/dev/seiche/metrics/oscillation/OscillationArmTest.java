package dev.seiche.metrics.oscillation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.seiche.metrics.MetricTable;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class OscillationArmTest {

    @Test
    void readsARunFromItsMeasurements() {
        MetricTable table = table(3);
        table.put(3, OscillationNames.LOSS, 0.5); // after the last step
        OscillationArm arm = OscillationArm.of("slow", 0.1, table);
        assertThat(arm.series().rows()).isEqualTo(3);
        assertThat(arm.series().losses()).containsExactly(4, 3, 2, 0.5);
        assertThat(arm.series().cosines()).containsExactly(Double.NaN, -0.5, -0.5);
        assertThat(arm.series().layers()).containsExactly("fc1", "fc2");
        assertThat(arm.series().cosines("fc2")).containsExactly(Double.NaN, 0.25, 0.25);
        assertThat(arm.sharpness()).containsOnlyKeys(0);
    }

    @Test
    void saysWhichMeasurementIsMissing() {
        assertThatThrownBy(() -> OscillationArm.of("slow", 0.1, new MetricTable()))
                .hasMessage("arm 'slow': no measurement of 'grad/cos'");
        MetricTable table = table(2);
        table.put(2, OscillationNames.COS, 0.5);
        assertThatThrownBy(() -> OscillationArm.of("slow", 0.1, table))
                .hasMessage("arm 'slow': 'loss' is measured at 2 of the first 3 steps");
        assertThatThrownBy(() -> new OscillationArm(
                        "slow", 0, OscillationArm.of("x", 1, table(1)).series(), new TreeMap<>()))
                .hasMessage("arm 'slow': the learning rate is 0.0, needs to be above 0");
    }

    private static MetricTable table(int rows) {
        MetricTable table = new MetricTable();
        table.put(0, OscillationNames.SHARPNESS, 20);
        table.put(1, OscillationNames.SHARPNESS, Double.NaN);
        for (int t = 0; t < rows; t++) {
            table.put(t, OscillationNames.LOSS, 4 - t);
            table.put(t, OscillationNames.NORM, 1);
            table.put(t, OscillationNames.COS, t == 0 ? Double.NaN : -0.5);
            table.put(t, OscillationNames.LAYER_COS + "fc1", -0.75);
            table.put(t, OscillationNames.LAYER_COS + "fc2", 0.25);
        }
        return table;
    }
}
