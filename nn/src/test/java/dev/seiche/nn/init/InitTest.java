package dev.seiche.nn.init;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.seiche.tensor.Rng;
import dev.seiche.tensor.Shape;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

/** How parameters begin. */
class InitTest {
    private static final Shape WEIGHT = Shape.of(400, 300);
    private static final int COUNT = 400 * 300;

    /** Asserts mean 0 and this variance, within five standard errors of 120,000 draws. */
    private static void assertMoments(Init init, double variance) {
        double[] values = init.values(Rng.seed(2), WEIGHT, Fans.of(WEIGHT));
        double mean = 0;
        double square = 0;
        for (double value : values) {
            mean += value / COUNT;
            square += value * value / COUNT;
        }
        // the mean's error is sd/sqrt(n); the variance's is at most sqrt(2/n) of it, the Gaussian's
        assertThat(mean).isCloseTo(0, within(5 * Math.sqrt(variance / COUNT)));
        assertThat(square).isCloseTo(variance, within(5 * variance * Math.sqrt(2.0 / COUNT)));
    }

    @Test
    void kaimingHasVarianceTwoOverFanIn() {
        assertMoments(Init.kaimingNormal(), 2.0 / 400);
        assertMoments(Init.kaimingUniform(), 2.0 / 400);
        assertMoments(Init.kaimingNormalFanOut(), 2.0 / 300);
    }

    @Test
    void xavierHasVarianceTwoGainSquaredOverTheSumOfFans() {
        assertMoments(Init.xavierNormal(1.9), 1.9 * 1.9 * 2 / 700);
        assertMoments(Init.xavierUniform(0.5), 0.25 * 2 / 700);
    }

    @Test
    void gaussianHasVarianceOneOverKappaTimesFanIn() {
        assertMoments(Init.gaussian(1), 1.0 / 400);
        assertMoments(Init.gaussian(2), 1.0 / 800);
    }

    @Test
    void uniformFanInStaysWithinOneOverTheRootAndReachesIt() {
        assertMoments(Init.uniformFanIn(), 1.0 / (3 * 400));
        double bound = 1 / Math.sqrt(400);
        double largest = 0;
        for (double value : Init.uniformFanIn().values(Rng.seed(1), WEIGHT, Fans.of(WEIGHT))) {
            largest = Math.max(largest, Math.abs(value));
        }
        // the bound is rounded twice; the largest of 120,000 draws is within 1e-4 of it but for one seed in 160,000
        assertThat(largest).isLessThanOrEqualTo(bound * (1 + 1e-15)).isGreaterThan(bound * (1 - 1e-4));
    }

    @Test
    void fansOfAConvolutionCountItsTaps() {
        assertThat(Fans.of(Shape.of(3, 5, 4, 8))).isEqualTo(new Fans(60, 120));
        assertThat(Fans.of(Shape.of(7, 2))).isEqualTo(new Fans(7, 2));
        assertThatThrownBy(() -> Fans.of(Shape.of(7))).hasMessageContaining("[7]");
    }

    @Property(tries = 40)
    void orthogonalWeightsHaveAnOrthonormalShorterSide(
            @ForAll @IntRange(min = 1, max = 24) int rows, @ForAll @IntRange(min = 1, max = 24) int columns) {
        double gain = 1.5;
        double[] w =
                Init.orthogonal(gain).values(Rng.seed(rows * 100L + columns), Shape.of(rows, columns), new Fans(1, 1));
        boolean tall = rows >= columns;
        int vectors = Math.min(rows, columns);
        for (int a = 0; a < vectors; a++) {
            for (int b = 0; b < vectors; b++) {
                double dot = 0;
                for (int i = 0; i < Math.max(rows, columns); i++) {
                    dot += tall ? w[i * columns + a] * w[i * columns + b] : w[a * columns + i] * w[b * columns + i];
                }
                // Householder reflections keep orthogonality to a few roundings per vector
                assertThat(dot).isCloseTo(a == b ? gain * gain : 0, within(1e-13));
            }
        }
    }

    @Test
    void orthogonalConvolutionWeightsAreReadAsTapsTimesInputsByOutputs() {
        Shape shape = Shape.of(3, 3, 2, 5);
        double[] w = Init.orthogonal(1).values(Rng.seed(1), shape, Fans.of(shape));
        double dot = 0;
        double square = 0;
        for (int i = 0; i < 18; i++) {
            dot += w[i * 5] * w[i * 5 + 3];
            square += w[i * 5] * w[i * 5];
        }
        assertThat(dot).isCloseTo(0, within(1e-14));
        assertThat(square).isCloseTo(1, within(1e-14));
    }

    @Test
    void orthogonalSignsAreFair() {
        int positive = 0;
        for (int seed = 0; seed < 400; seed++) {
            positive += Init.orthogonal(1).values(Rng.seed(seed), Shape.of(3, 3), new Fans(3, 3))[0] > 0 ? 1 : 0;
        }
        // binomial: 200 +- 10; without fixing the signs of R the first element would nearly always be negative
        assertThat(positive).isBetween(150, 250);
    }

    @Test
    void aBadScaleIsRefused() {
        assertThatThrownBy(() -> Init.normal(-1)).hasMessageContaining("-1.0");
        assertThatThrownBy(() -> Init.uniform(Double.NaN)).hasMessageContaining("NaN");
        assertThatThrownBy(() -> Init.xavierNormal(-2)).hasMessageContaining("gain");
        assertThatThrownBy(() -> Init.gaussian(0)).hasMessageContaining("kappa");
        assertThatThrownBy(() -> Init.orthogonal(1).values(Rng.seed(1), Shape.of(3), new Fans(1, 1)))
                .hasMessageContaining("[3]");
    }
}
