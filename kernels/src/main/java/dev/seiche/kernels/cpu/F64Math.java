package dev.seiche.kernels.cpu;

import static jdk.incubator.vector.VectorOperators.ASHR;
import static jdk.incubator.vector.VectorOperators.EQ;
import static jdk.incubator.vector.VectorOperators.GE;
import static jdk.incubator.vector.VectorOperators.GT;
import static jdk.incubator.vector.VectorOperators.LSHL;
import static jdk.incubator.vector.VectorOperators.LT;

import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.LongVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorSpecies;

/** Elementary functions on f64 vectors: {@link F32Math} in double, with longer series. */
final class F64Math {
    private static final VectorSpecies<Double> SPECIES = DoubleVector.SPECIES_PREFERRED;
    private static final int MANTISSA_BITS = 52;
    private static final long BIAS = 1023;

    /** Adding it rounds to an integer, which is then found in the low bits. */
    private static final double ROUND = 0x1.8p52;

    private static final long ROUND_BITS = 0x4338000000000000L;

    /** ln 2 in two parts; the first has so few bits that its product with an exponent is exact. */
    private static final double LN2_HIGH = 0x1.62e42feep-1;

    private static final double LN2_LOW = 0x1.a39ef35793c76p-33;
    private static final double LOG2_E = 1.4426950408889634;

    /** Beyond these e^x is 0 or infinity. */
    private static final double LOWEST_EXPONENT = -746;

    private static final double HIGHEST_EXPONENT = 710;

    private static final long SQRT_HALF_BITS = 0x3fe6a09e667f3bcdL;
    private static final long MANTISSA_MASK = 0xfffffffffffffL;
    private static final double TO_NORMAL = 0x1p54;
    private static final double TO_NORMAL_EXPONENT = 54;

    /** From here on tanh is 1 to rounding. */
    private static final double TANH_FLAT = 20;

    /** From here on erf is 1 to rounding. */
    private static final double ERF_FLAT = 6;

    private static final double ERF_SMALL = 0.46875;

    private F64Math() {}

    /** {@code e^x} as 2^n e^r with |r| at most ln(2)/2; 2^n in two factors, so that subnormal results round once. */
    static DoubleVector exp(DoubleVector x) {
        DoubleVector t = scaled(x.max(LOWEST_EXPONENT).min(HIGHEST_EXPONENT));
        DoubleVector r = remainder(x.max(LOWEST_EXPONENT).min(HIGHEST_EXPONENT), t);
        LongVector n = t.reinterpretAsLongs().sub(ROUND_BITS);
        LongVector half = n.lanewise(ASHR, 1);
        return expMinusOne(r).add(1).mul(powerOfTwo(half)).mul(powerOfTwo(n.sub(half)));
    }

    /** x / ln 2, rounded to an integer and moved into the low bits. */
    private static DoubleVector scaled(DoubleVector x) {
        return x.fma(all(LOG2_E), all(ROUND));
    }

    /** x less that integer times ln 2. */
    private static DoubleVector remainder(DoubleVector x, DoubleVector t) {
        DoubleVector n = t.sub(ROUND);
        return n.fma(all(-LN2_LOW), n.fma(all(-LN2_HIGH), x));
    }

    /** {@code e^r - 1} for |r| at most ln(2)/2, by its Taylor series, of which the rest is below rounding. */
    private static DoubleVector expMinusOne(DoubleVector r) {
        DoubleVector s = all(1 / 6227020800.0);
        s = s.fma(r, all(1 / 479001600.0));
        s = s.fma(r, all(1 / 39916800.0));
        s = s.fma(r, all(1 / 3628800.0));
        s = s.fma(r, all(1 / 362880.0));
        s = s.fma(r, all(1 / 40320.0));
        s = s.fma(r, all(1 / 5040.0));
        s = s.fma(r, all(1 / 720.0));
        s = s.fma(r, all(1 / 120.0));
        s = s.fma(r, all(1 / 24.0));
        s = s.fma(r, all(1 / 6.0));
        s = s.fma(r, all(0.5));
        return s.mul(r).fma(r, r);
    }

    private static DoubleVector powerOfTwo(LongVector n) {
        return n.add(BIAS).lanewise(LSHL, MANTISSA_BITS).reinterpretAsDoubles();
    }

    /** {@code ln x}: -infinity at 0, NaN below. */
    static DoubleVector log(DoubleVector x) {
        return logLimits(x, logPositive(x));
    }

    /** x = 2^k m with m in [sqrt 1/2, sqrt 2); with f = m - 1 and s = f/(2+f), ln m = f - f^2/2 + s (f^2/2 + R(s^2)). */
    private static DoubleVector logPositive(DoubleVector x) {
        VectorMask<Double> tiny = x.compare(LT, Double.MIN_NORMAL);
        DoubleVector normal = x.blend(x.mul(TO_NORMAL), tiny);
        LongVector bits = normal.reinterpretAsLongs().sub(SQRT_HALF_BITS);
        LongVector m = bits.and(MANTISSA_MASK).add(SQRT_HALF_BITS);
        DoubleVector k = bits.lanewise(ASHR, MANTISSA_BITS)
                .add(ROUND_BITS)
                .reinterpretAsDoubles()
                .sub(ROUND);
        DoubleVector exponent = k.blend(k.sub(TO_NORMAL_EXPONENT), tiny);
        DoubleVector f = m.reinterpretAsDoubles().sub(1);
        DoubleVector s = f.div(f.add(2));
        DoubleVector halfSquare = f.mul(f).mul(0.5);
        DoubleVector low = exponent.mul(LN2_LOW).add(s.mul(halfSquare.add(logSeries(s.mul(s)))));
        return exponent.mul(LN2_HIGH).sub(halfSquare.sub(low).sub(f));
    }

    /** {@code ln((1+s)/(1-s))/s - 2} as a series in z = s^2, at most 0.0295: terms 2 z^k/(2k+1) until below rounding. */
    private static DoubleVector logSeries(DoubleVector z) {
        DoubleVector s = all(2 / 21.0);
        s = s.fma(z, all(2 / 19.0));
        s = s.fma(z, all(2 / 17.0));
        s = s.fma(z, all(2 / 15.0));
        s = s.fma(z, all(2 / 13.0));
        s = s.fma(z, all(2 / 11.0));
        s = s.fma(z, all(2 / 9.0));
        s = s.fma(z, all(2 / 7.0));
        s = s.fma(z, all(2 / 5.0));
        s = s.fma(z, all(2 / 3.0));
        return s.mul(z);
    }

    private static DoubleVector logLimits(DoubleVector x, DoubleVector log) {
        DoubleVector ends =
                log.blend(Double.NEGATIVE_INFINITY, x.compare(EQ, 0)).blend(Double.NaN, x.compare(LT, 0));
        return ends.blend(x, x.compare(LT, Double.POSITIVE_INFINITY).not());
    }

    /** {@code ln(1 + x)}: the logarithm of the rounded sum, corrected for what rounding lost. */
    static DoubleVector log1p(DoubleVector x) {
        DoubleVector u = x.add(1);
        return logLimits(u, log1pPositive(x)).blend(x, x.compare(EQ, 0));
    }

    private static DoubleVector log1pPositive(DoubleVector x) {
        DoubleVector u = x.add(1);
        return logPositive(u).add(x.sub(u.sub(1)).div(u));
    }

    /** From {@code e^(2|x|) - 1}, which loses nothing near 0. */
    static DoubleVector tanh(DoubleVector x) {
        DoubleVector a = x.abs().min(TANH_FLAT);
        DoubleVector t = scaled(a.add(a));
        DoubleVector scale = powerOfTwo(t.reinterpretAsLongs().sub(ROUND_BITS));
        DoubleVector e = expMinusOne(remainder(a.add(a), t)).fma(scale, scale.sub(1));
        return withSign(e.div(e.add(2)), x);
    }

    /** From {@code e^-|x|}, which does not overflow. */
    static DoubleVector sigmoid(DoubleVector x) {
        DoubleVector e = exp(x.abs().neg());
        return e.blend(1, x.compare(GE, 0)).div(e.add(1));
    }

    static DoubleVector softplus(DoubleVector x) {
        return x.max(0).add(log1pPositive(exp(x.abs().neg())));
    }

    /** By the approximations of W. J. Cody: see {@link Formulas#erf}. */
    static DoubleVector erf(DoubleVector x) {
        DoubleVector a = x.abs().min(ERF_FLAT);
        DoubleVector magnitude = all(1).sub(exp(a.mul(a).neg()).mul(erfcRatio(a)));
        return withSign(magnitude, x)
                .blend(erfSmall(x), x.abs().compare(GT, ERF_SMALL).not());
    }

    private static DoubleVector erfSmall(DoubleVector x) {
        DoubleVector z = x.mul(x);
        DoubleVector p = all(0.18577770618460315);
        p = p.fma(z, all(3.1611237438705655));
        p = p.fma(z, all(113.86415415105016));
        p = p.fma(z, all(377.485237685302));
        p = p.fma(z, all(3209.3775891384694));
        DoubleVector q = all(1);
        q = q.fma(z, all(23.601290952344122));
        q = q.fma(z, all(244.02463793444417));
        q = q.fma(z, all(1282.6165260773723));
        q = q.fma(z, all(2844.236833439171));
        return x.mul(p).div(q);
    }

    private static DoubleVector erfcRatio(DoubleVector a) {
        DoubleVector p = all(2.1531153547440383e-08);
        p = p.fma(a, all(0.5641884969886701));
        p = p.fma(a, all(8.883149794388377));
        p = p.fma(a, all(66.11919063714163));
        p = p.fma(a, all(298.6351381974001));
        p = p.fma(a, all(881.952221241769));
        p = p.fma(a, all(1712.0476126340707));
        p = p.fma(a, all(2051.0783778260716));
        p = p.fma(a, all(1230.3393547979972));
        DoubleVector q = all(1);
        q = q.fma(a, all(15.744926110709835));
        q = q.fma(a, all(117.6939508913125));
        q = q.fma(a, all(537.1811018620099));
        q = q.fma(a, all(1621.3895745666903));
        q = q.fma(a, all(3290.7992357334597));
        q = q.fma(a, all(4362.619090143247));
        q = q.fma(a, all(3439.3676741437216));
        q = q.fma(a, all(1230.3393548037495));
        return p.div(q);
    }

    private static DoubleVector withSign(DoubleVector magnitude, DoubleVector sign) {
        return magnitude
                .reinterpretAsLongs()
                .or(sign.reinterpretAsLongs().and(Long.MIN_VALUE))
                .reinterpretAsDoubles();
    }

    private static DoubleVector all(double value) {
        return DoubleVector.broadcast(SPECIES, value);
    }
}
