package dev.seiche.metrics.statistics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.assertj.core.api.Assertions.withinPercentage;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** Against numbers of SciPy, which {@code make_reference.py} beside them writes. */
class AgainstScipyTest {
    /** SciPy takes normal quantiles from a formula with nine digits, which enter W through its weights. */
    private static final double NINE_DIGITS = 1e-8;

    private static List<String[]> lines(String kind) throws IOException {
        try (InputStream in =
                Objects.requireNonNull(AgainstScipyTest.class.getResourceAsStream("/reference/statistics/scipy.txt"))) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .map(line -> line.split(" "))
                    .filter(words -> words[0].equals(kind))
                    .toList();
        }
    }

    private static double[] numbers(String kind) throws IOException {
        String[] words = lines(kind).get(0);
        return Arrays.stream(words).skip(1).mapToDouble(Double::parseDouble).toArray();
    }

    static double[] sample(String kind, int n) {
        double[] x = new double[n];
        for (int i = 0; i < n; i++) {
            double u = (i + 1) * 0.6180339887498949 % 1.0;
            double v = (i + 1) * 0.7548776662466927 % 1.0;
            x[i] = switch (kind) {
                case "uniform" -> u;
                case "exponential" -> -Math.log(1 - u);
                case "normal" -> Math.sqrt(-2 * Math.log(u)) * Math.cos(2 * Math.PI * v);
                case "cauchy" -> Math.tan(Math.PI * (u - 0.5));
                default -> throw new IllegalArgumentException(kind);
            };
        }
        return x;
    }

    @Test
    void shapiroAndWilkAgree() throws IOException {
        assertThat(lines("test")).hasSize(32);
        for (String[] words : lines("test")) {
            TestResult found = ShapiroWilk.of(sample(words[1], Integer.parseInt(words[2])));
            assertThat(found.statistic())
                    .as(String.join(" ", words))
                    .isCloseTo(Double.parseDouble(words[3]), within(NINE_DIGITS));
            // of 1e-94 the exponent is 430: nine digits of it are six of the probability
            assertThat(found.p())
                    .as(String.join(" ", words))
                    .isCloseTo(Double.parseDouble(words[4]), withinPercentage(0.01));
        }
    }

    @Test
    void andersonAndDarlingAgree() throws IOException {
        for (String[] words : lines("test")) {
            int n = Integer.parseInt(words[2]);
            if (n >= 8) {
                double expected = Double.parseDouble(words[5]);
                // a sum of n terms of both signs of up to 1e5
                assertThat(AndersonDarling.of(sample(words[1], n)).statistic())
                        .as(String.join(" ", words))
                        .isCloseTo(expected, within(1e-9 * Math.max(1, expected)));
            }
        }
    }

    @Test
    void theCriticalValuesOfAndersonAndDarlingHaveTheirProbabilities() {
        double[] critical = {0.631, 0.752, 0.873, 1.035};
        double[] level = {0.10, 0.05, 0.025, 0.01};
        for (int i = 0; i < critical.length; i++) {
            double n = 1e6; // where the statistic needs no correction
            assertThat(AndersonDarling.corrected(critical[i], (int) n)).isCloseTo(critical[i], within(1e-5));
            // the published approximation has two digits
            assertThat(AndersonDarling.probability(critical[i])).isCloseTo(level[i], withinPercentage(2));
        }
    }

    @Test
    void theKernelDensityAgrees() throws IOException {
        double[] expected = numbers("density");
        KernelDensity density = KernelDensity.of(sample("normal", 50));
        assertThat(density.bandwidth()).isCloseTo(expected[0], within(1e-14));
        double[] places = {-1, 0, 0.7, 3};
        for (int i = 0; i < places.length; i++) {
            assertThat(density.at(places[i])).isCloseTo(expected[i + 1], within(1e-14));
        }
        assertThat(density.on(-1, 3, 5)[0]).isEqualTo(density.at(-1));
    }

    @Test
    void quantilesAndMomentsAgree() throws IOException {
        double[] x = sample("normal", 50);
        Summary summary = Summary.of(x);
        double[] quantiles = numbers("quantiles");
        assertThat(summary.p5()).isCloseTo(quantiles[0], within(1e-14));
        assertThat(summary.median()).isCloseTo(quantiles[1], within(1e-14));
        assertThat(summary.p95()).isCloseTo(quantiles[2], within(1e-14));
        double[] moments = numbers("moments");
        Moments all = Moments.of(x);
        assertThat(all.mean()).isCloseTo(moments[0], within(1e-14));
        assertThat(all.variance()).isCloseTo(moments[1], within(1e-13));
        assertThat(all.skewness()).isCloseTo(moments[2], within(1e-12));
        assertThat(all.excessKurtosis()).isCloseTo(moments[3], within(1e-12));
    }

    @Test
    void momentsOfPiecesAreThoseOfTheWhole() {
        double[] x = sample("exponential", 101);
        Moments whole = Moments.of(x);
        for (int cut : new int[] {0, 1, 37, 101}) {
            Moments joined = Moments.of(Arrays.copyOf(x, cut)).merge(Moments.of(Arrays.copyOfRange(x, cut, x.length)));
            assertThat(joined.count()).isEqualTo(101);
            assertThat(joined.mean()).isCloseTo(whole.mean(), within(1e-14));
            assertThat(joined.variance()).isCloseTo(whole.variance(), within(1e-13));
            assertThat(joined.excessKurtosis()).isCloseTo(whole.excessKurtosis(), within(1e-11));
        }
        assertThat(Moments.EMPTY.mean()).isNaN();
    }

    @Test
    void theNormalDistributionAgreesAlsoFarOut() throws IOException {
        double[] logs = numbers("logcdf");
        double[] z = {-40, -10, 0, 3};
        for (int i = 0; i < z.length; i++) {
            // beyond -30 two terms of a series: the next is 3/z^4
            assertThat(Normal.logCdf(z[i])).isCloseTo(logs[i], within(i == 0 ? 2e-6 : 1e-11));
        }
        double[] quantiles = numbers("quantile");
        double[] p = {1e-10, 0.025, 0.7};
        for (int i = 0; i < p.length; i++) {
            assertThat(Normal.quantile(p[i])).isCloseTo(quantiles[i], within(1e-12));
        }
        assertThat(Normal.upper(1.96)).isCloseTo(1 - Normal.cdf(1.96), within(1e-15));
    }

    @Test
    void whatCannotBeTestedIsRefused() {
        assertThatThrownBy(() -> ShapiroWilk.of(1, 2)).hasMessageContaining("3 to 5000");
        assertThatThrownBy(() -> ShapiroWilk.of(2, 2, 2)).hasMessageContaining("differ");
        assertThatThrownBy(() -> AndersonDarling.of(1, 2, 3)).hasMessageContaining("8 numbers");
        assertThatThrownBy(() -> KernelDensity.of(1, 1, 1)).hasMessageContaining("differ");
    }
}
