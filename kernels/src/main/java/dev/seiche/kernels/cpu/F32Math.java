package dev.seiche.kernels.cpu;

import static jdk.incubator.vector.VectorOperators.ASHR;
import static jdk.incubator.vector.VectorOperators.EQ;
import static jdk.incubator.vector.VectorOperators.GE;
import static jdk.incubator.vector.VectorOperators.GT;
import static jdk.incubator.vector.VectorOperators.LSHL;
import static jdk.incubator.vector.VectorOperators.LT;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorSpecies;

/**
 * Elementary functions on f32 vectors, made of additions, multiplications, divisions and fused multiply-adds alone. These
 * are exact to the bit on every machine and in every tier of the compiler, which the platform's own vector functions are
 * not: their bits change when a loop gets compiled. The double twin is {@link F64Math}.
 */
@SuppressWarnings("FloatingPointLiteralPrecision") // constants stand in decimal digits enough for double
final class F32Math {
    private static final VectorSpecies<Float> SPECIES = FloatVector.SPECIES_PREFERRED;
    private static final int MANTISSA_BITS = 23;
    private static final int BIAS = 127;

    /** Adding it rounds to an integer, which is then found in the low bits. */
    private static final float ROUND = 0x1.8p23f;

    private static final int ROUND_BITS = 0x4b400000;

    /** ln 2 in two parts; the first has so few bits that its product with an exponent is exact. */
    private static final float LN2_HIGH = 0x1.62ep-1f;

    private static final float LN2_LOW = 3.1946184945309415e-5f;
    private static final float LOG2_E = 1.4426950408889634f;

    /** Beyond these e^x is 0 or infinity. */
    private static final float LOWEST_EXPONENT = -104;

    private static final float HIGHEST_EXPONENT = 89;

    private static final int SQRT_HALF_BITS = 0x3f3504f3;
    private static final int MANTISSA_MASK = 0x7fffff;
    private static final float TO_NORMAL = 0x1p25f;
    private static final float TO_NORMAL_EXPONENT = 25;

    /** From here on tanh is 1 to rounding. */
    private static final float TANH_FLAT = 10;

    /** From here on erf is 1 to rounding. */
    private static final float ERF_FLAT = 4;

    private static final float ERF_SMALL = 0.46875f;

    private F32Math() {}

    /** {@code e^x} as 2^n e^r with |r| at most ln(2)/2; 2^n in two factors, so that subnormal results round once. */
    static FloatVector exp(FloatVector x) {
        FloatVector t = scaled(x.max(LOWEST_EXPONENT).min(HIGHEST_EXPONENT));
        FloatVector r = remainder(x.max(LOWEST_EXPONENT).min(HIGHEST_EXPONENT), t);
        IntVector n = t.reinterpretAsInts().sub(ROUND_BITS);
        IntVector half = n.lanewise(ASHR, 1);
        return expMinusOne(r).add(1).mul(powerOfTwo(half)).mul(powerOfTwo(n.sub(half)));
    }

    /** x / ln 2, rounded to an integer and moved into the low bits. */
    private static FloatVector scaled(FloatVector x) {
        return x.fma(all(LOG2_E), all(ROUND));
    }

    /** x less that integer times ln 2. */
    private static FloatVector remainder(FloatVector x, FloatVector t) {
        FloatVector n = t.sub(ROUND);
        return n.fma(all(-LN2_LOW), n.fma(all(-LN2_HIGH), x));
    }

    /** {@code e^r - 1} for |r| at most ln(2)/2, by its Taylor series, of which the rest is below rounding. */
    private static FloatVector expMinusOne(FloatVector r) {
        FloatVector s = all(1 / 5040f);
        s = s.fma(r, all(1 / 720f));
        s = s.fma(r, all(1 / 120f));
        s = s.fma(r, all(1 / 24f));
        s = s.fma(r, all(1 / 6f));
        s = s.fma(r, all(0.5f));
        return s.mul(r).fma(r, r);
    }

    private static FloatVector powerOfTwo(IntVector n) {
        return n.add(BIAS).lanewise(LSHL, MANTISSA_BITS).reinterpretAsFloats();
    }

    /** {@code ln x}: -infinity at 0, NaN below. */
    static FloatVector log(FloatVector x) {
        return logLimits(x, logPositive(x));
    }

    /** x = 2^k m with m in [sqrt 1/2, sqrt 2); with f = m - 1 and s = f/(2+f), ln m = f - f^2/2 + s (f^2/2 + R(s^2)). */
    private static FloatVector logPositive(FloatVector x) {
        VectorMask<Float> tiny = x.compare(LT, Float.MIN_NORMAL);
        FloatVector normal = x.blend(x.mul(TO_NORMAL), tiny);
        IntVector bits = normal.reinterpretAsInts().sub(SQRT_HALF_BITS);
        IntVector m = bits.and(MANTISSA_MASK).add(SQRT_HALF_BITS);
        FloatVector k = bits.lanewise(ASHR, MANTISSA_BITS)
                .add(ROUND_BITS)
                .reinterpretAsFloats()
                .sub(ROUND);
        FloatVector exponent = k.blend(k.sub(TO_NORMAL_EXPONENT), tiny);
        FloatVector f = m.reinterpretAsFloats().sub(1);
        FloatVector s = f.div(f.add(2));
        FloatVector halfSquare = f.mul(f).mul(0.5f);
        FloatVector low = exponent.mul(LN2_LOW).add(s.mul(halfSquare.add(logSeries(s.mul(s)))));
        return exponent.mul(LN2_HIGH).sub(halfSquare.sub(low).sub(f));
    }

    /** {@code ln((1+s)/(1-s))/s - 2} as a series in z = s^2, at most 0.0295: terms 2 z^k/(2k+1) until below rounding. */
    private static FloatVector logSeries(FloatVector z) {
        FloatVector s = all(2 / 11f);
        s = s.fma(z, all(2 / 9f));
        s = s.fma(z, all(2 / 7f));
        s = s.fma(z, all(2 / 5f));
        s = s.fma(z, all(2 / 3f));
        return s.mul(z);
    }

    private static FloatVector logLimits(FloatVector x, FloatVector log) {
        FloatVector ends = log.blend(Float.NEGATIVE_INFINITY, x.compare(EQ, 0)).blend(Float.NaN, x.compare(LT, 0));
        return ends.blend(x, x.compare(LT, Float.POSITIVE_INFINITY).not());
    }

    /** {@code ln(1 + x)}: the logarithm of the rounded sum, corrected for what rounding lost. */
    static FloatVector log1p(FloatVector x) {
        FloatVector u = x.add(1);
        return logLimits(u, log1pPositive(x)).blend(x, x.compare(EQ, 0));
    }

    private static FloatVector log1pPositive(FloatVector x) {
        FloatVector u = x.add(1);
        return logPositive(u).add(x.sub(u.sub(1)).div(u));
    }

    /** From {@code e^(2|x|) - 1}, which loses nothing near 0. */
    static FloatVector tanh(FloatVector x) {
        FloatVector a = x.abs().min(TANH_FLAT);
        FloatVector t = scaled(a.add(a));
        FloatVector scale = powerOfTwo(t.reinterpretAsInts().sub(ROUND_BITS));
        FloatVector e = expMinusOne(remainder(a.add(a), t)).fma(scale, scale.sub(1));
        return withSign(e.div(e.add(2)), x);
    }

    /** From {@code e^-|x|}, which does not overflow. */
    static FloatVector sigmoid(FloatVector x) {
        FloatVector e = exp(x.abs().neg());
        return e.blend(1, x.compare(GE, 0)).div(e.add(1));
    }

    static FloatVector softplus(FloatVector x) {
        return x.max(0).add(log1pPositive(exp(x.abs().neg())));
    }

    /** By the approximations of W. J. Cody: see {@link Formulas#erf}. */
    static FloatVector erf(FloatVector x) {
        FloatVector a = x.abs().min(ERF_FLAT);
        FloatVector magnitude = all(1).sub(exp(a.mul(a).neg()).mul(erfcRatio(a)));
        return withSign(magnitude, x)
                .blend(erfSmall(x), x.abs().compare(GT, ERF_SMALL).not());
    }

    private static FloatVector erfSmall(FloatVector x) {
        FloatVector z = x.mul(x);
        FloatVector p = all(0.18577770618460315f);
        p = p.fma(z, all(3.1611237438705655f));
        p = p.fma(z, all(113.86415415105016f));
        p = p.fma(z, all(377.485237685302f));
        p = p.fma(z, all(3209.3775891384694f));
        FloatVector q = all(1);
        q = q.fma(z, all(23.601290952344122f));
        q = q.fma(z, all(244.02463793444417f));
        q = q.fma(z, all(1282.6165260773723f));
        q = q.fma(z, all(2844.236833439171f));
        return x.mul(p).div(q);
    }

    private static FloatVector erfcRatio(FloatVector a) {
        FloatVector p = all(2.1531153547440383e-08f);
        p = p.fma(a, all(0.5641884969886701f));
        p = p.fma(a, all(8.883149794388377f));
        p = p.fma(a, all(66.11919063714163f));
        p = p.fma(a, all(298.6351381974001f));
        p = p.fma(a, all(881.952221241769f));
        p = p.fma(a, all(1712.0476126340707f));
        p = p.fma(a, all(2051.0783778260716f));
        p = p.fma(a, all(1230.3393547979972f));
        FloatVector q = all(1);
        q = q.fma(a, all(15.744926110709835f));
        q = q.fma(a, all(117.6939508913125f));
        q = q.fma(a, all(537.1811018620099f));
        q = q.fma(a, all(1621.3895745666903f));
        q = q.fma(a, all(3290.7992357334597f));
        q = q.fma(a, all(4362.619090143247f));
        q = q.fma(a, all(3439.3676741437216f));
        q = q.fma(a, all(1230.3393548037495f));
        return p.div(q);
    }

    private static FloatVector withSign(FloatVector magnitude, FloatVector sign) {
        return magnitude
                .reinterpretAsInts()
                .or(sign.reinterpretAsInts().and(Integer.MIN_VALUE))
                .reinterpretAsFloats();
    }

    private static FloatVector all(float value) {
        return FloatVector.broadcast(SPECIES, value);
    }
}
