// What answers are put together from: slabs of gradients, and sums of parts.
#include "sample_gradients.cuh"

// Tiles first_tile on of the gradients of samples first_sample on: slab[sample][tile][SPAN][SPAN], zeros where a tile
// reaches over the edge of G.
template <typename T>
__device__ void slab(const T* x, const T* dy, T* to, int first_tile, int first_sample, int samples, const Conv& g, T* pool) {
    WeightTile tile(first_tile + (int)blockIdx.x, g);
    int row = (int)threadIdx.x / LANES * STEPS;
    int column = (int)threadIdx.x % LANES * STEPS;
    int end = (int)((i64)samples * (blockIdx.y + 1) / gridDim.y);
    for (int i = (int)((i64)samples * blockIdx.y / gridDim.y); i < end; i++) {
        T sum[STEPS][STEPS] = {};
        form(sum, x, dy, first_sample + i, tile, g, pool);
        T* piece = to + ((i64)i * gridDim.x + blockIdx.x) * SPAN * SPAN;
#pragma unroll
        for (int r = 0; r < STEPS; r++) {
#pragma unroll
            for (int c = 0; c < STEPS; c++) {
                piece[(row + r) * SPAN + column + c] = sum[r][c];
            }
        }
    }
}

extern "C" __global__ __launch_bounds__(WORKERS) void sample_slab_fwd_f32_v2(
    const float* x, const float* dy, float* to, int first_tile, int first_sample, int samples, Conv g) {
    __shared__ __align__(16) float pool[POOL];
    slab(x, dy, to, first_tile, first_sample, samples, g, pool);
}
extern "C" __global__ __launch_bounds__(WORKERS) void sample_slab_fwd_f64_v2(
    const double* x, const double* dy, double* to, int first_tile, int first_sample, int samples, Conv g) {
    __shared__ __align__(16) double pool[POOL];
    slab(x, dy, to, first_tile, first_sample, samples, g, pool);
}

// Adds up parts in order.
template <typename T>
__device__ void add_up(const double* partial, T* out, unsigned n, int parts) {
    unsigned i = thread_number();
    if (i < n) {
        double sum = 0;
        for (int part = 0; part < parts; part++) {
            sum += partial[(u64)part * n + i];
        }
        out[i] = (T)sum;
    }
}

extern "C" __global__ void sample_parts_fwd_f32_v2(const double* partial, float* out, unsigned n, int parts) {
    add_up(partial, out, n, parts);
}
extern "C" __global__ void sample_parts_fwd_f64_v2(const double* partial, double* out, unsigned n, int parts) {
    add_up(partial, out, n, parts);
}
