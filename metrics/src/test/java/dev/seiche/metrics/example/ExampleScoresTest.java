package dev.seiche.metrics.example;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class ExampleScoresTest {
    @Test
    void el2nIsTheLengthOfTheErrorVector() {
        double[][] logits = {{0, 0}, {0, Math.log(3)}, {100, -100}};
        double[] scores = Difficulty.el2n(logits, new int[] {0, 1, 1});
        assertThat(scores[0]).isCloseTo(Math.sqrt(0.5), within(1e-15));
        assertThat(scores[1]).isCloseTo(Math.sqrt(0.125), within(1e-15)); // p = (1/4, 3/4)
        assertThat(scores[2]).isCloseTo(Math.sqrt(2), within(1e-15)); // surely wrong
        assertThat(Difficulty.average(new double[] {1, 2}, new double[] {3, 6})).containsExactly(2, 4);
    }

    @Test
    void anExampleIsForgottenEachTimeItGoesFromRightToWrong() {
        ForgettingEvents seen = new ForgettingEvents(3);
        double[][] hits = {{0, 1, 0}, {1, 0, 0}, {1, 1, 0}, {1, 0, 0}};
        for (int t = 0; t < hits.length; t++) {
            seen.observe(t, hits[t]);
        }
        assertThat(seen.events()).containsExactly(0, 2, 0);
        assertThat(seen.learned()).containsExactly(1, 0, -1);
        assertThat(seen.unforgettable()).containsExactly(0);
        assertThatThrownBy(() -> seen.observe(9, new double[2])).hasMessageContaining("3 examples, but saw 2");
    }
}
