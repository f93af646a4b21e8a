// Ops that treat each element by itself, over any strides: y[i] = f(x[i]), y[i] = f(a[i], b[i]). The expressions of all
// ops stand in the first half, the kernels in the second. y is contiguous and may be an operand's very elements.
//
// v1: one thread per element. Bound by memory: 8 to 24 bytes an element, a handful of operations.
#include "device.cuh"

struct Abs { template <typename T> static __device__ T of(T x, double, double) { return fn::abs(x); } };
struct Exp { template <typename T> static __device__ T of(T x, double, double) { return fn::exp(x); } };
struct Log { template <typename T> static __device__ T of(T x, double, double) { return fn::log(x); } };
struct Log1p { template <typename T> static __device__ T of(T x, double, double) { return fn::log1p(x); } };
struct Neg { template <typename T> static __device__ T of(T x, double, double) { return -x; } };
struct Sqrt { template <typename T> static __device__ T of(T x, double, double) { return fn::sqrt(x); } };
struct Tanh { template <typename T> static __device__ T of(T x, double, double) { return fn::tanh(x); } };
struct Erf { template <typename T> static __device__ T of(T x, double, double) { return fn::erf(x); } };
struct Relu {
    template <typename T> static __device__ T of(T x, double, double) { return x > T(0) || is_nan(x) ? x : T(0); }
};
struct Sign {
    template <typename T> static __device__ T of(T x, double, double) { return x > T(0) ? T(1) : x < T(0) ? T(-1) : x; }
};
struct Sigmoid {
    template <typename T> static __device__ T of(T x, double, double) {
        T e = fn::exp(-fn::abs(x));
        return (x >= T(0) ? T(1) : e) / (T(1) + e);
    }
};
struct Softplus {
    template <typename T> static __device__ T of(T x, double, double) {
        return (x > T(0) || is_nan(x) ? x : T(0)) + fn::log1p(fn::exp(-fn::abs(x)));
    }
};
struct Clamp {
    template <typename T> static __device__ T of(T x, double low, double high) {
        return x < T(low) ? T(low) : x > T(high) ? T(high) : x;
    }
};
struct LeakyRelu {
    template <typename T> static __device__ T of(T x, double slope, double) { return x > T(0) ? x : T(slope) * x; }
};
struct Scale { template <typename T> static __device__ T of(T x, double factor, double) { return T(factor) * x; } };
struct Shift { template <typename T> static __device__ T of(T x, double offset, double) { return x + T(offset); } };
struct Pow {
    // In double for both types: an exponent rounded to f32 errs by more the larger |ln x|. Where C and Java disagree,
    // on 1 to a NaN and on 1 and -1 to an infinity, the answer is Java's NaN.
    template <typename T> static __device__ T of(T x, double exponent, double) {
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

// Java's conversion to int: toward zero, NaN to 0, ends of the range beyond it.
__device__ __forceinline__ int to_int(double x) {
    return is_nan(x) ? 0 : x <= -2147483648.0 ? -2147483647 - 1 : x >= 2147483647.0 ? 2147483647 : (int)x;
}

#define UNARY(T) const T* x, T* y, unsigned n, double p, double q, Space s
#define MAP(F)                                         \
    unsigned i = thread_number();                      \
    if (i < n) {                                       \
        y[i] = F::of(x[place(s, i)], p, q);            \
    }
#define BINARY(T) const T* a, const T* b, T* y, unsigned n, Space s
#define ZIP(F)                                         \
    unsigned i = thread_number();                      \
    if (i < n) {                                       \
        Pair at = place2(s, i);                        \
        y[i] = F::of(a[at.a], b[at.b]);                \
    }
#define CONVERT(FROM, TO) const FROM* x, TO* y, unsigned n, Space s
#define CAST(EXPRESSION)                               \
    unsigned i = thread_number();                      \
    if (i < n) {                                       \
        auto v = x[place(s, i)];                       \
        y[i] = EXPRESSION;                             \
    }

extern "C" __global__ void abs_fwd_f32_v1(UNARY(float)) { MAP(Abs) }
extern "C" __global__ void abs_fwd_f64_v1(UNARY(double)) { MAP(Abs) }
extern "C" __global__ void exp_fwd_f32_v1(UNARY(float)) { MAP(Exp) }
extern "C" __global__ void exp_fwd_f64_v1(UNARY(double)) { MAP(Exp) }
extern "C" __global__ void log_fwd_f32_v1(UNARY(float)) { MAP(Log) }
extern "C" __global__ void log_fwd_f64_v1(UNARY(double)) { MAP(Log) }
extern "C" __global__ void log1p_fwd_f32_v1(UNARY(float)) { MAP(Log1p) }
extern "C" __global__ void log1p_fwd_f64_v1(UNARY(double)) { MAP(Log1p) }
extern "C" __global__ void neg_fwd_f32_v1(UNARY(float)) { MAP(Neg) }
extern "C" __global__ void neg_fwd_f64_v1(UNARY(double)) { MAP(Neg) }
extern "C" __global__ void sqrt_fwd_f32_v1(UNARY(float)) { MAP(Sqrt) }
extern "C" __global__ void sqrt_fwd_f64_v1(UNARY(double)) { MAP(Sqrt) }
extern "C" __global__ void tanh_fwd_f32_v1(UNARY(float)) { MAP(Tanh) }
extern "C" __global__ void tanh_fwd_f64_v1(UNARY(double)) { MAP(Tanh) }
extern "C" __global__ void erf_fwd_f32_v1(UNARY(float)) { MAP(Erf) }
extern "C" __global__ void erf_fwd_f64_v1(UNARY(double)) { MAP(Erf) }
extern "C" __global__ void relu_fwd_f32_v1(UNARY(float)) { MAP(Relu) }
extern "C" __global__ void relu_fwd_f64_v1(UNARY(double)) { MAP(Relu) }
extern "C" __global__ void sign_fwd_f32_v1(UNARY(float)) { MAP(Sign) }
extern "C" __global__ void sign_fwd_f64_v1(UNARY(double)) { MAP(Sign) }
extern "C" __global__ void sigmoid_fwd_f32_v1(UNARY(float)) { MAP(Sigmoid) }
extern "C" __global__ void sigmoid_fwd_f64_v1(UNARY(double)) { MAP(Sigmoid) }
extern "C" __global__ void softplus_fwd_f32_v1(UNARY(float)) { MAP(Softplus) }
extern "C" __global__ void softplus_fwd_f64_v1(UNARY(double)) { MAP(Softplus) }
extern "C" __global__ void clamp_fwd_f32_v1(UNARY(float)) { MAP(Clamp) }
extern "C" __global__ void clamp_fwd_f64_v1(UNARY(double)) { MAP(Clamp) }
extern "C" __global__ void leaky_relu_fwd_f32_v1(UNARY(float)) { MAP(LeakyRelu) }
extern "C" __global__ void leaky_relu_fwd_f64_v1(UNARY(double)) { MAP(LeakyRelu) }
extern "C" __global__ void scale_fwd_f32_v1(UNARY(float)) { MAP(Scale) }
extern "C" __global__ void scale_fwd_f64_v1(UNARY(double)) { MAP(Scale) }
extern "C" __global__ void shift_fwd_f32_v1(UNARY(float)) { MAP(Shift) }
extern "C" __global__ void shift_fwd_f64_v1(UNARY(double)) { MAP(Shift) }
extern "C" __global__ void pow_fwd_f32_v1(UNARY(float)) { MAP(Pow) }
extern "C" __global__ void pow_fwd_f64_v1(UNARY(double)) { MAP(Pow) }

extern "C" __global__ void add_fwd_f32_v1(BINARY(float)) { ZIP(Add) }
extern "C" __global__ void add_fwd_f64_v1(BINARY(double)) { ZIP(Add) }
extern "C" __global__ void sub_fwd_f32_v1(BINARY(float)) { ZIP(Sub) }
extern "C" __global__ void sub_fwd_f64_v1(BINARY(double)) { ZIP(Sub) }
extern "C" __global__ void mul_fwd_f32_v1(BINARY(float)) { ZIP(Mul) }
extern "C" __global__ void mul_fwd_f64_v1(BINARY(double)) { ZIP(Mul) }
extern "C" __global__ void div_fwd_f32_v1(BINARY(float)) { ZIP(Div) }
extern "C" __global__ void div_fwd_f64_v1(BINARY(double)) { ZIP(Div) }
extern "C" __global__ void greater_fwd_f32_v1(BINARY(float)) { ZIP(Greater) }
extern "C" __global__ void greater_fwd_f64_v1(BINARY(double)) { ZIP(Greater) }
extern "C" __global__ void greater_equal_fwd_f32_v1(BINARY(float)) { ZIP(GreaterEqual) }
extern "C" __global__ void greater_equal_fwd_f64_v1(BINARY(double)) { ZIP(GreaterEqual) }
extern "C" __global__ void equal_fwd_f32_v1(BINARY(float)) { ZIP(Equal) }
extern "C" __global__ void equal_fwd_f64_v1(BINARY(double)) { ZIP(Equal) }
extern "C" __global__ void maximum_fwd_f32_v1(BINARY(float)) { ZIP(Maximum) }
extern "C" __global__ void maximum_fwd_f64_v1(BINARY(double)) { ZIP(Maximum) }
extern "C" __global__ void minimum_fwd_f32_v1(BINARY(float)) { ZIP(Minimum) }
extern "C" __global__ void minimum_fwd_f64_v1(BINARY(double)) { ZIP(Minimum) }

extern "C" __global__ void tanh_grad_fwd_f32_v1(BINARY(float)) { ZIP(TanhGrad) }
extern "C" __global__ void tanh_grad_fwd_f64_v1(BINARY(double)) { ZIP(TanhGrad) }
extern "C" __global__ void sigmoid_grad_fwd_f32_v1(BINARY(float)) { ZIP(SigmoidGrad) }
extern "C" __global__ void sigmoid_grad_fwd_f64_v1(BINARY(double)) { ZIP(SigmoidGrad) }

// y = a + factor b
template <typename T>
__device__ void add_scaled(const T* a, const T* b, T* y, unsigned n, double factor, const Space& s) {
    unsigned i = thread_number();
    if (i < n) {
        Pair at = place2(s, i);
        y[i] = a[at.a] + T(factor) * b[at.b];
    }
}

extern "C" __global__ void add_scaled_fwd_f32_v1(
    const float* a, const float* b, float* y, unsigned n, double factor, Space s) {
    add_scaled(a, b, y, n, factor, s);
}
extern "C" __global__ void add_scaled_fwd_f64_v1(
    const double* a, const double* b, double* y, unsigned n, double factor, Space s) {
    add_scaled(a, b, y, n, factor, s);
}

extern "C" __global__ void cast_fwd_f32_f64_v1(CONVERT(float, double)) { CAST((double)v) }
extern "C" __global__ void cast_fwd_f32_i32_v1(CONVERT(float, int)) { CAST(to_int((double)v)) }
extern "C" __global__ void cast_fwd_f64_f32_v1(CONVERT(double, float)) { CAST((float)v) }
extern "C" __global__ void cast_fwd_f64_i32_v1(CONVERT(double, int)) { CAST(to_int((double)v)) }
extern "C" __global__ void cast_fwd_i32_f32_v1(CONVERT(int, float)) { CAST((float)v) }
extern "C" __global__ void cast_fwd_i32_f64_v1(CONVERT(int, double)) { CAST((double)v) }

// y = a where the mask is not 0, else b.
template <typename T>
__device__ void where(const T* mask, const T* a, const T* b, T* y, unsigned n, const Space& s) {
    unsigned i = thread_number();
    if (i < n) {
        Triple at = place3(s, i);
        y[i] = mask[at.a] != T(0) ? a[at.b] : b[at.c];
    }
}

extern "C" __global__ void where_fwd_f32_v1(
    const float* mask, const float* a, const float* b, float* y, unsigned n, Space s) {
    where(mask, a, b, y, n, s);
}
extern "C" __global__ void where_fwd_f64_v1(
    const double* mask, const double* a, const double* b, double* y, unsigned n, Space s) {
    where(mask, a, b, y, n, s);
}
