// Zero mean and unit variance over some axes, layer and group norm before their affine maps, and the gradient. One pass
// over a group's elements finds mean and sum of squares, and for the gradient the mean of dy and how it goes along with x,
// by Welford's update: nothing cancels when the mean is large. A second pass, mostly from cache, writes the result.
// Groups are merged by the formula of Chan, Golub and LeVeque, in f64 and in an order that sizes alone decide. `kept` walks
// the groups, `along` the elements of one; all operands are contiguous, so it is the same walk for all of them.
//
// v1: one thread per group, in f64 throughout: the plain definition, and for small groups.
// v2: one block per group; threads take every 128th element in the type itself, then a tree.
#include "device.cuh"

#define LANES 128

// Of some elements: their number, the mean and the sum of squared deviations of x, the mean of dy, and the sum of products
// of deviations of both.
template <typename F>
struct Moments {
    F mean;
    F squares;
    F slope;
    F products;
};

template <typename F>
__device__ __forceinline__ void take(Moments<F>& m, F count, F x, F dy) {
    F off = x - m.mean;
    m.mean += off / count;
    m.squares += off * (x - m.mean);
    m.slope += (dy - m.slope) / count;
    m.products += off * (dy - m.slope);
}

// The n elements of b, which may be none, added to the m of a.
__device__ __forceinline__ void merge(Moments<double>& a, double m, const Moments<double>& b, double n) {
    if (n == 0) {
        return;
    }
    double share = n / (m + n);
    double off = b.mean - a.mean;
    double slope = b.slope - a.slope;
    a.mean += off * share;
    a.squares += b.squares + off * off * m * share;
    a.slope += slope * share;
    a.products += b.products + off * slope * m * share;
}

// What is left to do once the moments of a group are known.
template <typename T>
struct Finish {
    T mean;
    T factor;
    T slope;
    T bend;
};

template <typename T>
__device__ __forceinline__ Finish<T> finish(const Moments<double>& m, unsigned n, double eps) {
    double factor = 1.0 / fn::sqrt(m.squares / n + eps);
    return {(T)m.mean, (T)factor, (T)m.slope, (T)(m.products / n * factor * factor)};
}

template <typename T>
__device__ __forceinline__ T standardised(const Finish<T>& f, T x) {
    return (x - f.mean) * f.factor;
}

template <typename T>
__device__ __forceinline__ T gradient(const Finish<T>& f, T x, T dy) {
    return (dy - f.slope - (x - f.mean) * f.bend) * f.factor;
}

#define NORM(T) const T* x, T* y, unsigned groups, unsigned n, double eps, Space kept, Space along
#define NORM_GRAD(T) const T* x, const T* dy, T* dx, unsigned groups, unsigned n, double eps, Space kept, Space along

template <typename T, bool GRAD>
__device__ void norm_plain(
    const T* x, const T* dy, T* out, unsigned groups, unsigned n, double eps, const Space& kept, const Space& along) {
    unsigned group = thread_number();
    if (group < groups) {
        i64 base = place(kept, group);
        Moments<double> m = {0, 0, 0, 0};
        for (unsigned i = 0; i < n; i++) {
            i64 at = base + place(along, i);
            take(m, (double)(i + 1), (double)x[at], GRAD ? (double)dy[at] : 0.0);
        }
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

// How many of the n elements thread t takes.
__device__ __forceinline__ unsigned taken_by(unsigned t, unsigned n) {
    return t < n ? (n - t + LANES - 1) / LANES : 0;
}

template <typename T, bool GRAD>
__device__ void norm_block(
    const T* x, const T* dy, T* out, Moments<double>* lanes, unsigned n, double eps, const Space& kept,
    const Space& along) {
    unsigned t = threadIdx.x;
    i64 base = place(kept, blockIdx.x);
    Moments<T> mine = {0, 0, 0, 0};
    unsigned taken = 0;
    for (unsigned i = t; i < n; i += LANES) {
        i64 at = base + place(along, i);
        taken++;
        take(mine, (T)taken, x[at], GRAD ? dy[at] : T(0));
    }
    Moments<double> all = {(double)mine.mean, (double)mine.squares, (double)mine.slope, (double)mine.products};
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
    all = lanes[0];
    Finish<T> f = finish<T>(all, n, eps);
    for (unsigned i = t; i < n; i += LANES) {
        i64 at = base + place(along, i);
        out[at] = GRAD ? gradient(f, x[at], dy[at]) : standardised(f, x[at]);
    }
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
