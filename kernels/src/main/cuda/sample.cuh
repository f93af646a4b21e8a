// What the kernels of samples' weight gradients share: a product of two panels of 64 places by one block of 256 threads,
// 4x4 results a thread in registers, and where its operands come from. G_i of sample i has, in each group, rows
// (u, v, channel) and columns o; it is the sum over the positions of dy of the patch times dy.
#pragma once
#include "conv.cuh"

#define WORKERS 256
#define SPAN 64
#define STEPS 4
#define LANES 16
#define INNER 16
#define SPAN_PITCH (SPAN + 4)

// Two staged panels, or a map of SPAN x SPAN results with rows apart by an odd number, so that threads that read down a
// column meet different banks: a block uses the memory for one after the other.
#define MAP_PITCH (SPAN + 1)
#define POOL (SPAN * MAP_PITCH)

// Rows of a group's part of G, and its columns.
__device__ __forceinline__ int weight_rows(const Conv& g) { return g.kh * g.kw * (g.c / g.groups); }
__device__ __forceinline__ int weight_columns(const Conv& g) { return g.o / g.groups; }

// Element `row` of the patch of sample i at position s: 0 in the padding.
template <typename T>
__device__ __forceinline__ T patch(const T* x, const Conv& g, int i, int s, int group, int row) {
    int channels = g.c / g.groups;
    int tap = (int)((unsigned)row / (unsigned)channels);
    int h = (int)((unsigned)s / (unsigned)g.ow) * g.stride_h + tap / g.kw * g.dilation_h - g.pad_top;
    int l = (int)((unsigned)s % (unsigned)g.ow) * g.stride_w + tap % g.kw * g.dilation_w - g.pad_left;
    bool hit = h >= 0 && h < g.h && l >= 0 && l < g.w;
    return hit ? x[(((i64)i * g.h + h) * g.w + l) * g.c + group * channels + row - tap * channels] : T(0);
}

// Element `column` of the cotangent of sample i at position s.
template <typename T>
__device__ __forceinline__ T cotangent(const T* dy, const Conv& g, int i, int s, int group, int column) {
    return dy[((i64)i * g.oh * g.ow + s) * g.o + group * weight_columns(g) + column];
}

// Rows of one sample's gradient along a panel, positions down the inner axis. ALONG says which neighbours lie side by
// side in memory: those along the panel, or those down the inner axis.
template <typename T>
struct PatchColumns {
    enum { ALONG = 1 };
    const T* x;
    const Conv& g;
    int i;
    int group;
    int first;

    __device__ __forceinline__ T operator()(int along, int s) const {
        int row = first + along;
        return row < weight_rows(g) ? patch(x, g, i, s, group, row) : T(0);
    }
};

template <typename T>
struct CotangentColumns {
    enum { ALONG = 1 };
    const T* dy;
    const Conv& g;
    int i;
    int group;
    int first;

    __device__ __forceinline__ T operator()(int along, int s) const {
        int column = first + along;
        return column < weight_columns(g) ? cotangent(dy, g, i, s, group, column) : T(0);
    }
};

// Places of some samples along a panel, `slots` for each: which sample, and which of its positions or pixels.
struct Places {
    int first;   // sample
    int samples; // of the batch
    int here;    // samples of this block
    int slots;   // of one sample
    int from;    // place of its first slot
    int count;   // places of one sample

    // -1 where there is nothing
    __device__ __forceinline__ int sample(int along) const {
        int n = (int)((unsigned)along / (unsigned)slots);
        return n < here && first + n < samples && place(along) < count ? first + n : -1;
    }

    __device__ __forceinline__ int place(int along) const {
        return from + (int)((unsigned)along % (unsigned)slots);
    }
};

template <typename T>
struct PatchRows {
    enum { ALONG = 0 };
    const T* x;
    const Conv& g;
    const Places& at;
    int group;

    __device__ __forceinline__ T operator()(int along, int k) const {
        int i = at.sample(along);
        return i >= 0 ? patch(x, g, i, at.place(along), group, k) : T(0);
    }
};

template <typename T>
struct PixelRows {
    enum { ALONG = 0 };
    const T* x;
    const Conv& g;
    const Places& at;
    int group;

    __device__ __forceinline__ T operator()(int along, int k) const {
        int i = at.sample(along);
        return i >= 0 ? x[((i64)i * g.h * g.w + at.place(along)) * g.c + group * (g.c / g.groups) + k] : T(0);
    }
};

template <typename T>
struct CotangentRows {
    enum { ALONG = 0 };
    const T* dy;
    const Conv& g;
    const Places& at;
    int group;

    __device__ __forceinline__ T operator()(int along, int k) const {
        int i = at.sample(along);
        return i >= 0 ? cotangent(dy, g, i, at.place(along), group, k) : T(0);
    }
};

// Fetches SPAN places of INNER steps; zeros past the end.
template <typename T, typename L>
__device__ __forceinline__ void stage(T* panel, const L& operand, int step, int inner) {
    int thread = threadIdx.x;
#pragma unroll
    for (int n = 0; n < SPAN * INNER / WORKERS; n++) {
        int along = L::ALONG ? thread % SPAN : thread / INNER + n * (WORKERS / INNER);
        int k = L::ALONG ? thread / SPAN + n * (WORKERS / SPAN) : thread % INNER;
        panel[k * SPAN_PITCH + along] = step + k < inner ? operand(along, step + k) : T(0);
    }
}

// sum[i][j] += a[i, k] b[j, k] for all k below `inner`. Every thread of the block takes part; the pool is free after it.
template <typename T, typename A, typename B>
__device__ __forceinline__ void add_products(T (&sum)[STEPS][STEPS], const A& a, const B& b, int inner, T* pool) {
    T* left = pool;
    T* right = pool + INNER * SPAN_PITCH;
    int row = (int)threadIdx.x / LANES * STEPS;
    int column = (int)threadIdx.x % LANES * STEPS;
    for (int step = 0; step < inner; step += INNER) {
        stage(left, a, step, inner);
        stage(right, b, step, inner);
        __syncthreads();
#pragma unroll
        for (int k = 0; k < INNER; k++) {
            T x[STEPS];
            T y[STEPS];
#pragma unroll
            for (int n = 0; n < STEPS; n++) {
                x[n] = left[k * SPAN_PITCH + row + n];
                y[n] = right[k * SPAN_PITCH + column + n];
            }
#pragma unroll
            for (int i = 0; i < STEPS; i++) {
#pragma unroll
                for (int j = 0; j < STEPS; j++) {
                    sum[i][j] += x[i] * y[j];
                }
            }
        }
        __syncthreads();
    }
}

// Puts a thread's results into a map of the block, which all threads may read after it.
template <typename T>
__device__ __forceinline__ void lay_out(const T (&sum)[STEPS][STEPS], T* pool) {
    int row = (int)threadIdx.x / LANES * STEPS;
    int column = (int)threadIdx.x % LANES * STEPS;
#pragma unroll
    for (int r = 0; r < STEPS; r++) {
#pragma unroll
        for (int c = 0; c < STEPS; c++) {
            pool[(row + r) * MAP_PITCH + column + c] = sum[r][c];
        }
    }
    __syncthreads();
}

// The sum over all threads of the block, at thread 0; `fold` is free after it.
__device__ __forceinline__ double block_sum(double value, double* fold) {
    for (int apart = 16; apart > 0; apart /= 2) {
        value += __shfl_xor_sync(0xffffffffu, value, apart);
    }
    if (threadIdx.x % 32 == 0) {
        fold[threadIdx.x / 32] = value;
    }
    __syncthreads();
    double sum = 0;
    if (threadIdx.x == 0) {
        for (int warp = 0; warp < WORKERS / 32; warp++) {
            sum += fold[warp];
        }
    }
    __syncthreads();
    return sum;
}

// A tile of SPAN x SPAN elements of G: tiles are counted group by group, row by row.
struct WeightTile {
    int group;
    int row;
    int column;

    __device__ __forceinline__ WeightTile(int number, const Conv& g) {
        int across = (weight_columns(g) + SPAN - 1) / SPAN;
        int down = (weight_rows(g) + SPAN - 1) / SPAN;
        column = number % across * SPAN;
        row = number / across % down * SPAN;
        group = number / across / down;
    }
};

// The tile of the gradient of sample i: `sum` must be zeros.
template <typename T>
__device__ __forceinline__ void form(
    T (&sum)[STEPS][STEPS], const T* x, const T* dy, int i, const WeightTile& tile, const Conv& g, T* pool) {
    PatchColumns<T> rows = {x, g, i, tile.group, tile.row};
    CotangentColumns<T> columns = {dy, g, i, tile.group, tile.column};
    add_products(sum, rows, columns, g.oh * g.ow, pool);
}
