package dev.seiche.metrics.statistics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.seiche.tensor.Rng;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class PowerLawTest {
    /** Draws with p(x) ~ x^-alpha from 1 on. */
    private static double[] draws(double alpha, int count) {
        double[] u = new double[count];
        Rng.seed(2009).fold("tail").uniform(u);
        return IntStream.range(0, count)
                .mapToDouble(i -> Math.pow(1 - u[i], -1 / (alpha - 1)))
                .toArray();
    }

    @Test
    void theExponentOfAPowerLawIsFound() {
        for (double alpha : new double[] {1.5, 2.5, 4}) {
            PowerLaw fit = PowerLaw.fit(draws(alpha, 1000));
            // deviation (alpha - 1) / sqrt(count); the tail is chosen, and has some hundred draws at least
            assertThat(fit.alpha()).isCloseTo(alpha, within(4 * (alpha - 1) / Math.sqrt(fit.count())));
            assertThat(fit.count()).isGreaterThan(100);
            assertThat(fit.distance()).isLessThan(0.05);
        }
    }

    @Test
    void theTailIsToldFromWhatIsBelowIt() {
        double[] values = new double[1500];
        Rng.seed(2009).fold("body").uniform(values);
        System.arraycopy(draws(2.5, 500), 0, values, 0, 500); // and 1,000 between 0 and 1
        PowerLaw fit = PowerLaw.fit(values);
        assertThat(fit.from()).isBetween(0.8, 2.0);
        assertThat(fit.alpha()).isCloseTo(2.5, within(0.3));
    }

    @Test
    void byHandTheExponentIsOneAndTheInverseMeanLog() {
        // tails of fewer than 10 values are not chosen: ln 1, ln 2, ln 4 over the smallest
        assertThat(PowerLaw.fit(1, 2, 4, 0, -3).alpha()).isCloseTo(1 + 3 / (Math.log(2) + Math.log(4)), within(1e-14));
        assertThat(PowerLaw.fit(2, 2, 2).alpha()).isNaN();
        assertThat(PowerLaw.fit().alpha()).isNaN();
    }

    @Test
    void valuesThatFallAsAPowerOfTheirRankHaveThatPower() {
        double[] values = IntStream.rangeClosed(1, 40)
                .mapToDouble(k -> 7 * Math.pow(k, -1.3))
                .toArray();
        assertThat(PowerLaw.ofRanks(values)).isCloseTo(1.3, within(1e-12));
        assertThat(PowerLaw.ofRanks(3, 3, 3, 1e-12)).isCloseTo(0, within(1e-14)); // rounding is left out
        assertThat(PowerLaw.ofRanks(1)).isNaN();
    }
}
