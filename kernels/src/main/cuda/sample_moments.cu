// Sums, squares about a centre and signs of each element over the samples: sample_gradients.cuh says how.
#include "sample_gradients.cuh"

template <typename T>
__device__ void moments_plain(const T* x, const T* dy, const T* centre, T* out, unsigned n, const Conv& g) {
    unsigned c = thread_number();
    if (c < n) {
        double middle = centre == 0 ? 0 : (double)centre[c];
        double sum = 0;
        double squares = 0;
        int signs = 0;
        for (int i = 0; i < g.b; i++) {
            double value = element(x, dy, g, i, (int)c);
            sum += value - middle;
            squares += (value - middle) * (value - middle);
            signs += (value > 0) - (value < 0);
        }
        out[c] = (T)sum;
        out[(u64)n + c] = (T)squares;
        out[2 * (u64)n + c] = (T)signs;
    }
}

extern "C" __global__ void sample_moments_fwd_f32_v1(
    const float* x, const float* dy, const float* centre, float* out, unsigned n, Conv g) {
    moments_plain(x, dy, centre, out, n, g);
}
extern "C" __global__ void sample_moments_fwd_f64_v1(
    const double* x, const double* dy, const double* centre, double* out, unsigned n, Conv g) {
    moments_plain(x, dy, centre, out, n, g);
}

// partial[part][moment][element].
template <typename T>
__device__ void moments(const T* x, const T* dy, const T* centre, double* partial, const Conv& g, T* pool) {
    WeightTile tile(blockIdx.x, g);
    int row = tile.row + (int)threadIdx.x / LANES * STEPS;
    int column = tile.column + (int)threadIdx.x % LANES * STEPS;
    int rows = weight_rows(g);
    int columns = weight_columns(g);
    i64 size = (i64)rows * g.o;
    i64 first = (i64)row * g.o + tile.group * columns + column;
    T middle[STEPS][STEPS] = {};
#pragma unroll
    for (int r = 0; r < STEPS; r++) {
#pragma unroll
        for (int c = 0; c < STEPS; c++) {
            if (centre != 0 && row + r < rows && column + c < columns) {
                middle[r][c] = centre[first + (i64)r * g.o + c];
            }
        }
    }
    T means[STEPS][STEPS] = {};
    T squares[STEPS][STEPS] = {};
    T signs[STEPS][STEPS] = {};
    int end = part_begin(blockIdx.y + 1, gridDim.y, g);
    for (int i = part_begin(blockIdx.y, gridDim.y, g); i < end; i++) {
        T sum[STEPS][STEPS] = {};
        form(sum, x, dy, i, tile, g, pool);
#pragma unroll
        for (int r = 0; r < STEPS; r++) {
#pragma unroll
            for (int c = 0; c < STEPS; c++) {
                T apart = sum[r][c] - middle[r][c];
                means[r][c] += apart;
                squares[r][c] += apart * apart;
                signs[r][c] += T(sum[r][c] > 0) - T(sum[r][c] < 0);
            }
        }
    }
    double* to = partial + 3 * size * blockIdx.y + first;
#pragma unroll
    for (int r = 0; r < STEPS; r++) {
#pragma unroll
        for (int c = 0; c < STEPS; c++) {
            if (row + r < rows && column + c < columns) {
                to[(i64)r * g.o + c] = (double)means[r][c];
                to[size + (i64)r * g.o + c] = (double)squares[r][c];
                to[2 * size + (i64)r * g.o + c] = (double)signs[r][c];
            }
        }
    }
}

extern "C" __global__ __launch_bounds__(WORKERS) void sample_moments_tiles_fwd_f32_v2(
    const float* x, const float* dy, const float* centre, double* partial, Conv g) {
    __shared__ __align__(16) float pool[POOL];
    moments(x, dy, centre, partial, g, pool);
}
extern "C" __global__ __launch_bounds__(WORKERS) void sample_moments_tiles_fwd_f64_v2(
    const double* x, const double* dy, const double* centre, double* partial, Conv g) {
    __shared__ __align__(16) double pool[POOL];
    moments(x, dy, centre, partial, g, pool);
}
