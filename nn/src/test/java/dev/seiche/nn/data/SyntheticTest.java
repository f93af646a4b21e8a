package dev.seiche.nn.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.seiche.tensor.DType;
import dev.seiche.tensor.Rng;
import dev.seiche.tensor.Shape;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class SyntheticTest {

    @Property
    void chebyshevTargetsAreCosinesOfMultipliedAngles(
            @ForAll @IntRange(min = 0, max = 12) int degree, @ForAll @IntRange(min = 2, max = 40) int points) {
        Dataset set = Synthetic.chebyshev(degree, points);
        double[] x = values(set.inputs());
        double[] y = values(set.targets());
        assertThat(x).hasSize(points);
        for (int i = 0; i < points; i++) {
            // T_k(cos a) = cos(k a). The slope of T_k is at most k^2 = 144: errors of 1e-16 in x grow to 1e-14 in y.
            assertThat(y[i]).isCloseTo(Math.cos(degree * Math.acos(x[i])), within(1e-13));
        }
    }

    @Test
    void chebyshevPointsAreEquallySpacedWithBothEnds() {
        Dataset set = Synthetic.chebyshev(5, 20);
        double[] x = values(set.inputs());
        assertThat(x[0]).isEqualTo(-1);
        assertThat(x[19]).isEqualTo(1);
        assertThat(x[10]).isEqualTo(-x[9]).isEqualTo(1.0 / 19);
        assertThat(values(Synthetic.chebyshev(5, 2).targets())).containsExactly(-1, 1);
        assertThat(values(Synthetic.chebyshev(2, 3).targets())).containsExactly(1, -1, 1);
    }

    @Test
    void blobsLieAroundCentresThatTheSeparationSpreads() {
        int n = 6000;
        Dataset set = Synthetic.gaussianBlobs(Rng.seed(1), n, 3, 2, 10);
        double[] x = values(set.inputs());
        int[] labels = labels(set.targets());
        double[] centres = new double[6];
        for (int i = 0; i < n; i++) {
            centres[2 * labels[i]] += x[2 * i] * 3 / n;
            centres[2 * labels[i] + 1] += x[2 * i + 1] * 3 / n;
        }
        double[] expected = new double[6];
        Rng.seed(1).fold("centres").normal(expected);
        for (int i = 0; i < 6; i++) {
            // A mean of 2,000 draws of variance 1 has the standard error 0.0224; five of them.
            assertThat(centres[i]).isCloseTo(10 * expected[i], within(0.112));
        }
        assertThat(Arrays.copyOf(labels, 5)).containsExactly(0, 1, 2, 0, 1);
    }

    @Test
    void aTeacherWithoutNoiseIsAFunctionOfItsInputs() {
        Dataset set = Synthetic.teacherStudent(Rng.seed(3), 50, 4, 3, 2, 0);
        Dataset noisy = Synthetic.teacherStudent(Rng.seed(3), 50, 4, 3, 2, 0.5);
        assertThat(set.inputs().shape()).isEqualTo(Shape.of(4));
        assertThat(set.targets().shape()).isEqualTo(Shape.of(2));
        assertThat(values(noisy.inputs())).isEqualTo(values(set.inputs()));
        double[] noise = new double[100];
        Rng.seed(3).fold("noise").normal(noise);
        double[] clean = values(set.targets());
        double[] dirty = values(noisy.targets());
        for (int i = 0; i < 100; i++) {
            assertThat(dirty[i] - clean[i]).isCloseTo(0.5 * noise[i], within(1e-15)); // a few ulp of numbers below 4
        }
        assertThat(Arrays.stream(clean).map(Math::abs).max().orElseThrow()).isBetween(0.1, 4.0);
    }

    @Test
    void aLongerSetBeginsWithTheShorterOneAndAnotherKeyGivesAnother() {
        double[] shorter =
                values(Synthetic.teacherStudent(Rng.seed(3), 10, 4, 3, 2, 0.1).targets());
        double[] longer =
                values(Synthetic.teacherStudent(Rng.seed(3), 20, 4, 3, 2, 0.1).targets());
        double[] other =
                values(Synthetic.teacherStudent(Rng.seed(4), 10, 4, 3, 2, 0.1).targets());
        assertThat(Arrays.copyOf(longer, 20)).isEqualTo(shorter);
        assertThat(other).isNotEqualTo(shorter);
    }

    @Test
    void impossibleSizesAreRefused() {
        assertThatThrownBy(() -> Synthetic.chebyshev(-1, 20)).hasMessageContaining("got -1 and 20");
        assertThatThrownBy(() -> Synthetic.chebyshev(5, 1)).hasMessageContaining("points >= 2");
        assertThatThrownBy(() -> Synthetic.gaussianBlobs(Rng.seed(0), 10, 0, 2, 1))
                .hasMessageContaining("classes is at least 1, got 0");
    }

    private static double[] values(Column column) {
        int size = (int) column.shape().size();
        double[] all = new double[column.count() * size];
        for (int i = 0; i < column.count(); i++) {
            column.write(i, DType.F64, MemorySegment.ofArray(all).asSlice(8L * i * size));
        }
        return all;
    }

    private static int[] labels(Column column) {
        int[] all = new int[column.count()];
        for (int i = 0; i < all.length; i++) {
            column.write(i, DType.I32, MemorySegment.ofArray(all).asSlice(4L * i));
        }
        return all;
    }
}
