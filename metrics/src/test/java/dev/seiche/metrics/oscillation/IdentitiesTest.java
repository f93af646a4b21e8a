package dev.seiche.metrics.oscillation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import net.jqwik.api.Assume;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

/** On L = w' diag(lambda) w / 2 gradient descent is known in closed form: g_t = lambda (1 - eta lambda)^t w_0. */
class IdentitiesTest {

    @Test
    void theCosineFallsToMinusOneWhereTheLargestCurvatureContractsSlowest() {
        assertThat(cosineAfter(400, 0.104)).isCloseTo(-1, within(1e-12)); // (0.896 / 0.976)^800 is below rounding
    }

    @Test
    void theCosineRisesToOneWhereTheSmallestCurvatureContractsSlowest() {
        assertThat(cosineAfter(400, 0.09)).isCloseTo(1, within(1e-12)); // (0.71 / 0.91)^800 is below rounding
    }

    @Test
    void atATieTheStartDecidesTheCosine() {
        // g = (1, 19/20) * (0.9^t, (-0.9)^t): the cosine is (1 - 0.9025) / (1 + 0.9025) at every step
        assertThat(cosineAfter(1, 0.1)).isCloseTo(0.0975 / 1.9025, within(1e-12));
        assertThat(cosineAfter(300, 0.1)).isCloseTo(0.0975 / 1.9025, within(1e-12)); // 300 roundings
    }

    @Property
    void thePredictedCosineIsExactOnAQuadratic(
            @ForAll @Size(4) List<@DoubleRange(min = -2, max = 20) Double> curvatures,
            @ForAll @Size(4) List<@DoubleRange(min = 0.1, max = 1) Double> gradient,
            @ForAll @DoubleRange(min = 0.01, max = 0.3) double eta) {
        double[] lambda = curvatures.stream().mapToDouble(Double::doubleValue).toArray();
        double[] g = gradient.stream().mapToDouble(Double::doubleValue).toArray();
        double[] hg = times(lambda, g);
        double[] next = new double[4];
        for (int i = 0; i < 4; i++) {
            next[i] = g[i] - eta * hg[i];
        }
        Assume.that(dot(next, next) > 1e-4 * dot(g, g)); // a gradient that cancels has no accurate cosine
        double predicted = Identities.nextCosine(dot(g, g), dot(g, hg), dot(hg, hg), eta);
        // r - q^2 cancels to about 400 eps of r in the worst case, and its root enters
        assertThat(predicted).isCloseTo(cos(g, next), within(1e-6));
        double q = dot(g, hg) / dot(g, g);
        if (Math.abs(q - 1 / eta) > 1e-9) {
            assertThat(predicted < 0).isEqualTo(q > 1 / eta);
        }
        assertThat(Identities.directionalSmoothness(dot(g, g), dot(g, next), eta))
                .isCloseTo(q, within(1e-9)); // (gg - gh) / eta: 100 times the rounding of numbers up to 24
    }

    @Test
    void atTheEdgeTheShareAlongTheTopEigenvectorGivesTheCosine() {
        for (double rho = 0; rho <= 1; rho += 0.125) {
            assertThat(Identities.oneModeCosine(rho, 2)).isCloseTo(Identities.edgeCosine(rho), within(1e-15)); // ulp
        }
        assertThat(Identities.edgeCosine(0.95)).isCloseTo(-0.9, within(1e-15));
        assertThat(Identities.oneModeCosine(1, 1.5)).isEqualTo(-1);
    }

    @Test
    void aPerfectOscillationHasADirectionalSmoothnessOfTwoOverTheRate() {
        assertThat(Identities.directionalSmoothness(9, -9, 0.25)).isEqualTo(8);
    }

    @Test
    void aZeroGradientHasNoPrediction() {
        assertThat(Identities.nextCosine(0, 0, 0, 0.1)).isNaN();
    }

    private static double cosineAfter(int steps, double eta) {
        double[] lambda = {1, 19};
        double[] w = {1, 0.05};
        double[] before = times(lambda, w);
        for (int t = 0; t < steps; t++) {
            before = times(lambda, w);
            for (int i = 0; i < 2; i++) {
                w[i] -= eta * before[i];
            }
        }
        return cos(before, times(lambda, w));
    }

    private static double[] times(double[] a, double[] b) {
        double[] out = new double[a.length];
        for (int i = 0; i < a.length; i++) {
            out[i] = a[i] * b[i];
        }
        return out;
    }

    private static double dot(double[] a, double[] b) {
        double sum = 0;
        for (int i = 0; i < a.length; i++) {
            sum += a[i] * b[i];
        }
        return sum;
    }

    private static double cos(double[] a, double[] b) {
        return dot(a, b) / Math.sqrt(dot(a, a) * dot(b, b));
    }
}
