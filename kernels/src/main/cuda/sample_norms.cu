// The squared norm of each sample's gradient: sample_gradients.cuh says how.
#include "sample_gradients.cuh"

template <typename T>
__device__ void norms_plain(const T* x, const T* dy, T* out, unsigned n, const Conv& g) {
    unsigned i = thread_number();
    if (i < n) {
        double sum = 0;
        for (int c = 0; c < weight_rows(g) * g.o; c++) {
            double value = element(x, dy, g, (int)i, c);
            sum += value * value;
        }
        out[i] = (T)sum;
    }
}

extern "C" __global__ void sample_norms_fwd_f32_v1(const float* x, const float* dy, float* out, unsigned n, Conv g) {
    norms_plain(x, dy, out, n, g);
}
extern "C" __global__ void sample_norms_fwd_f64_v1(
    const double* x, const double* dy, double* out, unsigned n, Conv g) {
    norms_plain(x, dy, out, n, g);
}

// blockIdx.x: tile of G; blockIdx.y: part of the batch. partial[tile][sample].
template <typename T>
__device__ void norms(const T* x, const T* dy, double* partial, const Conv& g, T* pool, double* fold) {
    WeightTile tile(blockIdx.x, g);
    int end = part_begin(blockIdx.y + 1, gridDim.y, g);
    for (int i = part_begin(blockIdx.y, gridDim.y, g); i < end; i++) {
        T sum[STEPS][STEPS] = {};
        form(sum, x, dy, i, tile, g, pool);
        double squares = 0;
#pragma unroll
        for (int r = 0; r < STEPS; r++) {
#pragma unroll
            for (int c = 0; c < STEPS; c++) {
                squares += (double)sum[r][c] * (double)sum[r][c];
            }
        }
        squares = block_sum(squares, fold);
        if (threadIdx.x == 0) {
            partial[(u64)blockIdx.x * g.b + i] = squares;
        }
    }
}

extern "C" __global__ __launch_bounds__(WORKERS) void sample_norms_tiles_fwd_f32_v2(
    const float* x, const float* dy, double* partial, Conv g) {
    __shared__ __align__(16) float pool[POOL];
    __shared__ double fold[WORKERS / 32];
    norms(x, dy, partial, g, pool, fold);
}
extern "C" __global__ __launch_bounds__(WORKERS) void sample_norms_tiles_fwd_f64_v2(
    const double* x, const double* dy, double* partial, Conv g) {
    __shared__ __align__(16) double pool[POOL];
    __shared__ double fold[WORKERS / 32];
    norms(x, dy, partial, g, pool, fold);
}
