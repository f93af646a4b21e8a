package dev.seiche.kernels.cpu;

import static jdk.incubator.vector.VectorOperators.ASHR;
import static jdk.incubator.vector.VectorOperators.EQ;
import static jdk.incubator.vector.VectorOperators.FMA;
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
 *
 * <p>JDK 25 stops inlining what is not its own at 18 000 nodes, about 25 vector operations into a loop, and a vector that
 * crosses a call becomes an object: each function calls its parts early, and long ones are cut in two, for
 * {@link ChainedLoops}.
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
    private static final int SIGN = Integer.MIN_VALUE;
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
        FloatVector limited = x.max(LOWEST_EXPONENT).min(HIGHEST_EXPONENT);
        FloatVector t = limited.fma(LOG2_E, ROUND);
        FloatVector n = t.sub(ROUND);
        IntVector half =
                n.fma(0.5f, ROUND).reinterpretAsInts(); // long vectors shift slowly, floating point halves fast
        FloatVector scale = powerOfTwo(half);
        FloatVector rest = powerOfTwo(t.reinterpretAsInts().sub(half).add(ROUND_BITS));
        FloatVector r = n.lanewise(FMA, -LN2_HIGH, limited);
        return expMinusOne(n.lanewise(FMA, -LN2_LOW, r)).add(1).mul(scale).mul(rest);
    }

    /** {@code e^r - 1} for |r| at most ln(2)/2, by its Taylor series, of which the rest is below rounding. */
    private static FloatVector expMinusOne(FloatVector r) {
        FloatVector s = FloatVector.broadcast(SPECIES, 1 / 5040f);
        s = s.lanewise(FMA, r, 1 / 720f);
        s = s.lanewise(FMA, r, 1 / 120f);
        s = s.lanewise(FMA, r, 1 / 24f);
        s = s.lanewise(FMA, r, 1 / 6f);
        s = s.lanewise(FMA, r, 0.5f);
        return s.mul(r).fma(r, r);
    }

    /** 2^n for the n in the low bits: all higher bits are shifted out. */
    private static FloatVector powerOfTwo(IntVector n) {
        return n.add(BIAS).lanewise(LSHL, MANTISSA_BITS).reinterpretAsFloats();
    }

    /** {@code ln x}: -infinity at 0, NaN below. */
    static FloatVector log(FloatVector x) {
        FloatVector log = logPositive(x);
        FloatVector ends = log.blend(Float.NEGATIVE_INFINITY, x.compare(EQ, 0f)).blend(Float.NaN, x.compare(LT, 0f));
        return ends.blend(x, x.compare(LT, Float.POSITIVE_INFINITY).not());
    }

    /**
     * x = 2^k m with m in [sqrt 1/2, sqrt 2). With f = m - 1, s = f/(2+f) and z = s^2, at most 0.0295: ln m = f - f^2/2 +
     * s (f^2/2 + R), where R = ln((1+s)/(1-s))/s - 2 is a series with terms 2 z^i/(2i+1), added until below rounding.
     */
    private static FloatVector logPositive(FloatVector x) {
        VectorMask<Float> tiny = x.compare(LT, Float.MIN_NORMAL);
        IntVector bits = x.blend(x.mul(TO_NORMAL), tiny).reinterpretAsInts().sub(SQRT_HALF_BITS);
        IntVector m = bits.and(MANTISSA_MASK).add(SQRT_HALF_BITS);
        FloatVector k = bits.lanewise(ASHR, MANTISSA_BITS)
                .add(ROUND_BITS)
                .reinterpretAsFloats()
                .sub(ROUND);
        FloatVector exponent = k.blend(k.sub(TO_NORMAL_EXPONENT), tiny);
        FloatVector f = m.reinterpretAsFloats().sub(1);
        FloatVector halfSquare = f.mul(f).mul(0.5f);
        FloatVector ratio = f.div(f.add(2));
        FloatVector z = ratio.mul(ratio);
        FloatVector s = FloatVector.broadcast(SPECIES, 2 / 11f);
        s = s.lanewise(FMA, z, 2 / 9f);
        s = s.lanewise(FMA, z, 2 / 7f);
        s = s.lanewise(FMA, z, 2 / 5f);
        s = s.lanewise(FMA, z, 2 / 3f);
        FloatVector low = exponent.mul(LN2_LOW).add(ratio.mul(halfSquare.add(s.mul(z))));
        return exponent.mul(LN2_HIGH).sub(halfSquare.sub(low).sub(f));
    }

    /** {@code ln(1 + x)} for x above -1 and finite: the logarithm of the rounded sum, corrected for what rounding lost. */
    static FloatVector log1pInside(FloatVector x) {
        FloatVector u = x.add(1);
        return logPositive(u).add(x.sub(u.sub(1)).div(u));
    }

    /** {@code ln(1 + x)} everywhere, from {@link #log1pInside}. */
    static FloatVector log1p(FloatVector x, FloatVector inside) {
        FloatVector ends =
                inside.blend(Float.NEGATIVE_INFINITY, x.compare(EQ, -1f)).blend(Float.NaN, x.compare(LT, -1f));
        return ends.blend(x, x.compare(LT, Float.POSITIVE_INFINITY).not()).blend(x, x.compare(EQ, 0f));
    }

    /** From {@code e^(2|x|) - 1}, which loses nothing near 0. */
    static FloatVector tanh(FloatVector x) {
        FloatVector a = x.abs().min(TANH_FLAT);
        FloatVector twice = a.add(a);
        FloatVector t = twice.fma(LOG2_E, ROUND);
        FloatVector n = t.sub(ROUND);
        FloatVector scale = powerOfTwo(t.reinterpretAsInts());
        FloatVector r = n.lanewise(FMA, -LN2_HIGH, twice);
        FloatVector e = expMinusOne(n.lanewise(FMA, -LN2_LOW, r)).fma(scale, scale.sub(1));
        FloatVector magnitude = e.div(e.add(2));
        IntVector sign = x.reinterpretAsInts().and(SIGN);
        return magnitude.reinterpretAsInts().or(sign).reinterpretAsFloats();
    }

    /** {@code e^-|x|}, which does not overflow: what sigmoid and softplus are made of. */
    static FloatVector expMinusAbs(FloatVector x) {
        return exp(x.abs().neg());
    }

    /** From {@link #expMinusAbs}. */
    static FloatVector sigmoid(FloatVector x, FloatVector e) {
        return e.blend(1f, x.compare(GE, 0f)).div(e.add(1));
    }

    /** From {@link #expMinusAbs}. */
    static FloatVector softplus(FloatVector x, FloatVector e) {
        return log1pInside(e).add(x.max(0));
    }

    /** {@code e^(-x^2)}, as far out as erf needs it. */
    static FloatVector erfDecay(FloatVector x) {
        FloatVector a = x.abs().min(ERF_FLAT);
        return exp(a.mul(a).neg());
    }

    /** {@code 1 - erf |x|} for |x| above 0.46875, from {@link #erfDecay}. */
    static FloatVector erfc(FloatVector x, FloatVector decay) {
        FloatVector a = x.abs().min(ERF_FLAT);
        FloatVector p = FloatVector.broadcast(SPECIES, 2.1531153547440383e-08f);
        p = p.lanewise(FMA, a, 0.5641884969886701f);
        p = p.lanewise(FMA, a, 8.883149794388377f);
        p = p.lanewise(FMA, a, 66.11919063714163f);
        p = p.lanewise(FMA, a, 298.6351381974001f);
        p = p.lanewise(FMA, a, 881.952221241769f);
        p = p.lanewise(FMA, a, 1712.0476126340707f);
        p = p.lanewise(FMA, a, 2051.0783778260716f);
        p = p.lanewise(FMA, a, 1230.3393547979972f);
        FloatVector q = FloatVector.broadcast(SPECIES, 1f);
        q = q.lanewise(FMA, a, 15.744926110709835f);
        q = q.lanewise(FMA, a, 117.6939508913125f);
        q = q.lanewise(FMA, a, 537.1811018620099f);
        q = q.lanewise(FMA, a, 1621.3895745666903f);
        q = q.lanewise(FMA, a, 3290.7992357334597f);
        q = q.lanewise(FMA, a, 4362.619090143247f);
        q = q.lanewise(FMA, a, 3439.3676741437216f);
        q = q.lanewise(FMA, a, 1230.3393548037495f);
        return decay.mul(p).div(q);
    }

    /** From {@link #erfc}, by the approximations of W. J. Cody: see {@link Formulas#erf}. */
    static FloatVector erf(FloatVector x, FloatVector erfc) {
        FloatVector z = x.mul(x);
        FloatVector p = FloatVector.broadcast(SPECIES, 0.18577770618460315f);
        p = p.lanewise(FMA, z, 3.1611237438705655f);
        p = p.lanewise(FMA, z, 113.86415415105016f);
        p = p.lanewise(FMA, z, 377.485237685302f);
        p = p.lanewise(FMA, z, 3209.3775891384694f);
        FloatVector q = FloatVector.broadcast(SPECIES, 1f);
        q = q.lanewise(FMA, z, 23.601290952344122f);
        q = q.lanewise(FMA, z, 244.02463793444417f);
        q = q.lanewise(FMA, z, 1282.6165260773723f);
        q = q.lanewise(FMA, z, 2844.236833439171f);
        IntVector sign = x.reinterpretAsInts().and(SIGN);
        FloatVector large = erfc.neg().add(1).reinterpretAsInts().or(sign).reinterpretAsFloats();
        return x.mul(p).div(q).blend(large, x.abs().compare(GT, ERF_SMALL));
    }
}
