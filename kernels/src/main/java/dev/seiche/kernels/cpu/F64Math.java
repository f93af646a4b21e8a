package dev.seiche.kernels.cpu;

import static jdk.incubator.vector.VectorOperators.ASHR;
import static jdk.incubator.vector.VectorOperators.EQ;
import static jdk.incubator.vector.VectorOperators.FMA;
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
    private static final long SIGN = Long.MIN_VALUE;
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
        DoubleVector limited = x.max(LOWEST_EXPONENT).min(HIGHEST_EXPONENT);
        DoubleVector t = limited.fma(LOG2_E, ROUND);
        DoubleVector n = t.sub(ROUND);
        LongVector half =
                n.fma(0.5, ROUND).reinterpretAsLongs(); // long vectors shift slowly, floating point halves fast
        DoubleVector scale = powerOfTwo(half);
        DoubleVector rest = powerOfTwo(t.reinterpretAsLongs().sub(half).add(ROUND_BITS));
        DoubleVector r = n.lanewise(FMA, -LN2_HIGH, limited);
        return expMinusOne(n.lanewise(FMA, -LN2_LOW, r)).add(1).mul(scale).mul(rest);
    }

    /** {@code e^r - 1} for |r| at most ln(2)/2, by its Taylor series, of which the rest is below rounding. */
    private static DoubleVector expMinusOne(DoubleVector r) {
        DoubleVector s = DoubleVector.broadcast(SPECIES, 1 / 6227020800.0);
        s = s.lanewise(FMA, r, 1 / 479001600.0);
        s = s.lanewise(FMA, r, 1 / 39916800.0);
        s = s.lanewise(FMA, r, 1 / 3628800.0);
        s = s.lanewise(FMA, r, 1 / 362880.0);
        s = s.lanewise(FMA, r, 1 / 40320.0);
        s = s.lanewise(FMA, r, 1 / 5040.0);
        s = s.lanewise(FMA, r, 1 / 720.0);
        s = s.lanewise(FMA, r, 1 / 120.0);
        s = s.lanewise(FMA, r, 1 / 24.0);
        s = s.lanewise(FMA, r, 1 / 6.0);
        s = s.lanewise(FMA, r, 0.5);
        return s.mul(r).fma(r, r);
    }

    /** 2^n for the n in the low bits: all higher bits are shifted out. */
    private static DoubleVector powerOfTwo(LongVector n) {
        return n.add(BIAS).lanewise(LSHL, MANTISSA_BITS).reinterpretAsDoubles();
    }

    /** {@code ln x}: -infinity at 0, NaN below. */
    static DoubleVector log(DoubleVector x) {
        DoubleVector log = logPositive(x);
        DoubleVector ends =
                log.blend(Double.NEGATIVE_INFINITY, x.compare(EQ, 0.0)).blend(Double.NaN, x.compare(LT, 0.0));
        return ends.blend(x, x.compare(LT, Double.POSITIVE_INFINITY).not());
    }

    /**
     * x = 2^k m with m in [sqrt 1/2, sqrt 2). With f = m - 1, s = f/(2+f) and z = s^2, at most 0.0295: ln m = f - f^2/2 +
     * s (f^2/2 + R), where R = ln((1+s)/(1-s))/s - 2 is a series with terms 2 z^i/(2i+1), added until below rounding.
     */
    private static DoubleVector logPositive(DoubleVector x) {
        VectorMask<Double> tiny = x.compare(LT, Double.MIN_NORMAL);
        LongVector bits = x.blend(x.mul(TO_NORMAL), tiny).reinterpretAsLongs().sub(SQRT_HALF_BITS);
        LongVector m = bits.and(MANTISSA_MASK).add(SQRT_HALF_BITS);
        DoubleVector k = bits.lanewise(ASHR, MANTISSA_BITS)
                .add(ROUND_BITS)
                .reinterpretAsDoubles()
                .sub(ROUND);
        DoubleVector exponent = k.blend(k.sub(TO_NORMAL_EXPONENT), tiny);
        DoubleVector f = m.reinterpretAsDoubles().sub(1);
        DoubleVector halfSquare = f.mul(f).mul(0.5);
        DoubleVector ratio = f.div(f.add(2));
        DoubleVector z = ratio.mul(ratio);
        DoubleVector s = DoubleVector.broadcast(SPECIES, 2 / 21.0);
        s = s.lanewise(FMA, z, 2 / 19.0);
        s = s.lanewise(FMA, z, 2 / 17.0);
        s = s.lanewise(FMA, z, 2 / 15.0);
        s = s.lanewise(FMA, z, 2 / 13.0);
        s = s.lanewise(FMA, z, 2 / 11.0);
        s = s.lanewise(FMA, z, 2 / 9.0);
        s = s.lanewise(FMA, z, 2 / 7.0);
        s = s.lanewise(FMA, z, 2 / 5.0);
        s = s.lanewise(FMA, z, 2 / 3.0);
        DoubleVector low = exponent.mul(LN2_LOW).add(ratio.mul(halfSquare.add(s.mul(z))));
        return exponent.mul(LN2_HIGH).sub(halfSquare.sub(low).sub(f));
    }

    /** {@code ln(1 + x)} for x above -1 and finite: the logarithm of the rounded sum, corrected for what rounding lost. */
    static DoubleVector log1pInside(DoubleVector x) {
        DoubleVector u = x.add(1);
        return logPositive(u).add(x.sub(u.sub(1)).div(u));
    }

    /** {@code ln(1 + x)} everywhere, from {@link #log1pInside}. */
    static DoubleVector log1p(DoubleVector x, DoubleVector inside) {
        DoubleVector ends =
                inside.blend(Double.NEGATIVE_INFINITY, x.compare(EQ, -1.0)).blend(Double.NaN, x.compare(LT, -1.0));
        return ends.blend(x, x.compare(LT, Double.POSITIVE_INFINITY).not()).blend(x, x.compare(EQ, 0.0));
    }

    /** From {@code e^(2|x|) - 1}, which loses nothing near 0. */
    static DoubleVector tanh(DoubleVector x) {
        DoubleVector a = x.abs().min(TANH_FLAT);
        DoubleVector twice = a.add(a);
        DoubleVector t = twice.fma(LOG2_E, ROUND);
        DoubleVector n = t.sub(ROUND);
        DoubleVector scale = powerOfTwo(t.reinterpretAsLongs());
        DoubleVector r = n.lanewise(FMA, -LN2_HIGH, twice);
        DoubleVector e = expMinusOne(n.lanewise(FMA, -LN2_LOW, r)).fma(scale, scale.sub(1));
        DoubleVector magnitude = e.div(e.add(2));
        LongVector sign = x.reinterpretAsLongs().and(SIGN);
        return magnitude.reinterpretAsLongs().or(sign).reinterpretAsDoubles();
    }

    /** {@code e^-|x|}, which does not overflow: what sigmoid and softplus are made of. */
    static DoubleVector expMinusAbs(DoubleVector x) {
        return exp(x.abs().neg());
    }

    /** From {@link #expMinusAbs}. */
    static DoubleVector sigmoid(DoubleVector x, DoubleVector e) {
        return e.blend(1.0, x.compare(GE, 0.0)).div(e.add(1));
    }

    /** From {@link #expMinusAbs}. */
    static DoubleVector softplus(DoubleVector x, DoubleVector e) {
        return log1pInside(e).add(x.max(0));
    }

    /** {@code e^(-x^2)}, as far out as erf needs it. */
    static DoubleVector erfDecay(DoubleVector x) {
        DoubleVector a = x.abs().min(ERF_FLAT);
        return exp(a.mul(a).neg());
    }

    /** {@code 1 - erf |x|} for |x| above 0.46875, from {@link #erfDecay}. */
    static DoubleVector erfc(DoubleVector x, DoubleVector decay) {
        DoubleVector a = x.abs().min(ERF_FLAT);
        DoubleVector p = DoubleVector.broadcast(SPECIES, 2.1531153547440383e-08);
        p = p.lanewise(FMA, a, 0.5641884969886701);
        p = p.lanewise(FMA, a, 8.883149794388377);
        p = p.lanewise(FMA, a, 66.11919063714163);
        p = p.lanewise(FMA, a, 298.6351381974001);
        p = p.lanewise(FMA, a, 881.952221241769);
        p = p.lanewise(FMA, a, 1712.0476126340707);
        p = p.lanewise(FMA, a, 2051.0783778260716);
        p = p.lanewise(FMA, a, 1230.3393547979972);
        DoubleVector q = DoubleVector.broadcast(SPECIES, 1.0);
        q = q.lanewise(FMA, a, 15.744926110709835);
        q = q.lanewise(FMA, a, 117.6939508913125);
        q = q.lanewise(FMA, a, 537.1811018620099);
        q = q.lanewise(FMA, a, 1621.3895745666903);
        q = q.lanewise(FMA, a, 3290.7992357334597);
        q = q.lanewise(FMA, a, 4362.619090143247);
        q = q.lanewise(FMA, a, 3439.3676741437216);
        q = q.lanewise(FMA, a, 1230.3393548037495);
        return decay.mul(p).div(q);
    }

    /** From {@link #erfc}, by the approximations of W. J. Cody: see {@link Formulas#erf}. */
    static DoubleVector erf(DoubleVector x, DoubleVector erfc) {
        DoubleVector z = x.mul(x);
        DoubleVector p = DoubleVector.broadcast(SPECIES, 0.18577770618460315);
        p = p.lanewise(FMA, z, 3.1611237438705655);
        p = p.lanewise(FMA, z, 113.86415415105016);
        p = p.lanewise(FMA, z, 377.485237685302);
        p = p.lanewise(FMA, z, 3209.3775891384694);
        DoubleVector q = DoubleVector.broadcast(SPECIES, 1.0);
        q = q.lanewise(FMA, z, 23.601290952344122);
        q = q.lanewise(FMA, z, 244.02463793444417);
        q = q.lanewise(FMA, z, 1282.6165260773723);
        q = q.lanewise(FMA, z, 2844.236833439171);
        LongVector sign = x.reinterpretAsLongs().and(SIGN);
        DoubleVector large = erfc.neg().add(1).reinterpretAsLongs().or(sign).reinterpretAsDoubles();
        return x.mul(p).div(q).blend(large, x.abs().compare(GT, ERF_SMALL));
    }
}
