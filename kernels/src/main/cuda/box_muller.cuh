// Standard normals by Box-Muller as BoxMuller.java spells it out, operation for operation: every step is an IEEE operation
// that rounds in one way everywhere, and no product is fused with a sum, so the bits are the CPU's.
#pragma once
#include "device.cuh"

#define BOX_MULLER_ULP_53 (1.0 / 9007199254740992.0)

// Coefficients from the highest power down: one more product and sum for each.
template <int N>
__device__ __forceinline__ double horner(const double (&coefficients)[N], double x) {
    double sum = coefficients[N - 1];
#pragma unroll
    for (int k = N - 2; k >= 0; k--) {
        sum = __dadd_rn(__dmul_rn(sum, x), coefficients[k]);
    }
    return sum;
}

// The natural logarithm of a normal positive number.
__device__ __forceinline__ double box_muller_log(double u) {
    const double series[13] = {1.0,        1.0 / 3.0,  1.0 / 5.0,  1.0 / 7.0,  1.0 / 9.0,  1.0 / 11.0, 1.0 / 13.0,
                               1.0 / 15.0, 1.0 / 17.0, 1.0 / 19.0, 1.0 / 21.0, 1.0 / 23.0, 1.0 / 25.0};
    i64 bits = __double_as_longlong(u);
    int exponent = (int)(bits >> 52) - 1023;
    double mantissa = __longlong_as_double((bits & 0x000FFFFFFFFFFFFFLL) | 0x3FF0000000000000LL);
    if (mantissa > 1.4142135623730951) {
        mantissa = __dmul_rn(mantissa, 0.5);
        exponent += 1;
    }
    double s = __ddiv_rn(__dsub_rn(mantissa, 1.0), __dadd_rn(mantissa, 1.0));
    double rest = __dmul_rn(__dmul_rn(2.0, s), horner(series, __dmul_rn(s, s)));
    return __dadd_rn(__dmul_rn((double)exponent, 0.6931471805599453), rest);
}

// sin(2 pi u + offset pi / 2) of u = bits 2^-53.
__device__ __forceinline__ double box_muller_turns(u64 bits, int offset) {
    const double sine[10] = {1.0,
                             -1.0 / 6.0,
                             1.0 / 120.0,
                             -1.0 / 5040.0,
                             1.0 / 362880.0,
                             -1.0 / 39916800.0,
                             1.0 / 6227020800.0,
                             -1.0 / 1307674368000.0,
                             1.0 / 355687428096000.0,
                             -1.0 / 121645100408832000.0};
    const double cosine[10] = {1.0,
                               -1.0 / 2.0,
                               1.0 / 24.0,
                               -1.0 / 720.0,
                               1.0 / 40320.0,
                               -1.0 / 3628800.0,
                               1.0 / 479001600.0,
                               -1.0 / 87178291200.0,
                               1.0 / 20922789888000.0,
                               -1.0 / 6402373705728000.0};
    i64 quarter = (i64)((bits + (1ULL << 50)) >> 51);
    double angle = __dmul_rn((double)((i64)bits - (quarter << 51)), BOX_MULLER_ULP_53);
    double x = __dmul_rn(6.283185307179586, angle);
    double square = __dmul_rn(x, x);
    int turn = (int)(quarter + offset) & 3;
    double value = (turn & 1) == 0 ? __dmul_rn(x, horner(sine, square)) : horner(cosine, square);
    return turn < 2 ? value : -value;
}

// The two normals of two elements' 53 bits each.
__device__ __forceinline__ void box_muller(u64 first, u64 second, double& even, double& odd) {
    double u = __dmul_rn((double)(first + 1), BOX_MULLER_ULP_53);
    double radius = fn::sqrt(__dmul_rn(-2.0, box_muller_log(u)));
    even = __dmul_rn(radius, box_muller_turns(second, 1));
    odd = __dmul_rn(radius, box_muller_turns(second, 0));
}
