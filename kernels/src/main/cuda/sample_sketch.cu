// A sketch of each sample's gradient: its elements added to or subtracted from buckets.
//
// v1: as sample_gradients.cuh says.
// v2: buckets gather their elements from gradients of a few samples at a time, so that no two threads add to one place.
#include "sample_gradients.cuh"

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

// First launch: how many elements of a run of `run` of them belong to a bucket. counts[bucket][run].
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
