// Mean and variance over some axes; zero mean and unit variance, which is layer, group and batch norm before their affine
// maps, and the gradient. One pass over a group's elements finds its moments (norm.cuh), put together in an order that sizes
// alone decide; a second pass, mostly from cache, writes the result. `kept` walks the groups, `along` the elements of one;
// all operands are contiguous, so it is the same walk for all of them.
//
// v1: one thread per group, in f64 throughout: the plain definition, and for small groups.
// v2: one block per group; threads take every 128th element in the type itself, then a tree.
// v3, for groups down columns: norm_columns.cu.
#include "norm.cuh"

#define LANES 128

#define MOMENTS(T) const T* x, T* y, unsigned groups, unsigned n, Space kept, Space along
#define NORM(T) const T* x, T* y, unsigned groups, unsigned n, double eps, Space kept, Space along
#define NORM_GRAD(T) const T* x, const T* dy, T* dx, unsigned groups, unsigned n, double eps, Space kept, Space along

// The n elements from `base` on.
template <typename T, bool GRAD>
__device__ __forceinline__ Moments<double> moments_plain(
    const T* x, const T* dy, i64 base, unsigned n, const Space& along) {
    Moments<double> m = {0, 0, 0, 0};
    for (unsigned i = 0; i < n; i++) {
        i64 at = base + place(along, i);
        take<GRAD>(m, (double)(i + 1), (double)x[at], GRAD ? (double)dy[at] : 0.0);
    }
    return m;
}

template <typename T, bool GRAD>
__device__ void norm_plain(
    const T* x, const T* dy, T* out, unsigned groups, unsigned n, double eps, const Space& kept, const Space& along) {
    unsigned group = thread_number();
    if (group < groups) {
        i64 base = place(kept, group);
        Moments<double> m = moments_plain<T, GRAD>(x, dy, base, n, along);
        Finish<T> f = finish<T>(m, n, eps);
        for (unsigned i = 0; i < n; i++) {
            i64 at = base + place(along, i);
            out[at] = GRAD ? gradient(f, x[at], dy[at]) : standardised(f, x[at]);
        }
    }
}

extern "C" __global__ void standardise_fwd_f32_v1(NORM(float)) {
    norm_plain<float, false>(x, x, y, groups, n, eps, kept, along);
}
extern "C" __global__ void standardise_fwd_f64_v1(NORM(double)) {
    norm_plain<double, false>(x, x, y, groups, n, eps, kept, along);
}
extern "C" __global__ void standardise_grad_fwd_f32_v1(NORM_GRAD(float)) {
    norm_plain<float, true>(x, dy, dx, groups, n, eps, kept, along);
}
extern "C" __global__ void standardise_grad_fwd_f64_v1(NORM_GRAD(double)) {
    norm_plain<double, true>(x, dy, dx, groups, n, eps, kept, along);
}

template <typename T>
__device__ void moments_of_groups(
    const T* x, T* y, unsigned groups, unsigned n, const Space& kept, const Space& along) {
    unsigned group = thread_number();
    if (group < groups) {
        Moments<double> m = moments_plain<T, false>(x, x, place(kept, group), n, along);
        write_moments(y, group, groups, m, n);
    }
}

extern "C" __global__ void moments_fwd_f32_v1(MOMENTS(float)) {
    moments_of_groups(x, y, groups, n, kept, along);
}
extern "C" __global__ void moments_fwd_f64_v1(MOMENTS(double)) {
    moments_of_groups(x, y, groups, n, kept, along);
}

// How many of the n elements thread t takes.
__device__ __forceinline__ unsigned taken_by(unsigned t, unsigned n) {
    return t < n ? (n - t + LANES - 1) / LANES : 0;
}

// The block's group, from `base` on, to all threads.
template <typename T, bool GRAD>
__device__ __forceinline__ Moments<double> moments_block(
    const T* x, const T* dy, Moments<double>* lanes, i64 base, unsigned n, const Space& along) {
    unsigned t = threadIdx.x;
    Moments<T> mine = {0, 0, 0, 0};
    unsigned taken = 0;
    for (unsigned i = t; i < n; i += LANES) {
        i64 at = base + place(along, i);
        taken++;
        take<GRAD>(mine, (T)taken, x[at], GRAD ? dy[at] : T(0));
    }
    Moments<double> all = wide(mine);
    lanes[t] = all;
    // lane t of a tree of this width holds what threads t, t + width, ... took
    double count = taken;
    for (unsigned width = LANES / 2; width > 0; width /= 2) {
        __syncthreads();
        if (t < width) {
            double other = 0;
            for (unsigned k = t + width; k < LANES; k += 2 * width) {
                other += taken_by(k, n);
            }
            merge(all, count, lanes[t + width], other);
            count += other;
            lanes[t] = all;
        }
    }
    __syncthreads();
    return lanes[0];
}

template <typename T>
__device__ void moments_of_blocks(
    const T* x, T* y, Moments<double>* lanes, unsigned groups, unsigned n, const Space& kept, const Space& along) {
    Moments<double> all = moments_block<T, false>(x, x, lanes, place(kept, blockIdx.x), n, along);
    if (threadIdx.x == 0) {
        write_moments(y, blockIdx.x, groups, all, n);
    }
}

template <typename T, bool GRAD>
__device__ void norm_block(
    const T* x, const T* dy, T* out, Moments<double>* lanes, unsigned n, double eps, const Space& kept,
    const Space& along) {
    i64 base = place(kept, blockIdx.x);
    Finish<T> f = finish<T>(moments_block<T, GRAD>(x, dy, lanes, base, n, along), n, eps);
    for (unsigned i = threadIdx.x; i < n; i += LANES) {
        i64 at = base + place(along, i);
        out[at] = GRAD ? gradient(f, x[at], dy[at]) : standardised(f, x[at]);
    }
}

extern "C" __global__ __launch_bounds__(LANES) void moments_fwd_f32_v2(MOMENTS(float)) {
    __shared__ Moments<double> lanes[LANES];
    moments_of_blocks(x, y, lanes, groups, n, kept, along);
}
extern "C" __global__ __launch_bounds__(LANES) void moments_fwd_f64_v2(MOMENTS(double)) {
    __shared__ Moments<double> lanes[LANES];
    moments_of_blocks(x, y, lanes, groups, n, kept, along);
}
extern "C" __global__ __launch_bounds__(LANES) void standardise_fwd_f32_v2(NORM(float)) {
    __shared__ Moments<double> lanes[LANES];
    norm_block<float, false>(x, x, y, lanes, n, eps, kept, along);
}
extern "C" __global__ __launch_bounds__(LANES) void standardise_fwd_f64_v2(NORM(double)) {
    __shared__ Moments<double> lanes[LANES];
    norm_block<double, false>(x, x, y, lanes, n, eps, kept, along);
}
extern "C" __global__ __launch_bounds__(LANES) void standardise_grad_fwd_f32_v2(NORM_GRAD(float)) {
    __shared__ Moments<double> lanes[LANES];
    norm_block<float, true>(x, dy, dx, lanes, n, eps, kept, along);
}
extern "C" __global__ __launch_bounds__(LANES) void standardise_grad_fwd_f64_v2(NORM_GRAD(double)) {
    __shared__ Moments<double> lanes[LANES];
    norm_block<double, true>(x, dy, dx, lanes, n, eps, kept, along);
}
