// Mathematical functions. The host's library computes them: correctly rounded or within an ulp, while a GPU's may err
// by a few. The fast forms (__expf and the like) are the exact ones here.
#pragma once

#define SEICHE_MATH1(name)          \
    extern "C" double name(double); \
    extern "C" float name##f(float); \
    inline float name(float x) { return name##f(x); }
#define SEICHE_MATH2(name)                  \
    extern "C" double name(double, double); \
    extern "C" float name##f(float, float); \
    inline float name(float x, float y) { return name##f(x, y); }

SEICHE_MATH1(acos)
SEICHE_MATH1(acosh)
SEICHE_MATH1(asin)
SEICHE_MATH1(asinh)
SEICHE_MATH1(atan)
SEICHE_MATH1(atanh)
SEICHE_MATH1(cbrt)
SEICHE_MATH1(ceil)
SEICHE_MATH1(cos)
SEICHE_MATH1(cosh)
SEICHE_MATH1(erf)
SEICHE_MATH1(erfc)
SEICHE_MATH1(exp)
SEICHE_MATH1(exp2)
SEICHE_MATH1(expm1)
SEICHE_MATH1(fabs)
SEICHE_MATH1(floor)
SEICHE_MATH1(lgamma)
SEICHE_MATH1(log)
SEICHE_MATH1(log10)
SEICHE_MATH1(log1p)
SEICHE_MATH1(log2)
SEICHE_MATH1(nearbyint)
SEICHE_MATH1(rint)
SEICHE_MATH1(round)
SEICHE_MATH1(sin)
SEICHE_MATH1(sinh)
SEICHE_MATH1(sqrt)
SEICHE_MATH1(tan)
SEICHE_MATH1(tanh)
SEICHE_MATH1(tgamma)
SEICHE_MATH1(trunc)
SEICHE_MATH2(atan2)
SEICHE_MATH2(copysign)
SEICHE_MATH2(fdim)
SEICHE_MATH2(fmax)
SEICHE_MATH2(fmin)
SEICHE_MATH2(fmod)
SEICHE_MATH2(hypot)
SEICHE_MATH2(pow)
SEICHE_MATH2(remainder)
extern "C" double fma(double, double, double);
extern "C" float fmaf(float, float, float);
extern "C" double ldexp(double, int);
extern "C" float ldexpf(float, int);
extern "C" double frexp(double, int*);
extern "C" float frexpf(float, int*);
extern "C" void sincos(double, double*, double*);
extern "C" void sincosf(float, float*, float*);
inline float fma(float a, float b, float c) { return fmaf(a, b, c); }

extern "C" int abs(int);
extern "C" long long llabs(long long);
inline float abs(float x) { return fabsf(x); }
inline double abs(double x) { return fabs(x); }
inline long long abs(long long x) { return llabs(x); }

#define SEICHE_MIN_MAX(type)                                      \
    inline type min(type a, type b) { return b < a ? b : a; }     \
    inline type max(type a, type b) { return a < b ? b : a; }
SEICHE_MIN_MAX(int)
SEICHE_MIN_MAX(unsigned)
SEICHE_MIN_MAX(long long)
SEICHE_MIN_MAX(unsigned long long)
inline float min(float a, float b) { return fminf(a, b); }
inline float max(float a, float b) { return fmaxf(a, b); }
inline double min(double a, double b) { return fmin(a, b); }
inline double max(double a, double b) { return fmax(a, b); }

#define SEICHE_CLASSIFY(type)                                               \
    inline bool isnan(type x) { return __builtin_isnan(x); }                \
    inline bool isinf(type x) { return __builtin_isinf(x) != 0; }           \
    inline bool isfinite(type x) { return __builtin_isfinite(x); }          \
    inline bool signbit(type x) { return __builtin_signbit(x) != 0; }
SEICHE_CLASSIFY(float)
SEICHE_CLASSIFY(double)

inline float rsqrtf(float x) { return 1.0f / sqrtf(x); }
inline double rsqrt(double x) { return 1.0 / sqrt(x); }
inline float rsqrt(float x) { return rsqrtf(x); }
inline float normcdff(float x) { return 0.5f * erfcf(-x * 0.70710678f); }
inline double normcdf(double x) { return 0.5 * erfc(-x * 0.70710678118654752); }
inline float sinpif(float x) { return (float)sin(3.14159265358979323846 * (double)x); }
inline float cospif(float x) { return (float)cos(3.14159265358979323846 * (double)x); }
inline double sinpi(double x) { return sin(3.14159265358979323846 * x); }
inline double cospi(double x) { return cos(3.14159265358979323846 * x); }
inline void sincospif(float x, float* s, float* c) { *s = sinpif(x), *c = cospif(x); }
inline void sincospi(double x, double* s, double* c) { *s = sinpi(x), *c = cospi(x); }

inline float __expf(float x) { return expf(x); }
inline float __logf(float x) { return logf(x); }
inline float __log2f(float x) { return log2f(x); }
inline float __sinf(float x) { return sinf(x); }
inline float __cosf(float x) { return cosf(x); }
inline float __powf(float x, float y) { return powf(x, y); }
inline float __fdividef(float a, float b) { return a / b; }
inline float __frcp_rn(float x) { return 1.0f / x; }
inline float __fsqrt_rn(float x) { return sqrtf(x); }
inline float __saturatef(float x) { return x < 0.0f || x != x ? 0.0f : x > 1.0f ? 1.0f : x; }
inline float __fmaf_rn(float a, float b, float c) { return fmaf(a, b, c); }
inline double __fma_rn(double a, double b, double c) { return fma(a, b, c); }

// Rounded results that no later operation may be fused with. The barrier hides the value from the optimiser.
template <typename T>
__forceinline__ T seiche_rounded(T x) {
    asm("" : "+x"(x));
    return x;
}
inline float __fadd_rn(float a, float b) { return seiche_rounded(a + b); }
inline float __fsub_rn(float a, float b) { return seiche_rounded(a - b); }
inline float __fmul_rn(float a, float b) { return seiche_rounded(a * b); }
inline float __fdiv_rn(float a, float b) { return seiche_rounded(a / b); }
inline double __dadd_rn(double a, double b) { return seiche_rounded(a + b); }
inline double __dsub_rn(double a, double b) { return seiche_rounded(a - b); }
inline double __dmul_rn(double a, double b) { return seiche_rounded(a * b); }
inline double __ddiv_rn(double a, double b) { return seiche_rounded(a / b); }

template <typename To, typename From>
inline To seiche_bits(From from) {
    static_assert(sizeof(To) == sizeof(From), "the same bits");
    To to;
    __builtin_memcpy(&to, &from, sizeof(To));
    return to;
}
inline float __int_as_float(int x) { return seiche_bits<float>(x); }
inline int __float_as_int(float x) { return seiche_bits<int>(x); }
inline float __uint_as_float(unsigned x) { return seiche_bits<float>(x); }
inline unsigned __float_as_uint(float x) { return seiche_bits<unsigned>(x); }
inline double __longlong_as_double(long long x) { return seiche_bits<double>(x); }
inline long long __double_as_longlong(double x) { return seiche_bits<long long>(x); }

// Conversions to integers as the device does them: out of range gives the end of the range, NaN gives 0.
inline int seiche_to_int(double x) { return x != x ? 0 : x >= 2147483647.0 ? 2147483647 : x <= -2147483648.0 ? (-2147483647 - 1) : (int)x; }
inline int __float2int_rz(float x) { return seiche_to_int(truncf(x)); }
inline int __float2int_rn(float x) { return seiche_to_int(rintf(x)); }
inline int __double2int_rz(double x) { return seiche_to_int(trunc(x)); }
inline int __double2int_rn(double x) { return seiche_to_int(rint(x)); }

inline int __popc(unsigned x) { return __builtin_popcount(x); }
inline int __popcll(unsigned long long x) { return __builtin_popcountll(x); }
inline int __clz(int x) { return x ? __builtin_clz((unsigned)x) : 32; }
inline int __clzll(long long x) { return x ? __builtin_clzll((unsigned long long)x) : 64; }
inline int __ffs(int x) { return __builtin_ffs(x); }
inline unsigned __brev(unsigned x) {
    unsigned y = 0;
    for (int i = 0; i < 32; i++) y |= (x >> i & 1u) << (31 - i);
    return y;
}
inline unsigned __umulhi(unsigned a, unsigned b) { return (unsigned)((unsigned long long)a * b >> 32); }
inline int __mulhi(int a, int b) { return (int)((long long)a * b >> 32); }
inline unsigned long long __umul64hi(unsigned long long a, unsigned long long b) {
    return (unsigned long long)((unsigned __int128)a * b >> 64);
}
