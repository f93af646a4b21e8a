// What each elementwise op computes of one element: the one list, for the kernels of elementwise.cu and for those that
// are made for chains of ops. An expression has the name of the op's record and takes its operands, then its attributes.
//
// Whoever includes this is compiled without fused multiply-adds, so that an op rounds the same in every chain.
#pragma once

#include "device.cuh"

struct Abs { template <typename T> static __device__ T of(T x) { return fn::abs(x); } };
struct Exp { template <typename T> static __device__ T of(T x) { return fn::exp(x); } };
struct Log { template <typename T> static __device__ T of(T x) { return fn::log(x); } };
struct Log1p { template <typename T> static __device__ T of(T x) { return fn::log1p(x); } };
struct Neg { template <typename T> static __device__ T of(T x) { return -x; } };
struct Sqrt { template <typename T> static __device__ T of(T x) { return fn::sqrt(x); } };
struct Tanh { template <typename T> static __device__ T of(T x) { return fn::tanh(x); } };
struct Erf { template <typename T> static __device__ T of(T x) { return fn::erf(x); } };
struct Relu {
    template <typename T> static __device__ T of(T x) { return x > T(0) || is_nan(x) ? x : T(0); }
};
struct Sign {
    template <typename T> static __device__ T of(T x) { return x > T(0) ? T(1) : x < T(0) ? T(-1) : x; }
};
struct Sigmoid {
    template <typename T> static __device__ T of(T x) {
        T e = fn::exp(-fn::abs(x));
        return (x >= T(0) ? T(1) : e) / (T(1) + e);
    }
};
struct Softplus {
    template <typename T> static __device__ T of(T x) {
        return (x > T(0) || is_nan(x) ? x : T(0)) + fn::log1p(fn::exp(-fn::abs(x)));
    }
};
struct Clamp {
    template <typename T> static __device__ T of(T x, double low, double high) {
        return x < T(low) ? T(low) : x > T(high) ? T(high) : x;
    }
};
struct LeakyRelu {
    template <typename T> static __device__ T of(T x, double slope) { return x > T(0) ? x : T(slope) * x; }
};
struct Scale { template <typename T> static __device__ T of(T x, double factor) { return T(factor) * x; } };
struct Shift { template <typename T> static __device__ T of(T x, double offset) { return x + T(offset); } };
struct Pow {
    // In double for both types: an exponent rounded to f32 errs by more the larger |ln x|. Where C and Java disagree,
    // on 1 to a NaN and on 1 and -1 to an infinity, the answer is Java's NaN.
    template <typename T> static __device__ T of(T x, double exponent) {
        double base = (double)x;
        bool endless = is_nan(exponent) || is_nan(exponent - exponent);
        return endless && (is_nan(exponent) || fn::abs(base) == 1.0) ? Bits<T>::nan() : T(pow(base, exponent));
    }
};

struct Add { template <typename T> static __device__ T of(T a, T b) { return a + b; } };
struct Sub { template <typename T> static __device__ T of(T a, T b) { return a - b; } };
struct Mul { template <typename T> static __device__ T of(T a, T b) { return a * b; } };
struct Div { template <typename T> static __device__ T of(T a, T b) { return a / b; } };
struct Greater { template <typename T> static __device__ T of(T a, T b) { return a > b ? T(1) : T(0); } };
struct GreaterEqual { template <typename T> static __device__ T of(T a, T b) { return a >= b ? T(1) : T(0); } };
struct Equal { template <typename T> static __device__ T of(T a, T b) { return a == b ? T(1) : T(0); } };
// NaN if either is; of two zeros the sum is +0 unless both are -0, and the other way round for the minimum
struct Maximum {
    template <typename T> static __device__ T of(T a, T b) {
        return a > b || is_nan(a) ? a : a == b && a == T(0) ? a + b : b;
    }
};
struct Minimum {
    template <typename T> static __device__ T of(T a, T b) {
        return a < b || is_nan(a) ? a : a == b && a == T(0) ? -(-a - b) : b;
    }
};

// Fused: each computes in one pass what others do in several.
struct TanhGrad { template <typename T> static __device__ T of(T y, T dy) { return dy * (T(1) - y * y); } };
struct SigmoidGrad { template <typename T> static __device__ T of(T y, T dy) { return dy * y * (T(1) - y); } };
// y = a + factor b
struct AddScaled { template <typename T> static __device__ T of(T a, T b, double factor) { return a + T(factor) * b; } };

// y = a where the mask is not 0, else b
struct Where { template <typename T> static __device__ T of(T mask, T a, T b) { return mask != T(0) ? a : b; } };
