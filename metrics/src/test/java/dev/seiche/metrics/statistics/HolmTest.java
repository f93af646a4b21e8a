package dev.seiche.metrics.statistics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.seiche.tensor.Rng;
import org.junit.jupiter.api.Test;

class HolmTest {
    @Test
    void multipliesTheSmallestByAllTheNextByOneLessAndNeverFalls() {
        assertThat(Holm.adjust(0.01, 0.04, 0.03, 0.005))
                .containsExactly(new double[] {0.03, 0.06, 0.06, 0.02}, within(1e-15));
        assertThat(Holm.adjust(0.9, 0.8)).containsExactly(1, 1);
        assertThat(Holm.adjust()).isEmpty();
    }

    @Test
    void aBootstrapIntervalCoversTheMeanAboutAsOftenAsItSays() {
        int covered = 0;
        int runs = 200;
        for (int run = 0; run < runs; run++) {
            double[] x = new double[60];
            Rng.seed(5).fold(run).normal(x);
            Bootstrap interval = Bootstrap.ofMean(x, m -> m, 0.95, 200, Rng.seed(run));
            assertThat(interval.low()).isLessThan(interval.estimate());
            covered += interval.low() <= 0 && interval.high() >= 0 ? 1 : 0;
        }
        // 190 expected, deviation 3; percentile intervals of 60 draws cover a percent or two less
        assertThat(covered).isBetween(175, 200);
    }
}
