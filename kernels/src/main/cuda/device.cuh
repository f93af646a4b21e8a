// What all kernels share: element types, index arithmetic, functions with one name for both floating types, and every
// line that the emulated device cannot read. Kernels include nothing else, so that NVRTC needs no headers of its own.
//
// Rules of the house: a kernel is found by the text `extern "C" __global__ void NAME(`; a __shared__ statement declares
// one variable; inline PTX stands in this file only, beside a body in C++ for the emulated device.
#pragma once

typedef long long i64;
typedef unsigned long long u64;

// Most axes of an iteration space, after neighbours that lie evenly in memory became one. Known to Space.java.
#define AXES 8

// Sizes of the axes that are walked, outermost first, and for up to three operands the elements from one step along an
// axis to the next. Laid out as Space.java writes it.
struct Space {
    int rank;
    int size[AXES];
    i64 stride[3][AXES];
};

// Where element i of a row-major walk over the space lies in one, two or three operands.
__device__ __forceinline__ i64 place(const Space& s, unsigned i) {
    i64 at = 0;
    for (int k = s.rank - 1; k > 0; k--) {
        unsigned up = i / (unsigned)s.size[k];
        at += (i64)(i - up * (unsigned)s.size[k]) * s.stride[0][k];
        i = up;
    }
    return at + (i64)i * s.stride[0][0];
}

struct Pair {
    i64 a;
    i64 b;
};

__device__ __forceinline__ Pair place2(const Space& s, unsigned i) {
    Pair at = {0, 0};
    for (int k = s.rank - 1; k > 0; k--) {
        unsigned up = i / (unsigned)s.size[k];
        i64 step = (i64)(i - up * (unsigned)s.size[k]);
        at.a += step * s.stride[0][k];
        at.b += step * s.stride[1][k];
        i = up;
    }
    at.a += (i64)i * s.stride[0][0];
    at.b += (i64)i * s.stride[1][0];
    return at;
}

struct Triple {
    i64 a;
    i64 b;
    i64 c;
};

__device__ __forceinline__ Triple place3(const Space& s, unsigned i) {
    Triple at = {0, 0, 0};
    for (int k = s.rank - 1; k > 0; k--) {
        unsigned up = i / (unsigned)s.size[k];
        i64 step = (i64)(i - up * (unsigned)s.size[k]);
        at.a += step * s.stride[0][k];
        at.b += step * s.stride[1][k];
        at.c += step * s.stride[2][k];
        i = up;
    }
    at.a += (i64)i * s.stride[0][0];
    at.b += (i64)i * s.stride[1][0];
    at.c += (i64)i * s.stride[2][0];
    return at;
}

// The thread's number in a one-dimensional grid. Java keeps it below 2^31.
__device__ __forceinline__ unsigned thread_number() {
    return blockIdx.x * blockDim.x + threadIdx.x;
}

// Functions of either type under one name: a plain exp(float) would be the double function in C++ for a CPU.
namespace fn {
__device__ __forceinline__ float abs(float x) { return fabsf(x); }
__device__ __forceinline__ double abs(double x) { return fabs(x); }
__device__ __forceinline__ float exp(float x) { return expf(x); }
__device__ __forceinline__ double exp(double x) { return ::exp(x); }
__device__ __forceinline__ float log(float x) { return logf(x); }
__device__ __forceinline__ double log(double x) { return ::log(x); }
__device__ __forceinline__ float log1p(float x) { return log1pf(x); }
__device__ __forceinline__ double log1p(double x) { return ::log1p(x); }
__device__ __forceinline__ float sqrt(float x) { return sqrtf(x); }
__device__ __forceinline__ double sqrt(double x) { return ::sqrt(x); }
__device__ __forceinline__ float tanh(float x) { return tanhf(x); }
__device__ __forceinline__ double tanh(double x) { return ::tanh(x); }
__device__ __forceinline__ float erf(float x) { return erff(x); }
__device__ __forceinline__ double erf(double x) { return ::erf(x); }
}  // namespace fn

__device__ __forceinline__ bool is_nan(float x) { return x != x; }
__device__ __forceinline__ bool is_nan(double x) { return x != x; }

// Makes a value of the type from bits that no literal spells.
template <typename T>
struct Bits;
template <>
struct Bits<float> {
    static __device__ __forceinline__ float lowest() { return -__int_as_float(0x7f800000); }
    static __device__ __forceinline__ float nan() { return __int_as_float(0x7fc00000); }
};
template <>
struct Bits<double> {
    static __device__ __forceinline__ double lowest() { return -(double)__int_as_float(0x7f800000); }
    static __device__ __forceinline__ double nan() { return (double)__int_as_float(0x7fc00000); }
};

// True when x takes the place of the largest element so far: a NaN beats every number, nothing beats a NaN.
template <typename T>
__device__ __forceinline__ bool beats(T x, T top) {
    return x > top || (is_nan(x) && !is_nan(top));
}

// The larger of two, NaN if either is.
template <typename T>
__device__ __forceinline__ T larger(T a, T b) {
    return beats(b, a) ? b : a;
}

// Notes that a launch met an id out of range. The launch with the lowest ticket, and in it the first position, stays;
// the host looks at the next copy to the host. One 64-bit word, so that the two are always of the same launch.
__device__ __forceinline__ void report_id(u64* fault, unsigned ticket, unsigned position) {
    atomicMin(fault, ((u64)ticket << 32) | (u64)position);
}

// --- inline PTX and its equals on the emulated device

// To TF32: 10 bits of fraction, nearest, ties away from zero; as the bits of an f32.
__device__ __forceinline__ unsigned float_to_tf32(float x) {
#ifdef __CUDA_EMULATED__
    return emulated::float_to_tf32(x);
#elif __CUDA_ARCH__ >= 800
    unsigned bits;
    asm("cvt.rna.tf32.f32 %0, %1;" : "=r"(bits) : "f"(x));
    return bits;
#else
    __trap();
    return __float_as_uint(x);
#endif
}

// d[16x8] += a[16x8] b[8x8] by one warp, in the fragments of the PTX ISA's mma.m16n8k8 for tf32.
__device__ __forceinline__ void mma_m16n8k8_tf32(float (&d)[4], const unsigned (&a)[4], const unsigned (&b)[2]) {
#ifdef __CUDA_EMULATED__
    emulated::mma_m16n8k8_tf32(d, a, b);
#elif __CUDA_ARCH__ >= 800
    asm volatile(
        "mma.sync.aligned.m16n8k8.row.col.f32.tf32.tf32.f32 {%0,%1,%2,%3}, {%4,%5,%6,%7}, {%8,%9}, {%0,%1,%2,%3};"
        : "+f"(d[0]), "+f"(d[1]), "+f"(d[2]), "+f"(d[3])
        : "r"(a[0]), "r"(a[1]), "r"(a[2]), "r"(a[3]), "r"(b[0]), "r"(b[1]));
#else
    __trap();
#endif
}
