// Inner products of samples' gradients with directions, and, plainly, with each other: sample_gradients.cuh says how. What
// is faster for pairs of samples stands in sample_products.cu.
#include "sample_gradients.cuh"

// Inner products of the gradients of `rows` samples with those of `columns` others.
template <typename T>
__device__ void gram_plain(
    const T* x, const T* dy, const T* x2, const T* dy2, T* out, unsigned n, int columns, const Conv& g) {
    unsigned t = thread_number();
    if (t < n) {
        int i = (int)t / columns;
        int j = (int)t % columns;
        double sum = 0;
        for (int c = 0; c < weight_rows(g) * g.o; c++) {
            sum += element(x, dy, g, i, c) * element(x2, dy2, g, j, c);
        }
        out[t] = (T)sum;
    }
}

extern "C" __global__ void sample_gram_fwd_f32_v1(
    const float* x, const float* dy, const float* x2, const float* dy2, float* out, unsigned n, int columns, Conv g) {
    gram_plain(x, dy, x2, dy2, out, n, columns, g);
}
extern "C" __global__ void sample_gram_fwd_f64_v1(
    const double* x,
    const double* dy,
    const double* x2,
    const double* dy2,
    double* out,
    unsigned n,
    int columns,
    Conv g) {
    gram_plain(x, dy, x2, dy2, out, n, columns, g);
}

template <typename T>
__device__ void dots_plain(const T* x, const T* dy, const T* v, T* out, unsigned n, int directions, const Conv& g) {
    unsigned t = thread_number();
    if (t < n) {
        int size = weight_rows(g) * g.o;
        const T* direction = v + (i64)(t % (unsigned)directions) * size;
        double sum = 0;
        for (int c = 0; c < size; c++) {
            sum += element(x, dy, g, (int)(t / (unsigned)directions), c) * (double)direction[c];
        }
        out[t] = (T)sum;
    }
}

extern "C" __global__ void sample_dots_fwd_f32_v1(
    const float* x, const float* dy, const float* v, float* out, unsigned n, int directions, Conv g) {
    dots_plain(x, dy, v, out, n, directions, g);
}
extern "C" __global__ void sample_dots_fwd_f64_v1(
    const double* x, const double* dy, const double* v, double* out, unsigned n, int directions, Conv g) {
    dots_plain(x, dy, v, out, n, directions, g);
}

// partial[tile][sample][direction]. The tile goes through shared memory, so that threads read neighbours of directions.
template <typename T>
__device__ void dots(
    const T* x, const T* dy, const T* v, double* partial, int directions, const Conv& g, T* pool, double* fold) {
    WeightTile tile(blockIdx.x, g);
    int rows = weight_rows(g);
    int columns = weight_columns(g);
    int row = (int)threadIdx.x / SPAN;
    int column = tile.column + (int)threadIdx.x % SPAN;
    int end = part_begin(blockIdx.y + 1, gridDim.y, g);
    for (int i = part_begin(blockIdx.y, gridDim.y, g); i < end; i++) {
        T sum[STEPS][STEPS] = {};
        form(sum, x, dy, i, tile, g, pool);
        lay_out(sum, pool);
        const T* direction = v + tile.group * columns + column;
        for (int k = 0; k < directions; k++) {
            double inner = 0;
            for (int r = row; column < columns && r < SPAN && tile.row + r < rows; r += WORKERS / SPAN) {
                inner += (double)pool[r * MAP_PITCH + threadIdx.x % SPAN]
                    * (double)direction[((i64)k * rows + tile.row + r) * g.o];
            }
            inner = block_sum(inner, fold);
            if (threadIdx.x == 0) {
                partial[((u64)blockIdx.x * g.b + i) * directions + k] = inner;
            }
        }
    }
}

extern "C" __global__ __launch_bounds__(WORKERS) void sample_dots_tiles_fwd_f32_v2(
    const float* x, const float* dy, const float* v, double* partial, int directions, Conv g) {
    __shared__ __align__(16) float pool[POOL];
    __shared__ double fold[WORKERS / 32];
    dots(x, dy, v, partial, directions, g, pool, fold);
}
extern "C" __global__ __launch_bounds__(WORKERS) void sample_dots_tiles_fwd_f64_v2(
    const double* x, const double* dy, const double* v, double* partial, int directions, Conv g) {
    __shared__ __align__(16) double pool[POOL];
    __shared__ double fold[WORKERS / 32];
    dots(x, dy, v, partial, directions, g, pool, fold);
}
