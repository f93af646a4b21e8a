package dev.seiche.metrics.oscillation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.seiche.tensor.Rng;
import java.util.function.IntToDoubleFunction;
import org.junit.jupiter.api.Test;

class SpectralScoreTest {

    @Test
    void anAlternatingSignalHasAllItsPowerInTheBand() {
        // the line through an alternating signal is not quite flat, so a little power leaves the band
        assertThat(SpectralScore.of(new double[][] {signal(t -> t % 2 == 0 ? 1 : -1)}))
                .isGreaterThan(0.999);
        assertThat(SpectralScore.of(new double[][] {signal(t -> 5 + 0.3 * t + (t % 2 == 0 ? 1 : -1))}))
                .isGreaterThan(0.999);
    }

    @Test
    void whiteNoiseHasTheShareOfTheBand() {
        // Bins 26 to 32 of 1 to 32: 2 * 6 + 1 = 13 of 63 degrees of freedom, of which the line takes one, out of the
        // band
        // but for a small leak. One score has a standard deviation of about 0.06, the mean of 4000 of 0.001: four of
        // them.
        double expected = 13 / 62.0;
        int trials = 1000;
        double mean = 0;
        for (int trial = 0; trial < trials; trial++) {
            double[][] signals = new double[4][SpectralScore.WINDOW];
            for (int j = 0; j < 4; j++) {
                Rng.seed(1).fold(trial).fold(j).normal(signals[j]);
            }
            mean += SpectralScore.of(signals) / trials;
        }
        assertThat(mean).isCloseTo(expected, within(0.004));
    }

    @Test
    void aSlowDriftHasNearlyNothingInTheBand() {
        assertThat(SpectralScore.of(new double[][] {signal(t -> Math.exp(-t / 20.0))}))
                .isLessThan(0.01);
    }

    @Test
    void aFrequencyBelowTheBandIsOutside() {
        // 25/64 = 0.39 and 26/64 = 0.41 cycles per step lie on both sides of the edge
        assertThat(SpectralScore.of(new double[][] {signal(t -> Math.cos(2 * Math.PI * 25 * t / 64))}))
                .isLessThan(0.01);
        assertThat(SpectralScore.of(new double[][] {signal(t -> Math.cos(2 * Math.PI * 26 * t / 64))}))
                .isGreaterThan(0.99);
    }

    @Test
    void aStraightLineHasNoFluctuationToScore() {
        assertThat(SpectralScore.of(new double[][] {signal(t -> 1e6 + 0.1 * t)}))
                .isNaN();
        assertThat(SpectralScore.of(new double[][] {signal(t -> 0)})).isNaN();
    }

    @Test
    void refusesALengthThatTheTransformDoesNotTake() {
        assertThatThrownBy(() -> SpectralScore.of(new double[][] {new double[60]}))
                .hasMessageContaining("a power of two from 8 on; got 60");
    }

    private static double[] signal(IntToDoubleFunction value) {
        double[] signal = new double[SpectralScore.WINDOW];
        for (int t = 0; t < signal.length; t++) {
            signal[t] = value.applyAsDouble(t);
        }
        return signal;
    }
}
