package dev.seiche.kernels.cpu;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.ArrayList;
import java.util.List;
import java.util.function.DoubleUnaryOperator;
import java.util.function.UnaryOperator;
import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.FloatVector;
import org.junit.jupiter.api.Test;

class VectorMathTest {
    private static final int STEPS = 4001;

    @Test
    void theErrorFunctionIsWithinTheRoundingOfItsTerms() {
        // the terms reach e^36 before they fall: 60 digits leave 44
        MathContext digits = new MathContext(60);
        BigDecimal rootPi =
                new BigDecimal("1.772453850905516027298167483341145182797549456122387128213807789852911284591032");
        for (double x : grid(-6.5, 6.5)) {
            BigDecimal sum = BigDecimal.ZERO;
            BigDecimal power = new BigDecimal(x);
            for (int n = 0; n < 300; n++) {
                sum = sum.add(power.divide(BigDecimal.valueOf(2L * n + 1), digits), digits);
                power = power.multiply(new BigDecimal(x).pow(2, digits), digits)
                        .negate()
                        .divide(BigDecimal.valueOf(n + 1L), digits);
            }
            double expected =
                    sum.multiply(BigDecimal.TWO).divide(rootPi, digits).doubleValue();
            // Cody's approximations are good to 6e-19, so this is rounding: measured 3.8e-16 at worst
            assertThat(Math.abs(Formulas.erf(x) - expected)).isLessThanOrEqualTo(1e-15 * Math.abs(expected));
        }
    }

    @Test
    void f32FunctionsStayWithinTheirErrorInUnitsOfTheLastPlace() {
        // measured errors: exp 1.02, log 0.81, log1p 1.44, tanh 2.23, sigmoid 2.11, softplus 1.89, erf 3.79
        checkF32("exp", 1.1, F32Math::exp, Math::exp, -104, 88.7);
        checkF32("log", 1, F32Math::log, Math::log, 1e-6, 1e3);
        checkF32("log near 1", 1, F32Math::log, Math::log, 0.5, 2);
        checkF32("log1p", 2, x -> F32Math.log1p(x, F32Math.log1pInside(x)), Math::log1p, -0.999, 9);
        checkF32("tanh", 3, F32Math::tanh, Math::tanh, -11, 11);
        checkF32("tanh near 0", 3, F32Math::tanh, Math::tanh, -0.01, 0.01);
        checkF32("sigmoid", 3, x -> F32Math.sigmoid(x, F32Math.expMinusAbs(x)), Formulas::sigmoid, -80, 80);
        checkF32("softplus", 3, x -> F32Math.softplus(x, F32Math.expMinusAbs(x)), Formulas::softplus, -80, 80);
        checkF32("erf", 4, VectorMathTest::erf, Formulas::erf, -5, 5);
        checkF32("erf near 0", 4, VectorMathTest::erf, Formulas::erf, -0.5, 0.5);
    }

    @Test
    void f64FunctionsStayWithinTheirErrorInUnitsOfTheLastPlace() {
        // measured against the platform's functions, which err by up to 1 themselves: 1, 1, 1, 2, 2, 3, 4
        checkF64("exp", 2, F64Math::exp, Math::exp, -744, 709.7);
        checkF64("log", 2, F64Math::log, Math::log, 1e-300, 1e3);
        checkF64("log near 1", 2, F64Math::log, Math::log, 0.5, 2);
        checkF64("log1p", 2, x -> F64Math.log1p(x, F64Math.log1pInside(x)), Math::log1p, -0.999, 9);
        checkF64("tanh", 3, F64Math::tanh, Math::tanh, -21, 21);
        checkF64("tanh near 0", 3, F64Math::tanh, Math::tanh, -0.01, 0.01);
        checkF64("sigmoid", 3, x -> F64Math.sigmoid(x, F64Math.expMinusAbs(x)), Formulas::sigmoid, -700, 700);
        checkF64("softplus", 4, x -> F64Math.softplus(x, F64Math.expMinusAbs(x)), Formulas::softplus, -700, 700);
        checkF64("erf", 6, VectorMathTest::erf, Formulas::erf, -7, 7);
        checkF64("erf near 0", 6, VectorMathTest::erf, Formulas::erf, -0.5, 0.5);
    }

    private static FloatVector erf(FloatVector x) {
        return F32Math.erf(x, F32Math.erfc(x, F32Math.erfDecay(x)));
    }

    private static DoubleVector erf(DoubleVector x) {
        return F64Math.erf(x, F64Math.erfc(x, F64Math.erfDecay(x)));
    }

    /** Evenly over the range, and down to its smallest magnitudes. */
    private static List<Double> grid(double low, double high) {
        List<Double> grid = new ArrayList<>();
        for (int i = 0; i < STEPS; i++) {
            grid.add(low + (high - low) * i / (STEPS - 1));
        }
        for (double x = high; x > Math.max(low, 1e-30); x /= 1.7) {
            grid.add(x);
        }
        return grid;
    }

    private static void checkF32(
            String name,
            double ulps,
            UnaryOperator<FloatVector> f,
            DoubleUnaryOperator exact,
            double low,
            double high) {
        for (double each : grid(low, high)) {
            float x = (float) each;
            double expected = exact.applyAsDouble(x);
            float actual = f.apply(FloatVector.broadcast(FloatVector.SPECIES_PREFERRED, x))
                    .lane(0);
            assertThat(Math.abs(actual - expected))
                    .as("%s(%s) = %s, exactly %s", name, x, actual, expected)
                    .isLessThanOrEqualTo(ulps * Math.ulp((float) expected));
        }
    }

    private static void checkF64(
            String name,
            double ulps,
            UnaryOperator<DoubleVector> f,
            DoubleUnaryOperator exact,
            double low,
            double high) {
        for (double x : grid(low, high)) {
            double expected = exact.applyAsDouble(x);
            double actual = f.apply(DoubleVector.broadcast(DoubleVector.SPECIES_PREFERRED, x))
                    .lane(0);
            assertThat(Math.abs(actual - expected))
                    .as("%s(%s) = %s, exactly %s", name, x, actual, expected)
                    .isLessThanOrEqualTo(ulps * Math.ulp(expected));
        }
    }
}
