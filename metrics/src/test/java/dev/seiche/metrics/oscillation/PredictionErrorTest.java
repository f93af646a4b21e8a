package dev.seiche.metrics.oscillation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class PredictionErrorTest {

    @Test
    void comparesTheRowsThatHaveBoth() {
        PredictionError error = PredictionError.of(
                new double[] {Double.NaN, 0.5, 0.25, -1, 0.5}, new double[] {0.1, 0.5, 0.5, Double.NaN, 0.4999});
        assertThat(error.count()).isEqualTo(3);
        assertThat(error.median()).isCloseTo(1e-4, within(1e-15)); // rounding of 0.5 - 0.4999
        assertThat(error.p95()).isEqualTo(0.25);
        assertThat(error.within()).isEqualTo(2 / 3.0);
    }

    @Test
    void hasNothingToSayWithoutRows() {
        PredictionError error = PredictionError.of(new double[] {Double.NaN}, new double[] {1});
        assertThat(error.count()).isZero();
        assertThat(error.median()).isNaN();
        assertThat(error.p95()).isNaN();
        assertThat(error.within()).isNaN();
    }
}
