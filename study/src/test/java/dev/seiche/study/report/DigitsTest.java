package dev.seiche.study.report;

import static org.assertj.core.api.Assertions.assertThat;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import org.junit.jupiter.api.Test;

class DigitsTest {
    @Test
    void aNumberShowsAsManyDigitsAsMeanSomething() {
        assertThat(Digits.of(0.012345)).isEqualTo("0.0123");
        assertThat(Digits.of(0.5)).isEqualTo("0.500");
        assertThat(Digits.of(2)).isEqualTo("2.00");
        assertThat(Digits.of(601.4)).isEqualTo("601");
        assertThat(Digits.of(123456.7)).isEqualTo("123000");
        assertThat(Digits.of(0.9999)).isEqualTo("1.00");
        assertThat(Digits.of(-1.5, 2)).isEqualTo("-1.5");
        assertThat(Digits.of(1.234e-7)).isEqualTo("1.23e-7");
        assertThat(Digits.of(6.02e23)).isEqualTo("6.02e23");
        assertThat(Digits.of(0)).isEqualTo("0");
        assertThat(Digits.of(Double.NaN)).isEqualTo("n/a");
        assertThat(Digits.of(Double.NEGATIVE_INFINITY)).isEqualTo("-infinity");
    }

    @Test
    void sharesAndTimesReadAsAPersonWouldSayThem() {
        assertThat(Digits.percent(0.824)).isEqualTo("82%");
        assertThat(Digits.percent(0.034)).isEqualTo("3.4%");
        assertThat(Digits.percent(0)).isEqualTo("0%");
        assertThat(Digits.percent(-0.27)).isEqualTo("-27%");
        assertThat(Digits.percent(Double.NaN)).isEqualTo("n/a");
        assertThat(Digits.duration(0.84)).isEqualTo("0.8 s");
        assertThat(Digits.duration(42)).isEqualTo("42 s");
        assertThat(Digits.duration(185)).isEqualTo("3 min 5 s");
        assertThat(Digits.duration(7800)).isEqualTo("2 h 10 min");
    }

    @Property
    void theTextReadsBackWithinHalfADigit(@ForAll @DoubleRange(min = -1e12, max = 1e12) double x) {
        // Half a unit in the third digit is at most 5e-3 of the number.
        assertThat(Math.abs(Double.parseDouble(Digits.of(x)) - x)).isLessThanOrEqualTo(5.001e-3 * Math.abs(x));
    }
}
