// Softmax and its logarithm along one axis of x[outer, n, inner]: the largest element, the sum of exponentials, the
// result. Nothing overflows, and no logarithm of 0 is taken. The gradients need a sum along the axis and the result alone.
// Sums go on in f64 for both types.
//
// v1: one thread per row; rows may lie apart (inner above 1).
// v2: one warp per row of neighbours (inner = 1), lanes 32 elements apart, folded by shuffles. Reads x three times, the
// second and third mostly from cache: rows of up to some thousand elements.
#include "device.cuh"

#define WARP 32
#define WARPS 4

template <typename T, bool LOG>
__device__ void softmax_plain(const T* x, T* y, unsigned rows, unsigned n, unsigned inner) {
    unsigned r = thread_number();
    if (r < rows) {
        u64 base = (u64)(r / inner) * n * inner + r % inner;
        T top = x[base];
        for (unsigned i = 1; i < n; i++) {
            top = larger(top, x[base + (u64)i * inner]);
        }
        double sum = 0;
        for (unsigned i = 0; i < n; i++) {
            sum += (double)fn::exp(x[base + (u64)i * inner] - top);
        }
        T scale = LOG ? (T)fn::log(sum) : (T)(1.0 / sum);
        for (unsigned i = 0; i < n; i++) {
            T below = x[base + (u64)i * inner] - top;
            y[base + (u64)i * inner] = LOG ? below - scale : fn::exp(below) * scale;
        }
    }
}

extern "C" __global__ void softmax_fwd_f32_v1(const float* x, float* y, unsigned rows, unsigned n, unsigned inner) {
    softmax_plain<float, false>(x, y, rows, n, inner);
}
extern "C" __global__ void softmax_fwd_f64_v1(const double* x, double* y, unsigned rows, unsigned n, unsigned inner) {
    softmax_plain<double, false>(x, y, rows, n, inner);
}
extern "C" __global__ void log_softmax_fwd_f32_v1(const float* x, float* y, unsigned rows, unsigned n, unsigned inner) {
    softmax_plain<float, true>(x, y, rows, n, inner);
}
extern "C" __global__ void log_softmax_fwd_f64_v1(
    const double* x, double* y, unsigned rows, unsigned n, unsigned inner) {
    softmax_plain<double, true>(x, y, rows, n, inner);
}

// Warps without a row return whole, so every shuffle finds all 32 lanes.
template <typename T, bool LOG>
__device__ void softmax_warp(const T* x, T* y, unsigned rows, unsigned n) {
    unsigned lane = threadIdx.x;
    unsigned row = blockIdx.x * WARPS + threadIdx.y;
    if (row >= rows) {
        return;
    }
    const T* from = x + (u64)row * n;
    T* to = y + (u64)row * n;
    T top = Bits<T>::lowest();
    for (unsigned i = lane; i < n; i += WARP) {
        top = larger(top, from[i]);
    }
    for (int apart = WARP / 2; apart > 0; apart /= 2) {
        top = larger(top, __shfl_xor_sync(0xffffffffu, top, apart));
    }
    double sum = 0;
    for (unsigned i = lane; i < n; i += WARP) {
        sum += (double)fn::exp(from[i] - top);
    }
    for (int apart = WARP / 2; apart > 0; apart /= 2) {
        sum += __shfl_xor_sync(0xffffffffu, sum, apart);
    }
    T scale = LOG ? (T)fn::log(sum) : (T)(1.0 / sum);
    for (unsigned i = lane; i < n; i += WARP) {
        T below = from[i] - top;
        to[i] = LOG ? below - scale : fn::exp(below) * scale;
    }
}

extern "C" __global__ __launch_bounds__(WARP * WARPS) void softmax_fwd_f32_v2(
    const float* x, float* y, unsigned rows, unsigned n) {
    softmax_warp<float, false>(x, y, rows, n);
}
extern "C" __global__ __launch_bounds__(WARP * WARPS) void softmax_fwd_f64_v2(
    const double* x, double* y, unsigned rows, unsigned n) {
    softmax_warp<double, false>(x, y, rows, n);
}
extern "C" __global__ __launch_bounds__(WARP * WARPS) void log_softmax_fwd_f32_v2(
    const float* x, float* y, unsigned rows, unsigned n) {
    softmax_warp<float, true>(x, y, rows, n);
}
extern "C" __global__ __launch_bounds__(WARP * WARPS) void log_softmax_fwd_f64_v2(
    const double* x, double* y, unsigned rows, unsigned n) {
    softmax_warp<double, true>(x, y, rows, n);
}

// What the sum along the axis is of, and what becomes of an element with it.
template <typename T, bool LOG>
__device__ __forceinline__ double softmax_slope(T y, T dy) {
    return LOG ? (double)dy : (double)y * (double)dy;
}

template <typename T, bool LOG>
__device__ __forceinline__ T softmax_back(T y, T dy, T sum) {
    return LOG ? dy - fn::exp(y) * sum : y * (dy - sum);
}

template <typename T, bool LOG>
__device__ void softmax_grad_plain(const T* y, const T* dy, T* dx, unsigned rows, unsigned n, unsigned inner) {
    unsigned r = thread_number();
    if (r < rows) {
        u64 base = (u64)(r / inner) * n * inner + r % inner;
        double sum = 0;
        for (unsigned i = 0; i < n; i++) {
            sum += softmax_slope<T, LOG>(y[base + (u64)i * inner], dy[base + (u64)i * inner]);
        }
        for (unsigned i = 0; i < n; i++) {
            u64 at = base + (u64)i * inner;
            dx[at] = softmax_back<T, LOG>(y[at], dy[at], (T)sum);
        }
    }
}

#define GRAD(T) const T* y, const T* dy, T* dx, unsigned rows, unsigned n

extern "C" __global__ void softmax_grad_fwd_f32_v1(GRAD(float), unsigned inner) {
    softmax_grad_plain<float, false>(y, dy, dx, rows, n, inner);
}
extern "C" __global__ void softmax_grad_fwd_f64_v1(GRAD(double), unsigned inner) {
    softmax_grad_plain<double, false>(y, dy, dx, rows, n, inner);
}
extern "C" __global__ void log_softmax_grad_fwd_f32_v1(GRAD(float), unsigned inner) {
    softmax_grad_plain<float, true>(y, dy, dx, rows, n, inner);
}
extern "C" __global__ void log_softmax_grad_fwd_f64_v1(GRAD(double), unsigned inner) {
    softmax_grad_plain<double, true>(y, dy, dx, rows, n, inner);
}

template <typename T, bool LOG>
__device__ void softmax_grad_warp(const T* y, const T* dy, T* dx, unsigned rows, unsigned n) {
    unsigned row = blockIdx.x * WARPS + threadIdx.y;
    if (row >= rows) {
        return;
    }
    u64 base = (u64)row * n;
    double sum = 0;
    for (unsigned i = threadIdx.x; i < n; i += WARP) {
        sum += softmax_slope<T, LOG>(y[base + i], dy[base + i]);
    }
    for (int apart = WARP / 2; apart > 0; apart /= 2) {
        sum += __shfl_xor_sync(0xffffffffu, sum, apart);
    }
    for (unsigned i = threadIdx.x; i < n; i += WARP) {
        dx[base + i] = softmax_back<T, LOG>(y[base + i], dy[base + i], (T)sum);
    }
}

extern "C" __global__ __launch_bounds__(WARP * WARPS) void softmax_grad_fwd_f32_v2(GRAD(float)) {
    softmax_grad_warp<float, false>(y, dy, dx, rows, n);
}
extern "C" __global__ __launch_bounds__(WARP * WARPS) void softmax_grad_fwd_f64_v2(GRAD(double)) {
    softmax_grad_warp<double, false>(y, dy, dx, rows, n);
}
extern "C" __global__ __launch_bounds__(WARP * WARPS) void log_softmax_grad_fwd_f32_v2(GRAD(float)) {
    softmax_grad_warp<float, true>(y, dy, dx, rows, n);
}
extern "C" __global__ __launch_bounds__(WARP * WARPS) void log_softmax_grad_fwd_f64_v2(GRAD(double)) {
    softmax_grad_warp<double, true>(y, dy, dx, rows, n);
}
