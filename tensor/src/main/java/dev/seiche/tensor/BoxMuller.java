package dev.seiche.tensor;

/**
 * The Box-Muller transform with its logarithm, sine and cosine spelled out in IEEE additions, multiplications,
 * divisions and square roots, each of which every JVM and every GPU rounds in the same way.
 *
 * <p>{@code Math.log} and its like may differ in the last bit between JVMs, and no two device libraries agree; a seed
 * has to mean the same weights everywhere. A port must keep the order of operations and must not contract
 * {@code a * b + c} into a fused multiply-add.
 */
final class BoxMuller {

    /** 2^-53, the spacing of the uniforms that enter. */
    private static final double ULP_53 = 0x1p-53;

    private static final double LN_2 = 0.6931471805599453;
    private static final double SQRT_2 = 1.4142135623730951;
    private static final double TWO_PI = 6.283185307179586;

    /** log m = 2 s (1 + s^2/3 + s^4/5 + ...) with |s| <= 0.1716: what is left out is below 2^-60. */
    private static final double[] LOG_SERIES = new double[13];

    /** sin x = x (1 - x^2/3! + ...) and cos x = 1 - x^2/2! + ... with |x| <= pi/4: what is left out is below 2^-58. */
    private static final double[] SIN_SERIES = new double[10];

    private static final double[] COS_SERIES = new double[10];

    static {
        for (int k = 0; k < LOG_SERIES.length; k++) {
            LOG_SERIES[k] = 1.0 / (2 * k + 1);
        }
        double factorial = 1.0; // (2k)!, exact in a double for every k used here
        double sign = 1.0;
        for (int k = 0; k < COS_SERIES.length; k++) {
            COS_SERIES[k] = sign / factorial;
            SIN_SERIES[k] = sign / (factorial * (2 * k + 1));
            factorial *= (2 * k + 1) * (2 * k + 2);
            sign = -sign;
        }
    }

    private BoxMuller() {}

    /** The radius sqrt(-2 ln u) of 53 random bits, u = (bits + 1) 2^-53 in (0, 1]: from 0 to 8.572. */
    static double radius(long bits53) {
        return Math.sqrt(-2.0 * log((bits53 + 1) * ULP_53));
    }

    /** cos(2 pi u), u = bits 2^-53. */
    static double cosine(long bits53) {
        return quarterTurns(bits53, 1);
    }

    /** sin(2 pi u), u = bits 2^-53. */
    static double sine(long bits53) {
        return quarterTurns(bits53, 0);
    }

    /** Natural logarithm of a normal positive double; error at most a few ulp. */
    static double log(double u) {
        int exponent = Math.getExponent(u);
        double mantissa = u * Math.scalb(1.0, -exponent);
        if (mantissa > SQRT_2) {
            mantissa *= 0.5;
            exponent += 1;
        }
        double s = (mantissa - 1.0) / (mantissa + 1.0);
        return exponent * LN_2 + 2.0 * s * horner(LOG_SERIES, s * s);
    }

    /** sin(2 pi u + offset pi/2). The angle splits exactly into quarter turns and a rest of at most an eighth. */
    private static double quarterTurns(long bits53, int offset) {
        long quarter = (bits53 + (1L << 50)) >>> 51;
        double x = TWO_PI * ((bits53 - (quarter << 51)) * ULP_53);
        int turn = (int) (quarter + offset) & 3;
        double value = (turn & 1) == 0 ? x * horner(SIN_SERIES, x * x) : horner(COS_SERIES, x * x);
        return turn < 2 ? value : -value;
    }

    private static double horner(double[] coefficients, double x) {
        double sum = 0.0;
        for (int k = coefficients.length - 1; k >= 0; k--) {
            sum = sum * x + coefficients[k];
        }
        return sum;
    }
}
