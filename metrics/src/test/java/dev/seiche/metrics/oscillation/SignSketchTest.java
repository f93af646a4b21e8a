package dev.seiche.metrics.oscillation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.seiche.tensor.Rng;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class SignSketchTest {
    private static final SignSketch SKETCH = new SignSketch(Rng.seed(7), 256);

    @Test
    void everyEntryOfADirectionIsPlusOrMinusOneOverTheRootOfTheirNumber() {
        for (int i : new int[] {0, 1, 63, 64, 99}) {
            double[] unit = new double[100];
            unit[i] = 3;
            assertThat(Arrays.stream(sketch(unit)).map(Math::abs)).containsOnly(3 / 16.0);
        }
    }

    @Test
    void innerProductsAreKeptOnAverage() {
        double[] a = new double[1000];
        double[] b = new double[1000];
        Rng.seed(1).normal(a);
        Rng.seed(2).normal(b);
        // a.a has relative deviation sqrt(2/256) = 0.09, and a.b about |a||b|/16 = 62: four of each
        assertThat(dot(sketch(a), sketch(a)) / dot(a, a)).isCloseTo(1, within(0.36));
        assertThat(dot(sketch(a), sketch(b))).isCloseTo(dot(a, b), within(250.0));
    }

    @Test
    void partsOfOneNameMeetTheSameSignsAndOthersDoNot() {
        double[] values = new double[130];
        Rng.seed(3).normal(values);
        double[] other = new double[256];
        SKETCH.add("fc2.weight", values, other);
        assertThat(sketch(values)).isEqualTo(sketch(values)).isNotEqualTo(other);
    }

    private static double[] sketch(double[] values) {
        double[] into = new double[256];
        SKETCH.add("fc1.weight", values, into);
        return into;
    }

    private static double dot(double[] a, double[] b) {
        double sum = 0;
        for (int i = 0; i < a.length; i++) {
            sum += a[i] * b[i];
        }
        return sum;
    }
}
