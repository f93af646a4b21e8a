// Sum, maximum and place of the maximum over any axes. `kept` walks the results, `along` the elements that one result
// folds, both over x's strides. The order of every sum is a function of sizes alone.
//
// v1: one thread folds one result, in row-major order. For short folds, and the plain definition of the rest.
// v2: one block folds one part of one result: threads take every 128th element, then a tree. For long rows.
// v3 (sum): one block folds one part of 32 neighbouring results, so that a fold down columns reads whole rows.
// Sums of f32 add up to 128 terms a thread in f32 and go on in f64; v1 adds in f64 throughout.
#include "device.cuh"

#define LANES 128
#define COLUMNS 32
#define ROWS 8

template <typename T>
__device__ void sum_plain(const T* x, T* y, unsigned results, unsigned n, const Space& kept, const Space& along) {
    unsigned r = thread_number();
    if (r < results) {
        const T* from = x + place(kept, r);
        double sum = 0;
        for (unsigned i = 0; i < n; i++) {
            sum += (double)from[place(along, i)];
        }
        y[r] = (T)sum;
    }
}

extern "C" __global__ void sum_fwd_f32_v1(
    const float* x, float* y, unsigned results, unsigned n, Space kept, Space along) {
    sum_plain(x, y, results, n, kept, along);
}
extern "C" __global__ void sum_fwd_f64_v1(
    const double* x, double* y, unsigned results, unsigned n, Space kept, Space along) {
    sum_plain(x, y, results, n, kept, along);
}

// Adds up lanes[0..LANES), a power of two, pairwise. Every thread of the block takes part.
__device__ __forceinline__ double tree(double* lanes, unsigned t) {
    for (unsigned width = LANES / 2; width > 0; width /= 2) {
        __syncthreads();
        if (t < width) {
            lanes[t] += lanes[t + width];
        }
    }
    __syncthreads();
    return lanes[0];
}

// Part blockIdx.y of result blockIdx.x to partial[result * parts + part].
template <typename T>
__device__ void sum_rows(
    const T* x, double* partial, double* lanes, unsigned n, unsigned parts, const Space& kept, const Space& along) {
    unsigned t = threadIdx.x;
    unsigned part = blockIdx.y;
    const T* from = x + place(kept, blockIdx.x);
    unsigned start = (unsigned)((u64)n * part / parts);
    unsigned end = (unsigned)((u64)n * (part + 1) / parts);
    double sum = 0;
    T few = 0;
    unsigned taken = 0;
    for (unsigned i = start + t; i < end; i += LANES) {
        few += from[place(along, i)];
        taken++;
        if (taken % 128 == 0) {
            sum += (double)few;
            few = 0;
        }
    }
    lanes[t] = sum + (double)few;
    double total = tree(lanes, t);
    if (t == 0) {
        partial[(u64)blockIdx.x * parts + part] = total;
    }
}

extern "C" __global__ __launch_bounds__(LANES) void sum_fwd_f32_v2(
    const float* x, double* partial, unsigned n, unsigned parts, Space kept, Space along) {
    __shared__ double lanes[LANES];
    sum_rows(x, partial, lanes, n, parts, kept, along);
}
extern "C" __global__ __launch_bounds__(LANES) void sum_fwd_f64_v2(
    const double* x, double* partial, unsigned n, unsigned parts, Space kept, Space along) {
    __shared__ double lanes[LANES];
    sum_rows(x, partial, lanes, n, parts, kept, along);
}

// Results blockIdx.x * COLUMNS + threadIdx.x, part blockIdx.y of each. Threads of a row read neighbours in memory.
template <typename T>
__device__ void sum_columns(
    const T* x,
    double* partial,
    double* lanes,
    unsigned results,
    unsigned n,
    unsigned parts,
    const Space& kept,
    const Space& along) {
    unsigned column = threadIdx.x;
    unsigned row = threadIdx.y;
    unsigned result = blockIdx.x * COLUMNS + column;
    unsigned part = blockIdx.y;
    unsigned start = (unsigned)((u64)n * part / parts);
    unsigned end = (unsigned)((u64)n * (part + 1) / parts);
    double sum = 0;
    if (result < results) {
        const T* from = x + place(kept, result);
        T few = 0;
        unsigned taken = 0;
        for (unsigned i = start + row; i < end; i += ROWS) {
            few += from[place(along, i)];
            taken++;
            if (taken % 128 == 0) {
                sum += (double)few;
                few = 0;
            }
        }
        sum += (double)few;
    }
    lanes[row * COLUMNS + column] = sum;
    __syncthreads();
    if (row == 0 && result < results) {
        for (unsigned other = 1; other < ROWS; other++) {
            sum += lanes[other * COLUMNS + column];
        }
        partial[(u64)result * parts + part] = sum;
    }
}

extern "C" __global__ __launch_bounds__(COLUMNS * ROWS) void sum_fwd_f32_v3(
    const float* x, double* partial, unsigned results, unsigned n, unsigned parts, Space kept, Space along) {
    __shared__ double lanes[ROWS * COLUMNS];
    sum_columns(x, partial, lanes, results, n, parts, kept, along);
}
extern "C" __global__ __launch_bounds__(COLUMNS * ROWS) void sum_fwd_f64_v3(
    const double* x, double* partial, unsigned results, unsigned n, unsigned parts, Space kept, Space along) {
    __shared__ double lanes[ROWS * COLUMNS];
    sum_columns(x, partial, lanes, results, n, parts, kept, along);
}

// Adds up the parts of each result in order.
template <typename T>
__device__ void sum_parts(const double* partial, T* y, unsigned results, unsigned parts) {
    unsigned r = thread_number();
    if (r < results) {
        double sum = 0;
        for (unsigned p = 0; p < parts; p++) {
            sum += partial[(u64)r * parts + p];
        }
        y[r] = (T)sum;
    }
}

extern "C" __global__ void sum_parts_fwd_f32_v1(const double* partial, float* y, unsigned results, unsigned parts) {
    sum_parts(partial, y, results, parts);
}
extern "C" __global__ void sum_parts_fwd_f64_v1(const double* partial, double* y, unsigned results, unsigned parts) {
    sum_parts(partial, y, results, parts);
}

template <typename T>
__device__ void max_plain(const T* x, T* y, unsigned results, unsigned n, const Space& kept, const Space& along) {
    unsigned r = thread_number();
    if (r < results) {
        const T* from = x + place(kept, r);
        T top = from[0];
        for (unsigned i = 1; i < n; i++) {
            top = larger(top, from[place(along, i)]);
        }
        y[r] = top;
    }
}

extern "C" __global__ void max_fwd_f32_v1(
    const float* x, float* y, unsigned results, unsigned n, Space kept, Space along) {
    max_plain(x, y, results, n, kept, along);
}
extern "C" __global__ void max_fwd_f64_v1(
    const double* x, double* y, unsigned results, unsigned n, Space kept, Space along) {
    max_plain(x, y, results, n, kept, along);
}

// One block per result.
template <typename T>
__device__ void max_rows(const T* x, T* y, T* lanes, unsigned n, const Space& kept, const Space& along) {
    unsigned t = threadIdx.x;
    const T* from = x + place(kept, blockIdx.x);
    T top = from[0];
    for (unsigned i = t; i < n; i += LANES) {
        top = larger(top, from[place(along, i)]);
    }
    lanes[t] = top;
    for (unsigned width = LANES / 2; width > 0; width /= 2) {
        __syncthreads();
        if (t < width) {
            lanes[t] = larger(lanes[t], lanes[t + width]);
        }
    }
    if (t == 0) {
        y[blockIdx.x] = lanes[0];
    }
}

extern "C" __global__ __launch_bounds__(LANES) void max_fwd_f32_v2(
    const float* x, float* y, unsigned n, Space kept, Space along) {
    __shared__ float lanes[LANES];
    max_rows(x, y, lanes, n, kept, along);
}
extern "C" __global__ __launch_bounds__(LANES) void max_fwd_f64_v2(
    const double* x, double* y, unsigned n, Space kept, Space along) {
    __shared__ double lanes[LANES];
    max_rows(x, y, lanes, n, kept, along);
}

// The first of equals; the first NaN if there is one. x[outer, n, inner] to y[outer, inner].
template <typename T>
__device__ void arg_max(const T* x, int* y, unsigned results, unsigned n, unsigned inner) {
    unsigned r = thread_number();
    if (r < results) {
        const T* from = x + (u64)(r / inner) * n * inner + r % inner;
        unsigned best = 0;
        T top = from[0];
        for (unsigned i = 1; i < n; i++) {
            T value = from[(u64)i * inner];
            if (beats(value, top)) {
                best = i;
                top = value;
            }
        }
        y[r] = (int)best;
    }
}

extern "C" __global__ void arg_max_fwd_f32_v1(const float* x, int* y, unsigned results, unsigned n, unsigned inner) {
    arg_max(x, y, results, n, inner);
}
extern "C" __global__ void arg_max_fwd_f64_v1(const double* x, int* y, unsigned results, unsigned n, unsigned inner) {
    arg_max(x, y, results, n, inner);
}
