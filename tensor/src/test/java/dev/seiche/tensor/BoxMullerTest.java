package dev.seiche.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;

class BoxMullerTest {

    /** Angles are rounded before the sine (half an ulp of pi/4) and after it: four units of 2^-53 bound both. */
    private static final double ANGLE_ERROR = 0x1p-51;

    @Property(tries = 5000)
    void logarithmAgreesWithTheExactOneToFourUlp(@ForAll @LongRange(min = 1, max = 1L << 53) long bits) {
        double u = bits * 0x1p-53;
        double exact = StrictMath.log(u);
        assertThat(BoxMuller.log(u)).isCloseTo(exact, within(4 * Math.ulp(exact)));
    }

    @Test
    void logarithmIsZeroAtOneAndKeepsItsDigitsNextToIt() {
        assertThat(BoxMuller.log(1.0)).isZero();
        assertThat(BoxMuller.log(1.0 - 0x1p-53)).isEqualTo(-0x1p-53);
    }

    @Property(tries = 5000)
    void sineAndCosineAgreeWithTheExactOnes(@ForAll @LongRange(min = 0, max = (1L << 53) - 1) long bits) {
        // The quarter turn is taken off exactly, so that the comparison does not suffer from rounding 2 pi u.
        long quarter = bits >>> 51;
        double rest = 2 * Math.PI * ((bits & (1L << 51) - 1) * 0x1p-53);
        double sine = StrictMath.sin(rest);
        double cosine = StrictMath.cos(rest);
        for (long turn = 0; turn < quarter; turn++) {
            double turned = cosine;
            cosine = -sine;
            sine = turned;
        }
        assertThat(BoxMuller.sine(bits)).isCloseTo(sine, within(ANGLE_ERROR));
        assertThat(BoxMuller.cosine(bits)).isCloseTo(cosine, within(ANGLE_ERROR));
    }

    @Test
    void quarterTurnsAreExact() {
        long quarter = 1L << 51;
        assertThat(new double[] {BoxMuller.cosine(0), BoxMuller.sine(0)}).containsExactly(1, 0);
        assertThat(new double[] {BoxMuller.cosine(quarter), BoxMuller.sine(quarter)})
                .containsExactly(-0.0, 1);
        assertThat(new double[] {BoxMuller.cosine(2 * quarter), BoxMuller.sine(2 * quarter)})
                .containsExactly(-1, -0.0);
        assertThat(new double[] {BoxMuller.cosine(3 * quarter), BoxMuller.sine(3 * quarter)})
                .containsExactly(0, -1);
    }

    @Test
    void radiusRunsFromZeroToSqrtOf106Ln2() {
        assertThat(BoxMuller.radius((1L << 53) - 1)).isZero();
        assertThat(BoxMuller.radius(0)).isCloseTo(Math.sqrt(106 * Math.log(2)), within(1e-14)); // 6 ulp of 8.57
    }
}
