// Ops that treat each element by itself, over any strides: y[i] = f(x[i]), y[i] = f(a[i], b[i]). The expressions of all
// ops stand in expressions.cuh. y is contiguous and may be an operand's very elements.
//
// v1: one thread per element. Bound by memory: 8 to 24 bytes an element, a handful of operations.
#include "expressions.cuh"

// Java's conversion to int: toward zero, NaN to 0, ends of the range beyond it.
__device__ __forceinline__ int to_int(double x) {
    return is_nan(x) ? 0 : x <= -2147483648.0 ? -2147483647 - 1 : x >= 2147483647.0 ? 2147483647 : (int)x;
}

#define UNARY(T) const T* x, T* y, unsigned n, Space s
#define UNARY1(T) const T* x, T* y, unsigned n, double p, Space s
#define UNARY2(T) const T* x, T* y, unsigned n, double p, double q, Space s
#define MAP(EXPRESSION)                                \
    unsigned i = thread_number();                      \
    if (i < n) {                                       \
        auto v = x[place(s, i)];                       \
        y[i] = EXPRESSION;                             \
    }
#define BINARY(T) const T* a, const T* b, T* y, unsigned n, Space s
#define BINARY1(T) const T* a, const T* b, T* y, unsigned n, double p, Space s
#define ZIP(EXPRESSION)                                \
    unsigned i = thread_number();                      \
    if (i < n) {                                       \
        Pair at = place2(s, i);                        \
        auto u = a[at.a];                              \
        auto v = b[at.b];                              \
        y[i] = EXPRESSION;                             \
    }
#define TERNARY(T) const T* a, const T* b, const T* c, T* y, unsigned n, Space s
#define ZIP3(EXPRESSION)                               \
    unsigned i = thread_number();                      \
    if (i < n) {                                       \
        Triple at = place3(s, i);                      \
        auto u = a[at.a];                              \
        auto v = b[at.b];                              \
        auto w = c[at.c];                              \
        y[i] = EXPRESSION;                             \
    }
#define CONVERT(FROM, TO) const FROM* x, TO* y, unsigned n, Space s

extern "C" __global__ void abs_fwd_f32_v1(UNARY(float)) { MAP(Abs::of(v)) }
extern "C" __global__ void abs_fwd_f64_v1(UNARY(double)) { MAP(Abs::of(v)) }
extern "C" __global__ void exp_fwd_f32_v1(UNARY(float)) { MAP(Exp::of(v)) }
extern "C" __global__ void exp_fwd_f64_v1(UNARY(double)) { MAP(Exp::of(v)) }
extern "C" __global__ void log_fwd_f32_v1(UNARY(float)) { MAP(Log::of(v)) }
extern "C" __global__ void log_fwd_f64_v1(UNARY(double)) { MAP(Log::of(v)) }
extern "C" __global__ void log1p_fwd_f32_v1(UNARY(float)) { MAP(Log1p::of(v)) }
extern "C" __global__ void log1p_fwd_f64_v1(UNARY(double)) { MAP(Log1p::of(v)) }
extern "C" __global__ void neg_fwd_f32_v1(UNARY(float)) { MAP(Neg::of(v)) }
extern "C" __global__ void neg_fwd_f64_v1(UNARY(double)) { MAP(Neg::of(v)) }
extern "C" __global__ void sqrt_fwd_f32_v1(UNARY(float)) { MAP(Sqrt::of(v)) }
extern "C" __global__ void sqrt_fwd_f64_v1(UNARY(double)) { MAP(Sqrt::of(v)) }
extern "C" __global__ void tanh_fwd_f32_v1(UNARY(float)) { MAP(Tanh::of(v)) }
extern "C" __global__ void tanh_fwd_f64_v1(UNARY(double)) { MAP(Tanh::of(v)) }
extern "C" __global__ void erf_fwd_f32_v1(UNARY(float)) { MAP(Erf::of(v)) }
extern "C" __global__ void erf_fwd_f64_v1(UNARY(double)) { MAP(Erf::of(v)) }
extern "C" __global__ void relu_fwd_f32_v1(UNARY(float)) { MAP(Relu::of(v)) }
extern "C" __global__ void relu_fwd_f64_v1(UNARY(double)) { MAP(Relu::of(v)) }
extern "C" __global__ void sign_fwd_f32_v1(UNARY(float)) { MAP(Sign::of(v)) }
extern "C" __global__ void sign_fwd_f64_v1(UNARY(double)) { MAP(Sign::of(v)) }
extern "C" __global__ void sigmoid_fwd_f32_v1(UNARY(float)) { MAP(Sigmoid::of(v)) }
extern "C" __global__ void sigmoid_fwd_f64_v1(UNARY(double)) { MAP(Sigmoid::of(v)) }
extern "C" __global__ void softplus_fwd_f32_v1(UNARY(float)) { MAP(Softplus::of(v)) }
extern "C" __global__ void softplus_fwd_f64_v1(UNARY(double)) { MAP(Softplus::of(v)) }
extern "C" __global__ void clamp_fwd_f32_v1(UNARY2(float)) { MAP(Clamp::of(v, p, q)) }
extern "C" __global__ void clamp_fwd_f64_v1(UNARY2(double)) { MAP(Clamp::of(v, p, q)) }
extern "C" __global__ void leaky_relu_fwd_f32_v1(UNARY1(float)) { MAP(LeakyRelu::of(v, p)) }
extern "C" __global__ void leaky_relu_fwd_f64_v1(UNARY1(double)) { MAP(LeakyRelu::of(v, p)) }
extern "C" __global__ void scale_fwd_f32_v1(UNARY1(float)) { MAP(Scale::of(v, p)) }
extern "C" __global__ void scale_fwd_f64_v1(UNARY1(double)) { MAP(Scale::of(v, p)) }
extern "C" __global__ void shift_fwd_f32_v1(UNARY1(float)) { MAP(Shift::of(v, p)) }
extern "C" __global__ void shift_fwd_f64_v1(UNARY1(double)) { MAP(Shift::of(v, p)) }
extern "C" __global__ void pow_fwd_f32_v1(UNARY1(float)) { MAP(Pow::of(v, p)) }
extern "C" __global__ void pow_fwd_f64_v1(UNARY1(double)) { MAP(Pow::of(v, p)) }

extern "C" __global__ void add_fwd_f32_v1(BINARY(float)) { ZIP(Add::of(u, v)) }
extern "C" __global__ void add_fwd_f64_v1(BINARY(double)) { ZIP(Add::of(u, v)) }
extern "C" __global__ void sub_fwd_f32_v1(BINARY(float)) { ZIP(Sub::of(u, v)) }
extern "C" __global__ void sub_fwd_f64_v1(BINARY(double)) { ZIP(Sub::of(u, v)) }
extern "C" __global__ void mul_fwd_f32_v1(BINARY(float)) { ZIP(Mul::of(u, v)) }
extern "C" __global__ void mul_fwd_f64_v1(BINARY(double)) { ZIP(Mul::of(u, v)) }
extern "C" __global__ void div_fwd_f32_v1(BINARY(float)) { ZIP(Div::of(u, v)) }
extern "C" __global__ void div_fwd_f64_v1(BINARY(double)) { ZIP(Div::of(u, v)) }
extern "C" __global__ void greater_fwd_f32_v1(BINARY(float)) { ZIP(Greater::of(u, v)) }
extern "C" __global__ void greater_fwd_f64_v1(BINARY(double)) { ZIP(Greater::of(u, v)) }
extern "C" __global__ void greater_equal_fwd_f32_v1(BINARY(float)) { ZIP(GreaterEqual::of(u, v)) }
extern "C" __global__ void greater_equal_fwd_f64_v1(BINARY(double)) { ZIP(GreaterEqual::of(u, v)) }
extern "C" __global__ void equal_fwd_f32_v1(BINARY(float)) { ZIP(Equal::of(u, v)) }
extern "C" __global__ void equal_fwd_f64_v1(BINARY(double)) { ZIP(Equal::of(u, v)) }
extern "C" __global__ void maximum_fwd_f32_v1(BINARY(float)) { ZIP(Maximum::of(u, v)) }
extern "C" __global__ void maximum_fwd_f64_v1(BINARY(double)) { ZIP(Maximum::of(u, v)) }
extern "C" __global__ void minimum_fwd_f32_v1(BINARY(float)) { ZIP(Minimum::of(u, v)) }
extern "C" __global__ void minimum_fwd_f64_v1(BINARY(double)) { ZIP(Minimum::of(u, v)) }

extern "C" __global__ void tanh_grad_fwd_f32_v1(BINARY(float)) { ZIP(TanhGrad::of(u, v)) }
extern "C" __global__ void tanh_grad_fwd_f64_v1(BINARY(double)) { ZIP(TanhGrad::of(u, v)) }
extern "C" __global__ void sigmoid_grad_fwd_f32_v1(BINARY(float)) { ZIP(SigmoidGrad::of(u, v)) }
extern "C" __global__ void sigmoid_grad_fwd_f64_v1(BINARY(double)) { ZIP(SigmoidGrad::of(u, v)) }

extern "C" __global__ void add_scaled_fwd_f32_v1(BINARY1(float)) { ZIP(AddScaled::of(u, v, p)) }
extern "C" __global__ void add_scaled_fwd_f64_v1(BINARY1(double)) { ZIP(AddScaled::of(u, v, p)) }

extern "C" __global__ void where_fwd_f32_v1(TERNARY(float)) { ZIP3(Where::of(u, v, w)) }
extern "C" __global__ void where_fwd_f64_v1(TERNARY(double)) { ZIP3(Where::of(u, v, w)) }

extern "C" __global__ void cast_fwd_f32_f64_v1(CONVERT(float, double)) { MAP((double)v) }
extern "C" __global__ void cast_fwd_f32_i32_v1(CONVERT(float, int)) { MAP(to_int((double)v)) }
extern "C" __global__ void cast_fwd_f64_f32_v1(CONVERT(double, float)) { MAP((float)v) }
extern "C" __global__ void cast_fwd_f64_i32_v1(CONVERT(double, int)) { MAP(to_int((double)v)) }
extern "C" __global__ void cast_fwd_i32_f32_v1(CONVERT(int, float)) { MAP((float)v) }
extern "C" __global__ void cast_fwd_i32_f64_v1(CONVERT(int, double)) { MAP((double)v) }
