// Inner products of samples' weight gradients (v2), of which only the results leave the chip.
//
// By positions: with G_i the sum over s of patch times dy, <G_i, G_j> is the sum over s and t of <patch_is, patch_jt>
// <dy_is, dy_jt>. A block holds both products of a square of positions of some samples in registers, multiplies them and
// adds up over each pair of samples. On small maps with windows that move by one, products of patches are sums over
// the taps of products of pixels, which are formed once and read shifted from shared memory.
//
// By coordinates: a slab of elements of all samples' gradients is formed, multiplied with itself and dropped.
#include "sample.cuh"

// How positions of samples fill a block.
struct Fill {
    int slots; // of a sample
    int here;  // samples
};

// The product of two patches: that of their pixels, from a map of all pairs of pixels, added up over the taps. Loops stay
// loops: sixteen of them unrolled do not fit the registers.
template <typename T>
__device__ __forceinline__ T shifted(
    const T* pool, int row, int column, const Places& rows, const Places& columns, const Conv& g) {
    int s = rows.place(row);
    int t = columns.place(column);
    const T* map = pool + (row - s) * MAP_PITCH + column - t;
    int top = s / g.ow - g.pad_top;
    int from = s % g.ow - g.pad_left;
    int other_top = t / g.ow - g.pad_top;
    int other_from = t % g.ow - g.pad_left;
    T sum = 0;
#pragma unroll 1
    for (int tap = 0; tap < g.kh * g.kw; tap++) {
        int down = tap / g.kw * g.dilation_h;
        int along = tap % g.kw * g.dilation_w;
        int h = top + down;
        int l = from + along;
        int other_h = other_top + down;
        int other_l = other_from + along;
        bool hit = h >= 0 && h < g.h && l >= 0 && l < g.w && other_h >= 0 && other_h < g.h && other_l >= 0
            && other_l < g.w;
        if (hit) {
            sum += map[(h * g.w + l) * MAP_PITCH + other_h * g.w + other_l];
        }
    }
    return sum;
}

template <typename T, bool PIXELS>
__device__ __forceinline__ void both(
    T (&total)[STEPS][STEPS],
    const T* x,
    const T* dy,
    const T* x2,
    const T* dy2,
    const Places& rows,
    const Places& columns,
    T weight,
    const Conv& g,
    T* pool) {
    for (int group = 0; group < g.groups; group++) {
        T right[STEPS][STEPS] = {};
        CotangentRows<T> dya = {dy, g, rows, group};
        CotangentRows<T> dyb = {dy2, g, columns, group};
        add_products(right, dya, dyb, weight_columns(g), pool);
        T left[STEPS][STEPS] = {};
        if (PIXELS) {
            Places here = rows;
            Places there = columns;
            here.count = g.h * g.w;
            there.count = g.h * g.w;
            PixelRows<T> a = {x, g, here, group};
            PixelRows<T> b = {x2, g, there, group};
            add_products(left, a, b, g.c / g.groups, pool);
            lay_out(left, pool);
            int row = (int)threadIdx.x / LANES * STEPS;
            int column = (int)threadIdx.x % LANES * STEPS;
#pragma unroll
            for (int r = 0; r < STEPS; r++) {
#pragma unroll
                for (int c = 0; c < STEPS; c++) {
                    bool pair = rows.sample(row + r) >= 0 && columns.sample(column + c) >= 0;
                    left[r][c] = pair ? shifted(pool, row + r, column + c, rows, columns, g) : T(0);
                }
            }
            __syncthreads();
        } else {
            PatchRows<T> a = {x, g, rows, group};
            PatchRows<T> b = {x2, g, columns, group};
            add_products(left, a, b, weight_rows(g), pool);
        }
#pragma unroll
        for (int r = 0; r < STEPS; r++) {
#pragma unroll
            for (int c = 0; c < STEPS; c++) {
                total[r][c] += weight * left[r][c] * right[r][c];
            }
        }
    }
}

// Adds a block's map up over the slots of each pair of samples: afterwards pool[(a slots) MAP_PITCH + b] belongs to
// sample a of the rows and b of the columns.
template <typename T>
__device__ __forceinline__ void add_slots(const T (&total)[STEPS][STEPS], const Fill& fill, T* pool) {
    lay_out(total, pool);
    // a thread per row; its sums overtake nothing that is still to be read
    if (threadIdx.x < SPAN) {
        T* mine = pool + threadIdx.x * MAP_PITCH;
        for (int b = 0; b < fill.here; b++) {
            double sum = 0;
            for (int t = 0; t < fill.slots; t++) {
                sum += (double)mine[b * fill.slots + t];
            }
            mine[b] = (T)sum;
        }
    }
    __syncthreads();
    for (int p = threadIdx.x; p < fill.here * fill.here; p += WORKERS) {
        T* from = pool + p / fill.here * fill.slots * MAP_PITCH + p % fill.here;
        double sum = 0;
        for (int s = 0; s < fill.slots; s++) {
            sum += (double)from[s * MAP_PITCH];
        }
        *from = (T)sum;
    }
    __syncthreads();
}

// blockIdx.x, blockIdx.y: rows and columns of samples. Where `symmetric`, x2 is x, and blocks below the diagonal have
// nothing to do.
template <typename T, bool PIXELS>
__device__ void gram(
    const T* x,
    const T* dy,
    const T* x2,
    const T* dy2,
    T* out,
    int columns,
    int symmetric,
    const Fill& fill,
    const Conv& g,
    T* pool) {
    if (symmetric && blockIdx.y < blockIdx.x) {
        return;
    }
    int positions = g.oh * g.ow;
    T total[STEPS][STEPS] = {};
    for (int s = 0; s < positions; s += fill.slots) {
        for (int t = 0; t < positions; t += fill.slots) {
            Places rows = {(int)blockIdx.x * fill.here, g.b, fill.here, fill.slots, s, positions};
            Places others = {(int)blockIdx.y * fill.here, columns, fill.here, fill.slots, t, positions};
            both<T, PIXELS>(total, x, dy, x2, dy2, rows, others, T(1), g, pool);
        }
    }
    add_slots(total, fill, pool);
    for (int p = threadIdx.x; p < fill.here * fill.here; p += WORKERS) {
        int i = (int)blockIdx.x * fill.here + p / fill.here;
        int j = (int)blockIdx.y * fill.here + p % fill.here;
        T value = pool[p / fill.here * fill.slots * MAP_PITCH + p % fill.here];
        if (i < g.b && j < columns && (!symmetric || i <= j)) {
            out[(i64)i * columns + j] = value;
            if (symmetric && i < j) {
                out[(i64)j * columns + i] = value;
            }
        }
    }
}

#define GRAM(T) \
    const T *x, const T *dy, const T *x2, const T *dy2, T *out, int columns, int symmetric, Fill fill, Conv g

extern "C" __global__ __launch_bounds__(WORKERS) void sample_gram_patches_fwd_f32_v2(GRAM(float)) {
    __shared__ __align__(16) float pool[POOL];
    gram<float, false>(x, dy, x2, dy2, out, columns, symmetric, fill, g, pool);
}
extern "C" __global__ __launch_bounds__(WORKERS) void sample_gram_patches_fwd_f64_v2(GRAM(double)) {
    __shared__ __align__(16) double pool[POOL];
    gram<double, false>(x, dy, x2, dy2, out, columns, symmetric, fill, g, pool);
}
extern "C" __global__ __launch_bounds__(WORKERS) void sample_gram_pixels_fwd_f32_v2(GRAM(float)) {
    __shared__ __align__(16) float pool[POOL];
    gram<float, true>(x, dy, x2, dy2, out, columns, symmetric, fill, g, pool);
}
extern "C" __global__ __launch_bounds__(WORKERS) void sample_gram_pixels_fwd_f64_v2(GRAM(double)) {
    __shared__ __align__(16) double pool[POOL];
    gram<double, true>(x, dy, x2, dy2, out, columns, symmetric, fill, g, pool);
}

// A block per sample; pairs of positions s < t count twice.
template <typename T, bool PIXELS>
__device__ void norms(const T* x, const T* dy, T* out, const Fill& fill, const Conv& g, T* pool) {
    int positions = g.oh * g.ow;
    T total[STEPS][STEPS] = {};
    for (int s = 0; s < positions; s += fill.slots) {
        for (int t = s; t < positions; t += fill.slots) {
            Places rows = {(int)blockIdx.x, g.b, 1, fill.slots, s, positions};
            Places others = {(int)blockIdx.x, g.b, 1, fill.slots, t, positions};
            both<T, PIXELS>(total, x, dy, x, dy, rows, others, s < t ? T(2) : T(1), g, pool);
        }
    }
    add_slots(total, fill, pool);
    if (threadIdx.x == 0) {
        out[blockIdx.x] = pool[0];
    }
}

extern "C" __global__ __launch_bounds__(WORKERS) void sample_norms_patches_fwd_f32_v2(
    const float* x, const float* dy, float* out, Fill fill, Conv g) {
    __shared__ __align__(16) float pool[POOL];
    norms<float, false>(x, dy, out, fill, g, pool);
}
extern "C" __global__ __launch_bounds__(WORKERS) void sample_norms_patches_fwd_f64_v2(
    const double* x, const double* dy, double* out, Fill fill, Conv g) {
    __shared__ __align__(16) double pool[POOL];
    norms<double, false>(x, dy, out, fill, g, pool);
}
extern "C" __global__ __launch_bounds__(WORKERS) void sample_norms_pixels_fwd_f32_v2(
    const float* x, const float* dy, float* out, Fill fill, Conv g) {
    __shared__ __align__(16) float pool[POOL];
    norms<float, true>(x, dy, out, fill, g, pool);
}
extern "C" __global__ __launch_bounds__(WORKERS) void sample_norms_pixels_fwd_f64_v2(
    const double* x, const double* dy, double* out, Fill fill, Conv g) {
    __shared__ __align__(16) double pool[POOL];
    norms<double, true>(x, dy, out, fill, g, pool);
}

// Rows of a slab: elements side by side down the inner axis.
template <typename T>
struct SlabRows {
    enum { ALONG = 0 };
    const T* slab;
    i64 width;
    int first;
    int samples;
    int from;

    __device__ __forceinline__ T operator()(int along, int k) const {
        int i = first + along;
        return i < samples ? slab[i * width + from + k] : T(0);
    }
};

// sums[part][i][j] += products of two slabs of `width` elements over a part of them; blockIdx.z is the part. The first
// slab of a matrix sets the sums.
template <typename T>
__device__ void add_slab(
    const T* a, const T* b, double* sums, int rows, int columns, int width, int symmetric, int first, T* pool) {
    if (symmetric && blockIdx.y < blockIdx.x) {
        return;
    }
    int begin = (int)((i64)width * blockIdx.z / gridDim.z);
    int end = (int)((i64)width * (blockIdx.z + 1) / gridDim.z);
    SlabRows<T> left = {a, width, (int)blockIdx.x * SPAN, rows, begin};
    SlabRows<T> right = {b, width, (int)blockIdx.y * SPAN, columns, begin};
    T sum[STEPS][STEPS] = {};
    add_products(sum, left, right, end - begin, pool);
    int i = (int)blockIdx.x * SPAN + (int)threadIdx.x / LANES * STEPS;
    int j = (int)blockIdx.y * SPAN + (int)threadIdx.x % LANES * STEPS;
    double* to = sums + (i64)blockIdx.z * rows * columns;
#pragma unroll
    for (int r = 0; r < STEPS; r++) {
#pragma unroll
        for (int c = 0; c < STEPS; c++) {
            if (i + r < rows && j + c < columns) {
                double* at = to + (i64)(i + r) * columns + j + c;
                *at = first ? (double)sum[r][c] : *at + (double)sum[r][c];
            }
        }
    }
}

extern "C" __global__ __launch_bounds__(WORKERS) void sample_gram_slab_fwd_f32_v2(
    const float* a, const float* b, double* sums, int rows, int columns, int width, int symmetric, int first) {
    __shared__ __align__(16) float pool[POOL];
    add_slab(a, b, sums, rows, columns, width, symmetric, first, pool);
}
extern "C" __global__ __launch_bounds__(WORKERS) void sample_gram_slab_fwd_f64_v2(
    const double* a, const double* b, double* sums, int rows, int columns, int width, int symmetric, int first) {
    __shared__ __align__(16) double pool[POOL];
    add_slab(a, b, sums, rows, columns, width, symmetric, first, pool);
}

// Adds up the parts in order; below the diagonal of a symmetric matrix stands what stands above it.
template <typename T>
__device__ void add_slab_parts(const double* sums, T* out, unsigned n, int columns, int parts, int symmetric) {
    unsigned t = thread_number();
    if (t < n) {
        unsigned i = t / (unsigned)columns;
        unsigned j = t % (unsigned)columns;
        unsigned from = symmetric && j < i ? j * (unsigned)columns + i : t;
        double sum = 0;
        for (int part = 0; part < parts; part++) {
            sum += sums[(u64)part * n + from];
        }
        out[t] = (T)sum;
    }
}

extern "C" __global__ void sample_gram_parts_fwd_f32_v2(
    const double* sums, float* out, unsigned n, int columns, int parts, int symmetric) {
    add_slab_parts(sums, out, n, columns, parts, symmetric);
}
extern "C" __global__ void sample_gram_parts_fwd_f64_v2(
    const double* sums, double* out, unsigned n, int columns, int parts, int symmetric) {
    add_slab_parts(sums, out, n, columns, parts, symmetric);
}
