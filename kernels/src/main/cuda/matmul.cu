// Matrix products y = a b + bias, batched, by strides.
//
// v1: one thread per result; 2 k operands from memory for k multiply-adds. The plain definition.
// v2: a block of 16x16 threads shares tiles of 16x16 operands: each is read from memory once per 16 results.
// v3: tile.cuh: 64 to 128 results a side per block, 4x4 to 8x8 per thread in registers, vector loads, two buffers.
// All take any strides, and add in the order of the inner axis.
#include "matmul.cuh"
#include "tile.cuh"

#define EDGE 16

// Blocks of v3 in f32 that share a multiprocessor: 128 registers a thread hold its work, but for some that the compiler
// spills on 9.0.
#if defined(__CUDA_ARCH__) && __CUDA_ARCH__ >= 900
#define RESIDENT 1
#else
#define RESIDENT 2
#endif

template <typename T>
__device__ void matmul_plain(const T* a, const T* b, const T* bias, T* y, unsigned results, const Product& p) {
    unsigned t = thread_number();
    if (t >= results) {
        return;
    }
    unsigned column = t % (unsigned)p.n;
    unsigned up = t / (unsigned)p.n;
    unsigned row = up % (unsigned)p.m;
    Pair at = place2(p.batch, up / (unsigned)p.m);
    const T* left = a + at.a + row * p.a_row;
    const T* right = b + at.b + column * p.b_column;
    T sum = bias == 0 ? T(0) : bias[column];
    for (int k = 0; k < p.k; k++) {
        sum += left[k * p.a_inner] * right[k * p.b_inner];
    }
    y[t] = sum;
}

extern "C" __global__ void matmul_fwd_f32_v1(
    const float* a, const float* b, const float* bias, float* y, unsigned results, Product p) {
    matmul_plain(a, b, bias, y, results, p);
}
extern "C" __global__ void matmul_fwd_f64_v1(
    const double* a, const double* b, const double* bias, double* y, unsigned results, Product p) {
    matmul_plain(a, b, bias, y, results, p);
}

template <typename T>
__device__ void matmul_tiled(
    const T* a,
    const T* b,
    const T* bias,
    T* y,
    const Product& p,
    T (&left)[EDGE][EDGE + 1],
    T (&right)[EDGE][EDGE + 1]) {
    int tx = threadIdx.x;
    int ty = threadIdx.y;
    int row = blockIdx.x * EDGE + ty;
    int column = blockIdx.y * EDGE + tx;
    // neighbouring threads read neighbours in memory, whichever way the operand lies
    bool across_a = p.a_inner == 1;
    bool across_b = p.b_column == 1;
    int a_row = blockIdx.x * EDGE + (across_a ? ty : tx);
    int b_column = blockIdx.y * EDGE + (across_b ? tx : ty);
    for (int batch = blockIdx.z; batch < p.batches; batch += gridDim.z) {
        Pair at = place2(p.batch, batch);
        T sum = bias == 0 || column >= p.n ? T(0) : bias[column];
        for (int start = 0; start < p.k; start += EDGE) {
            int ka = start + (across_a ? tx : ty);
            int kb = start + (across_b ? ty : tx);
            T va = a_row < p.m && ka < p.k ? a[at.a + a_row * p.a_row + ka * p.a_inner] : T(0);
            T vb = b_column < p.n && kb < p.k ? b[at.b + kb * p.b_inner + b_column * p.b_column] : T(0);
            left[across_a ? ty : tx][across_a ? tx : ty] = va;
            right[across_b ? ty : tx][across_b ? tx : ty] = vb;
            __syncthreads();
#pragma unroll
            for (int k = 0; k < EDGE; k++) {
                sum += left[ty][k] * right[k][tx];
            }
            __syncthreads();
        }
        if (row < p.m && column < p.n) {
            y[((u64)batch * p.m + row) * p.n + column] = sum;
        }
    }
}

extern "C" __global__ __launch_bounds__(EDGE * EDGE) void matmul_fwd_f32_v2(
    const float* a, const float* b, const float* bias, float* y, Product p) {
    __shared__ float left[EDGE][EDGE + 1];
    __shared__ float right[EDGE][EDGE + 1];
    matmul_tiled(a, b, bias, y, p, left, right);
}
extern "C" __global__ __launch_bounds__(EDGE * EDGE) void matmul_fwd_f64_v2(
    const double* a, const double* b, const double* bias, double* y, Product p) {
    __shared__ double left[EDGE][EDGE + 1];
    __shared__ double right[EDGE][EDGE + 1];
    matmul_tiled(a, b, bias, y, p, left, right);
}

// `vectors`: bit 0 promises aligned runs of 16 bytes in a, bit 1 in b, bit 2 in y and bias.
template <typename T>
__device__ void matmul_blocked(
    const T* a, const T* b, const T* bias, T* y, int vectors, const Product& p, T* left, T* right) {
    int first_row = blockIdx.x * WIDTH(T);
    int first_column = blockIdx.y * WIDTH(T);
    int thread = threadIdx.x;
    int batch = blockIdx.z;
    Pair at = place2(p.batch, batch);
    Panel<T> rows = {
        Spot<T>(thread, p.a_inner == 1),
        a + at.a + first_row * p.a_row,
        (int)p.a_row,
        (int)p.a_inner,
        p.m - first_row,
        (vectors & 1) != 0};
    Panel<T> columns = {
        Spot<T>(thread, p.b_column != 1),
        b + at.b + first_column * p.b_column,
        (int)p.b_column,
        (int)p.b_inner,
        p.n - first_column,
        (vectors & 2) != 0};
    T sum[Tile<T>::STEP][Tile<T>::STEP] = {};
    multiply<T>(sum, rows, columns, 0, p.k, left, right);
    T* to = y + (u64)batch * p.m * p.n;
#pragma unroll
    for (int i = 0; i < Tile<T>::STEP; i++) {
        int row = first_row + spread<T>(thread / SIDE, i);
        if (row < p.m) {
#pragma unroll
            for (int half = 0; half < 2; half++) {
                int column = first_column + spread<T>(thread % SIDE, half * Tile<T>::VECTOR);
                T r[Tile<T>::VECTOR];
#pragma unroll
                for (int j = 0; j < Tile<T>::VECTOR; j++) {
                    r[j] = sum[i][half * Tile<T>::VECTOR + j];
                    if (bias != 0 && column + j < p.n) {
                        r[j] += bias[column + j];
                    }
                }
                if ((vectors & 4) != 0 && column + Tile<T>::VECTOR <= p.n) {
                    store(to + (u64)row * p.n + column, r);
                } else {
#pragma unroll
                    for (int j = 0; j < Tile<T>::VECTOR; j++) {
                        if (column + j < p.n) {
                            to[(u64)row * p.n + column + j] = r[j];
                        }
                    }
                }
            }
        }
    }
}

extern "C" __global__ __launch_bounds__(SIDE * SIDE, RESIDENT) void matmul_fwd_f32_v3(
    const float* a, const float* b, const float* bias, float* y, int vectors, Product p) {
    __shared__ __align__(16) float left[BUFFERS(float)];
    __shared__ __align__(16) float right[BUFFERS(float)];
    matmul_blocked(a, b, bias, y, vectors, p, left, right);
}
extern "C" __global__ __launch_bounds__(SIDE * SIDE) void matmul_fwd_f64_v3(
    const double* a, const double* b, const double* bias, double* y, int vectors, Product p) {
    __shared__ __align__(16) double left[BUFFERS(double)];
    __shared__ __align__(16) double right[BUFFERS(double)];
    matmul_blocked(a, b, bias, y, vectors, p, left, right);
}
