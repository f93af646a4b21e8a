// Moments down columns, and what norm.cu makes of them, for groups that are neighbours in memory while the elements of one
// lie apart: batch norm. A pass reads whole rows and leaves the moments of some parts of each group; a thread for each group
// puts them together in order; a last pass writes the result. `kept` walks the groups, `along` the elements of one.
#include "norm.cuh"

#define COLUMNS 32
#define ROWS 8

// Groups blockIdx.x * COLUMNS + threadIdx.x, part blockIdx.y of each, to partial[part * groups + group].
template <typename T, bool GRAD>
__device__ void part_of_columns(
    const T* x,
    const T* dy,
    Moments<double>* partial,
    Moments<double>* lanes,
    unsigned groups,
    unsigned n,
    unsigned parts,
    const Space& kept,
    const Space& along) {
    unsigned column = threadIdx.x;
    unsigned row = threadIdx.y;
    unsigned group = blockIdx.x * COLUMNS + column;
    unsigned part = blockIdx.y;
    unsigned start = (unsigned)((u64)n * part / parts);
    unsigned end = (unsigned)((u64)n * (part + 1) / parts);
    Moments<T> mine = {0, 0, 0, 0};
    unsigned taken = 0;
    if (group < groups) {
        i64 base = place(kept, group);
        for (unsigned i = start + row; i < end; i += ROWS) {
            i64 at = base + place(along, i);
            taken++;
            take<GRAD>(mine, (T)taken, x[at], GRAD ? dy[at] : T(0));
        }
    }
    Moments<double> all = wide(mine);
    lanes[row * COLUMNS + column] = all;
    __syncthreads();
    if (row == 0 && group < groups) {
        unsigned count = taken;
        for (unsigned other = 1; other < ROWS && start + other < end; other++) {
            unsigned theirs = (end - start - other + ROWS - 1) / ROWS;
            merge(all, count, lanes[other * COLUMNS + column], theirs);
            count += theirs;
        }
        partial[(u64)part * groups + group] = all;
    }
}

#define PART Moments<double>* partial, unsigned groups, unsigned n, unsigned parts, Space kept, Space along

extern "C" __global__ __launch_bounds__(COLUMNS * ROWS) void moments_fwd_f32_v3(const float* x, PART) {
    __shared__ Moments<double> lanes[ROWS * COLUMNS];
    part_of_columns<float, false>(x, x, partial, lanes, groups, n, parts, kept, along);
}
extern "C" __global__ __launch_bounds__(COLUMNS * ROWS) void moments_fwd_f64_v3(const double* x, PART) {
    __shared__ Moments<double> lanes[ROWS * COLUMNS];
    part_of_columns<double, false>(x, x, partial, lanes, groups, n, parts, kept, along);
}
extern "C" __global__ __launch_bounds__(COLUMNS * ROWS) void moments_with_fwd_f32_v3(
    const float* x, const float* dy, PART) {
    __shared__ Moments<double> lanes[ROWS * COLUMNS];
    part_of_columns<float, true>(x, dy, partial, lanes, groups, n, parts, kept, along);
}
extern "C" __global__ __launch_bounds__(COLUMNS * ROWS) void moments_with_fwd_f64_v3(
    const double* x, const double* dy, PART) {
    __shared__ Moments<double> lanes[ROWS * COLUMNS];
    part_of_columns<double, true>(x, dy, partial, lanes, groups, n, parts, kept, along);
}

// Of a group, all parts in order.
__device__ __forceinline__ Moments<double> merged(
    const Moments<double>* partial, unsigned group, unsigned groups, unsigned n, unsigned parts) {
    Moments<double> all = partial[group];
    unsigned count = n / parts;
    for (unsigned part = 1; part < parts; part++) {
        unsigned start = (unsigned)((u64)n * part / parts);
        unsigned end = (unsigned)((u64)n * (part + 1) / parts);
        merge(all, count, partial[(u64)part * groups + group], end - start);
        count = end;
    }
    return all;
}

#define PARTS const Moments<double>* partial
#define OF unsigned groups, unsigned n, unsigned parts

template <typename T>
__device__ void moments_of_parts(PARTS, T* y, OF) {
    unsigned group = thread_number();
    if (group < groups) {
        write_moments(y, group, groups, merged(partial, group, groups, n, parts), n);
    }
}

extern "C" __global__ void moments_parts_fwd_f32_v3(PARTS, float* y, OF) {
    moments_of_parts(partial, y, groups, n, parts);
}
extern "C" __global__ void moments_parts_fwd_f64_v3(PARTS, double* y, OF) {
    moments_of_parts(partial, y, groups, n, parts);
}

template <typename T>
__device__ void finish_parts(PARTS, Finish<T>* finished, OF, double eps) {
    unsigned group = thread_number();
    if (group < groups) {
        finished[group] = finish<T>(merged(partial, group, groups, n, parts), n, eps);
    }
}

extern "C" __global__ void standardise_parts_fwd_f32_v3(PARTS, Finish<float>* finished, OF, double eps) {
    finish_parts(partial, finished, groups, n, parts, eps);
}
extern "C" __global__ void standardise_parts_fwd_f64_v3(PARTS, Finish<double>* finished, OF, double eps) {
    finish_parts(partial, finished, groups, n, parts, eps);
}

// One thread per element; neighbours belong to neighbouring groups.
template <typename T, bool GRAD>
__device__ void standardise_columns(
    const T* x, const T* dy, T* out, const Finish<T>* finished, unsigned groups, unsigned n, const Space& kept,
    const Space& along) {
    unsigned e = thread_number();
    if (e < groups * n) {
        unsigned i = e / groups;
        unsigned group = e - i * groups;
        i64 at = place(kept, group) + place(along, i);
        out[at] = GRAD ? gradient(finished[group], x[at], dy[at]) : standardised(finished[group], x[at]);
    }
}

#define COLUMNWISE(T) T* out, const Finish<T>* finished, unsigned groups, unsigned n, Space kept, Space along

extern "C" __global__ void standardise_fwd_f32_v3(const float* x, COLUMNWISE(float)) {
    standardise_columns<float, false>(x, x, out, finished, groups, n, kept, along);
}
extern "C" __global__ void standardise_fwd_f64_v3(const double* x, COLUMNWISE(double)) {
    standardise_columns<double, false>(x, x, out, finished, groups, n, kept, along);
}
extern "C" __global__ void standardise_grad_fwd_f32_v3(const float* x, const float* dy, COLUMNWISE(float)) {
    standardise_columns<float, true>(x, dy, out, finished, groups, n, kept, along);
}
extern "C" __global__ void standardise_grad_fwd_f64_v3(const double* x, const double* dy, COLUMNWISE(double)) {
    standardise_columns<double, true>(x, dy, out, finished, groups, n, kept, along);
}
