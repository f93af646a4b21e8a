// Questions to the gradient G_i of a convolution's weight of each sample, answered while it is in registers. A linear
// layer over T positions is the 1x1 convolution of [B, T, 1, d].
//
// v1: a thread per result forms every element of G that it needs anew. The plain definition.
// v2: the product of a weight gradient with an epilogue for each sample: a block forms a tile of G_i over the positions
// of sample i, asks it, and goes on to the next sample; answers of tiles and of parts of the batch are added in order,
// in f64. The operations of a weight gradient, and no gradient in memory. Sketches are the exception: buckets gather
// their elements from gradients of a few samples at a time, so that no two threads add to one place.
#include "sample.cuh"

// Element c of G_i, counted row by row over the whole weight.
template <typename T>
__device__ double element(const T* x, const T* dy, const Conv& g, int i, int c) {
    int group = c % g.o / weight_columns(g);
    int column = c % g.o % weight_columns(g);
    double sum = 0;
    for (int s = 0; s < g.oh * g.ow; s++) {
        sum += (double)patch(x, g, i, s, group, c / g.o) * (double)cotangent(dy, g, i, s, group, column);
    }
    return sum;
}

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

// A thread per bucket of a sample looks through all places; the last one of a sample has the squared norm.
template <typename T>
__device__ void sketch_plain(
    const T* x, const T* dy, const int* places, T* out, unsigned n, int size, u64* fault, unsigned ticket, const Conv& g) {
    unsigned t = thread_number();
    if (t < n) {
        int i = (int)(t / (unsigned)(size + 1));
        int bucket = (int)(t % (unsigned)(size + 1));
        double sum = 0;
        for (int c = 0; c < weight_rows(g) * g.o; c++) {
            int place = places[c];
            if (t == 0 && (unsigned)place >= 2 * (unsigned)size) {
                report_id(fault, ticket, (unsigned)c);
            }
            if (bucket == size) {
                double value = element(x, dy, g, i, c);
                sum += value * value;
            } else if (place >> 1 == bucket) {
                double value = element(x, dy, g, i, c);
                sum += place & 1 ? -value : value;
            }
        }
        out[t] = (T)sum;
    }
}

extern "C" __global__ void sample_sketch_fwd_f32_v1(
    const float* x,
    const float* dy,
    const int* places,
    float* out,
    unsigned n,
    int size,
    u64* fault,
    unsigned ticket,
    Conv g) {
    sketch_plain(x, dy, places, out, n, size, fault, ticket, g);
}
extern "C" __global__ void sample_sketch_fwd_f64_v1(
    const double* x,
    const double* dy,
    const int* places,
    double* out,
    unsigned n,
    int size,
    u64* fault,
    unsigned ticket,
    Conv g) {
    sketch_plain(x, dy, places, out, n, size, fault, ticket, g);
}

// --- v2

// The first sample of a part of the batch.
__device__ __forceinline__ int part_begin(unsigned part, unsigned parts, const Conv& g) {
    return (int)((i64)g.b * part / parts);
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

// Sketches, first launch: how many elements of a run of `run` of them belong to a bucket. counts[bucket][run].
extern "C" __global__ void sample_sketch_counts_i32_v2(
    const int* places, int* counts, unsigned n, int size, int run, unsigned elements, u64* fault, unsigned ticket) {
    unsigned t = thread_number();
    if (t < n) {
        unsigned runs = n / (unsigned)size;
        int bucket = (int)(t / runs);
        unsigned begin = t % runs * (unsigned)run;
        unsigned end = begin + (unsigned)run < elements ? begin + (unsigned)run : elements;
        int count = 0;
        for (unsigned c = begin; c < end; c++) {
            int place = places[c];
            if (bucket == 0 && (unsigned)place >= 2 * (unsigned)size) {
                report_id(fault, ticket, c);
            }
            count += place >> 1 == bucket;
        }
        counts[t] = count;
    }
}

// Second launch, one block: begins[t] is the sum of the counts before t, for t from 0 to n.
extern "C" __global__ __launch_bounds__(WORKERS) void sample_sketch_begins_i32_v2(
    const int* counts, int* begins, unsigned n) {
    __shared__ int sums[WORKERS];
    unsigned piece = (n + WORKERS - 1) / WORKERS;
    unsigned begin = threadIdx.x * piece < n ? threadIdx.x * piece : n;
    unsigned end = begin + piece < n ? begin + piece : n;
    int sum = 0;
    for (unsigned t = begin; t < end; t++) {
        sum += counts[t];
    }
    sums[threadIdx.x] = sum;
    __syncthreads();
    int before = 0;
    for (unsigned thread = 0; thread < threadIdx.x; thread++) {
        before += sums[thread];
    }
    for (unsigned t = begin; t < end; t++) {
        begins[t] = before;
        before += counts[t];
    }
    if (threadIdx.x == WORKERS - 1) {
        begins[n] = before;
    }
}

// Third launch: the elements of each bucket in order, each as twice its place in a sample's slab, odd where subtracted.
extern "C" __global__ void sample_sketch_order_i32_v2(
    const int* places, const int* begins, int* order, unsigned n, int size, int run, unsigned elements, Conv g) {
    unsigned t = thread_number();
    if (t < n) {
        unsigned runs = n / (unsigned)size;
        int bucket = (int)(t / runs);
        unsigned begin = t % runs * (unsigned)run;
        unsigned end = begin + (unsigned)run < elements ? begin + (unsigned)run : elements;
        int at = begins[t];
        int columns = weight_columns(g);
        int across = (columns + SPAN - 1) / SPAN;
        int down = (weight_rows(g) + SPAN - 1) / SPAN;
        for (unsigned c = begin; c < end; c++) {
            int place = places[c];
            if (place >> 1 == bucket) {
                int row = (int)(c / (unsigned)g.o);
                int group = (int)(c % (unsigned)g.o) / columns;
                int column = (int)(c % (unsigned)g.o) % columns;
                int tile = (group * down + row / SPAN) * across + column / SPAN;
                order[at] = 2 * ((tile * SPAN + row % SPAN) * SPAN + column % SPAN) + (place & 1);
                at++;
            }
        }
    }
}

// Fourth launch: buckets gather from the slab of some samples.
template <typename T>
__device__ void gather(
    const T* slab, const int* begins, const int* order, T* out, unsigned n, int size, int runs, i64 elements) {
    unsigned t = thread_number();
    if (t < n) {
        unsigned i = t / (unsigned)size;
        unsigned bucket = t % (unsigned)size;
        const T* from = slab + (i64)i * elements;
        int end = begins[(bucket + 1) * (unsigned)runs];
        double sum = 0;
        for (int e = begins[bucket * (unsigned)runs]; e < end; e++) {
            double value = (double)from[order[e] >> 1];
            sum += order[e] & 1 ? -value : value;
        }
        out[(u64)i * (size + 1) + bucket] = (T)sum;
    }
}

extern "C" __global__ void sample_sketch_gather_fwd_f32_v2(
    const float* slab, const int* begins, const int* order, float* out, unsigned n, int size, int runs, i64 elements) {
    gather(slab, begins, order, out, n, size, runs, elements);
}
extern "C" __global__ void sample_sketch_gather_fwd_f64_v2(
    const double* slab, const int* begins, const int* order, double* out, unsigned n, int size, int runs, i64 elements) {
    gather(slab, begins, order, out, n, size, runs, elements);
}

// Fifth launch: the squared norm of each sample of a slab, a block each, behind its buckets.
template <typename T>
__device__ void squares(const T* slab, T* out, int size, i64 elements, double* fold) {
    const T* from = slab + (i64)blockIdx.x * elements;
    double sum = 0;
    for (i64 e = threadIdx.x; e < elements; e += WORKERS) {
        sum += (double)from[e] * (double)from[e];
    }
    sum = block_sum(sum, fold);
    if (threadIdx.x == 0) {
        out[(u64)blockIdx.x * (size + 1) + size] = (T)sum;
    }
}

extern "C" __global__ __launch_bounds__(WORKERS) void sample_sketch_squares_fwd_f32_v2(
    const float* slab, float* out, int size, i64 elements) {
    __shared__ double fold[WORKERS / 32];
    squares(slab, out, size, elements, fold);
}
extern "C" __global__ __launch_bounds__(WORKERS) void sample_sketch_squares_fwd_f64_v2(
    const double* slab, double* out, int size, i64 elements) {
    __shared__ double fold[WORKERS / 32];
    squares(slab, out, size, elements, fold);
}
