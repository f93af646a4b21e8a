// Cross-entropy of rows of logits x[rows, n] against one label each, and its gradient. Like a softmax, but the forward
// pass writes one number a row, and the backward pass computes the softmax again rather than read one that was kept. The
// sum of exponentials goes on in f64 for both types.
//
// v1: one thread per row.
// v2: one warp per row, lanes 32 elements apart, folded by shuffles.
#include "device.cuh"

#define WARP 32
#define WARPS 4

template <typename T>
__device__ __forceinline__ T row_top(const T* from, unsigned n, unsigned first, unsigned step) {
    T top = Bits<T>::lowest();
    for (unsigned i = first; i < n; i += step) {
        top = larger(top, from[i]);
    }
    return top;
}

template <typename T>
__device__ __forceinline__ double row_sum(const T* from, T top, unsigned n, unsigned first, unsigned step) {
    double sum = 0;
    for (unsigned i = first; i < n; i += step) {
        sum += (double)fn::exp(from[i] - top);
    }
    return sum;
}

template <typename T>
__device__ __forceinline__ T loss_of(double sum, T top, T picked) {
    return (T)(fn::log(sum) + ((double)top - (double)picked));
}

// Elements first, first + step, ... of a row's gradient; of a row whose label is out of range, zeros.
template <typename T>
__device__ __forceinline__ void row_gradient(
    const T* from, T* to, unsigned n, unsigned label, T top, double sum, T dy, unsigned first, unsigned step) {
    T scale = (T)(1.0 / sum);
    for (unsigned i = first; i < n; i += step) {
        T share = fn::exp(from[i] - top) * scale;
        T hit = i == label ? T(1) : T(0);
        to[i] = label < n ? (share - hit) * dy : T(0);
    }
}

#define LOSS(T) const T* x, const int* labels, T* y, unsigned rows, unsigned n, u64* fault, unsigned ticket
#define LOSS_GRAD(T) \
    const T* x, const int* labels, const T* dy, T* dx, unsigned rows, unsigned n, u64* fault, unsigned ticket

template <typename T>
__device__ void loss_plain(LOSS(T)) {
    unsigned row = thread_number();
    if (row < rows) {
        const T* from = x + (u64)row * n;
        unsigned label = (unsigned)labels[row];
        if (label >= n) {
            report_id(fault, ticket, row);
            y[row] = T(0);
            return;
        }
        T top = row_top(from, n, 0, 1);
        y[row] = loss_of(row_sum(from, top, n, 0, 1), top, from[label]);
    }
}

extern "C" __global__ void cross_entropy_fwd_f32_v1(LOSS(float)) { loss_plain(x, labels, y, rows, n, fault, ticket); }
extern "C" __global__ void cross_entropy_fwd_f64_v1(LOSS(double)) { loss_plain(x, labels, y, rows, n, fault, ticket); }

template <typename T>
__device__ void gradient_plain(LOSS_GRAD(T)) {
    unsigned row = thread_number();
    if (row < rows) {
        const T* from = x + (u64)row * n;
        unsigned label = (unsigned)labels[row];
        if (label >= n) {
            report_id(fault, ticket, row);
        }
        T top = row_top(from, n, 0, 1);
        double sum = row_sum(from, top, n, 0, 1);
        row_gradient(from, dx + (u64)row * n, n, label, top, sum, dy[row], 0, 1);
    }
}

extern "C" __global__ void cross_entropy_grad_fwd_f32_v1(LOSS_GRAD(float)) {
    gradient_plain(x, labels, dy, dx, rows, n, fault, ticket);
}
extern "C" __global__ void cross_entropy_grad_fwd_f64_v1(LOSS_GRAD(double)) {
    gradient_plain(x, labels, dy, dx, rows, n, fault, ticket);
}

template <typename T>
__device__ __forceinline__ T warp_top(T top) {
    for (int apart = WARP / 2; apart > 0; apart /= 2) {
        top = larger(top, __shfl_xor_sync(0xffffffffu, top, apart));
    }
    return top;
}

__device__ __forceinline__ double warp_sum(double sum) {
    for (int apart = WARP / 2; apart > 0; apart /= 2) {
        sum += __shfl_xor_sync(0xffffffffu, sum, apart);
    }
    return sum;
}

// Warps without a row, or whose row has no label in range, return whole: every shuffle finds all 32 lanes.
template <typename T>
__device__ void loss_warp(LOSS(T)) {
    unsigned lane = threadIdx.x;
    unsigned row = blockIdx.x * WARPS + threadIdx.y;
    if (row >= rows) {
        return;
    }
    const T* from = x + (u64)row * n;
    unsigned label = (unsigned)labels[row];
    if (label >= n) {
        if (lane == 0) {
            report_id(fault, ticket, row);
            y[row] = T(0);
        }
        return;
    }
    T top = warp_top(row_top(from, n, lane, WARP));
    double sum = warp_sum(row_sum(from, top, n, lane, WARP));
    if (lane == 0) {
        y[row] = loss_of(sum, top, from[label]);
    }
}

extern "C" __global__ __launch_bounds__(WARP * WARPS) void cross_entropy_fwd_f32_v2(LOSS(float)) {
    loss_warp(x, labels, y, rows, n, fault, ticket);
}
extern "C" __global__ __launch_bounds__(WARP * WARPS) void cross_entropy_fwd_f64_v2(LOSS(double)) {
    loss_warp(x, labels, y, rows, n, fault, ticket);
}

template <typename T>
__device__ void gradient_warp(LOSS_GRAD(T)) {
    unsigned lane = threadIdx.x;
    unsigned row = blockIdx.x * WARPS + threadIdx.y;
    if (row >= rows) {
        return;
    }
    const T* from = x + (u64)row * n;
    unsigned label = (unsigned)labels[row];
    if (label >= n && lane == 0) {
        report_id(fault, ticket, row);
    }
    T top = warp_top(row_top(from, n, lane, WARP));
    double sum = warp_sum(row_sum(from, top, n, lane, WARP));
    row_gradient(from, dx + (u64)row * n, n, label, top, sum, dy[row], lane, WARP);
}

extern "C" __global__ __launch_bounds__(WARP * WARPS) void cross_entropy_grad_fwd_f32_v2(LOSS_GRAD(float)) {
    gradient_warp(x, labels, dy, dx, rows, n, fault, ticket);
}
extern "C" __global__ __launch_bounds__(WARP * WARPS) void cross_entropy_grad_fwd_f64_v2(LOSS_GRAD(double)) {
    gradient_warp(x, labels, dy, dx, rows, n, fault, ticket);
}
