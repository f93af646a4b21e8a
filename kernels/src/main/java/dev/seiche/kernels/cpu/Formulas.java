package dev.seiche.kernels.cpu;

/** Scalar functions in double that the platform does not have. */
@SuppressWarnings("FloatingPointLiteralPrecision") // coefficients stand as published
final class Formulas {
    private Formulas() {}

    // Rational approximations of W. J. Cody, "Rational Chebyshev approximations for the error function", Mathematics of
    // Computation 23 (1969), 631-637: erf(x) = x P(x^2)/Q(x^2) up to 0.46875; erfc(x) = e^(-x^2) P(x)/Q(x) up to 4;
    // erfc(x) = e^(-x^2)/x (1/sqrt(pi) - P(1/x^2)/Q(1/x^2)/x^2) above. Highest power first.
    private static final double[] ERF_P = {
        1.85777706184603153e-1,
        3.16112374387056560e0,
        1.13864154151050156e2,
        3.77485237685302021e2,
        3.20937758913846947e3
    };
    private static final double[] ERF_Q = {
        1, 2.36012909523441209e1, 2.44024637934444173e2, 1.28261652607737228e3, 2.84423683343917062e3
    };
    private static final double[] ERFC_P = {
        2.15311535474403846e-8,
        5.64188496988670089e-1,
        8.88314979438837594e0,
        6.61191906371416295e1,
        2.98635138197400131e2,
        8.81952221241769090e2,
        1.71204761263407058e3,
        2.05107837782607147e3,
        1.23033935479799725e3
    };
    private static final double[] ERFC_Q = {
        1,
        1.57449261107098347e1,
        1.17693950891312499e2,
        5.37181101862009858e2,
        1.62138957456669019e3,
        3.29079923573345963e3,
        4.36261909014324716e3,
        3.43936767414372164e3,
        1.23033935480374942e3
    };
    private static final double[] TAIL_P = {
        1.63153871373020978e-2,
        3.05326634961232344e-1,
        3.60344899949804439e-1,
        1.25781726111229246e-1,
        1.60837851487422766e-2,
        6.58749161529837803e-4
    };
    private static final double[] TAIL_Q = {
        1,
        2.56852019228982242e0,
        1.87295284992346725e0,
        5.27905102951428412e-1,
        6.05183413124413191e-2,
        2.33520497626869185e-3
    };
    private static final double SQRT_PI_INVERSE = 5.6418958354775628695e-1;

    /** The error function to about one unit in the last place; odd, NaN for NaN. */
    static double erf(double x) {
        double a = Math.abs(x);
        if (!(a > 0.46875)) {
            double square = x * x;
            return x * polynomial(ERF_P, square) / polynomial(ERF_Q, square);
        }
        // from 6 on, 1 - erf is below half a unit in the last place of 1
        double magnitude = a >= 6 ? 1 : 1 - erfcAbove(a);
        return Math.copySign(magnitude, x);
    }

    /** {@code 1 - erf(a)} for a in (0.46875, 6): where it is subtracted from 1, an error in it counts for less. */
    private static double erfcAbove(double a) {
        double decay = Math.exp(-a * a);
        if (a <= 4) {
            return decay * polynomial(ERFC_P, a) / polynomial(ERFC_Q, a);
        }
        double s = 1 / (a * a);
        double tail = s * polynomial(TAIL_P, s) / polynomial(TAIL_Q, s);
        return decay / a * (SQRT_PI_INVERSE - tail);
    }

    static double sigmoid(double x) {
        double e = Math.exp(-Math.abs(x));
        return (x >= 0 ? 1 : e) / (1 + e);
    }

    static double softplus(double x) {
        return Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)));
    }

    private static double polynomial(double[] highestFirst, double x) {
        double sum = 0;
        for (double c : highestFirst) {
            sum = sum * x + c;
        }
        return sum;
    }
}
