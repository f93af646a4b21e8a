// Matrix products on tensor cores (v4), for those who ask: operands are rounded to TF32, 10 bits of fraction, and
// products are exact and added up in f32. With three passes each operand is split into two such numbers, and only the
// product of the two small halves is left out, which gives nearly the error of f32.
//
// Panels come as in tile.cuh, 128x128 results a block of 8 warps; a warp keeps 64x32 results in the fragments of 4 by 4
// tiles of 16x8. Needs compute capability 8.0.
#include "matmul.cuh"
#include "tile.cuh"

#define LANES 32
#define WARP_ROWS 64
#define WARP_COLUMNS 32
#define TILES 4

// A value as the sum of what TF32 holds of it and what TF32 holds of the rest.
struct Split {
    unsigned big;
    unsigned small;
};

__device__ __forceinline__ Split split(float x) {
    Split s;
    s.big = float_to_tf32(x);
    s.small = float_to_tf32(x - __uint_as_float(s.big));
    return s;
}

template <bool THREE>
__device__ __forceinline__ void multiply_step(
    float (&sum)[TILES][TILES][4], const float* left, const float* right, int row, int column, int lane) {
    int group = lane / 4;
    int place = lane % 4;
    unsigned a[TILES][4];
    unsigned b[TILES][2];
    unsigned a_small[TILES][4];
    unsigned b_small[TILES][2];
#pragma unroll
    for (int i = 0; i < TILES; i++) {
#pragma unroll
        for (int part = 0; part < 4; part++) {
            int k = place + part / 2 * 4;
            Split s = split(left[k * PITCH(float) + row + i * 16 + group + part % 2 * 8]);
            a[i][part] = s.big;
            a_small[i][part] = s.small;
        }
#pragma unroll
        for (int part = 0; part < 2; part++) {
            Split s = split(right[(place + part * 4) * PITCH(float) + column + i * 8 + group]);
            b[i][part] = s.big;
            b_small[i][part] = s.small;
        }
    }
#pragma unroll
    for (int i = 0; i < TILES; i++) {
#pragma unroll
        for (int j = 0; j < TILES; j++) {
            if (THREE) {
                mma_m16n8k8_tf32(sum[i][j], a_small[i], b[j]);
                mma_m16n8k8_tf32(sum[i][j], a[i], b_small[j]);
            }
            mma_m16n8k8_tf32(sum[i][j], a[i], b[j]);
        }
    }
}

template <bool THREE>
__device__ __forceinline__ void multiply_tf32(
    float (&sum)[TILES][TILES][4], const Panel<float>& a, const Panel<float>& b, int end, float* left, float* right) {
    float next_a[Tile<float>::VECTOR];
    float next_b[Tile<float>::VECTOR];
    int warp = (int)threadIdx.x / LANES;
    int lane = (int)threadIdx.x % LANES;
    int row = warp / 4 * WARP_ROWS;
    int column = warp % 4 * WARP_COLUMNS;
    a.fetch(next_a, 0, end);
    b.fetch(next_b, 0, end);
    a.spot.put(left, next_a);
    b.spot.put(right, next_b);
    __syncthreads();
    int buffer = 0;
    for (int step = 0; step < end; step += DEPTH) {
        bool more = step + DEPTH < end;
        if (more) {
            a.fetch(next_a, step + DEPTH, end);
            b.fetch(next_b, step + DEPTH, end);
        }
        int shown = buffer * DEPTH * PITCH(float);
        multiply_step<THREE>(sum, left + shown, right + shown, row, column, lane);
        if (more) {
            buffer ^= 1;
            a.spot.put(left + buffer * DEPTH * PITCH(float), next_a);
            b.spot.put(right + buffer * DEPTH * PITCH(float), next_b);
        }
        __syncthreads();
    }
}

template <bool THREE>
__device__ void matmul_tf32(
    const float* a,
    const float* b,
    const float* bias,
    float* y,
    int vectors,
    const Product& p,
    float* left,
    float* right) {
    int first_row = blockIdx.x * WIDTH(float);
    int first_column = blockIdx.y * WIDTH(float);
    int thread = threadIdx.x;
    int lane = thread % LANES;
    int warp = thread / LANES;
    for (int batch = blockIdx.z; batch < p.batches; batch += gridDim.z) {
        Pair at = place2(p.batch, batch);
        Panel<float> rows = {
            Spot<float>(thread, p.a_inner == 1),
            a + at.a + first_row * p.a_row,
            (int)p.a_row,
            (int)p.a_inner,
            p.m - first_row,
            (vectors & 1) != 0};
        Panel<float> columns = {
            Spot<float>(thread, p.b_column != 1),
            b + at.b + first_column * p.b_column,
            (int)p.b_column,
            (int)p.b_inner,
            p.n - first_column,
            (vectors & 2) != 0};
        float sum[TILES][TILES][4] = {};
        multiply_tf32<THREE>(sum, rows, columns, p.k, left, right);
        float* to = y + (u64)batch * p.m * p.n;
#pragma unroll
        for (int i = 0; i < TILES; i++) {
#pragma unroll
            for (int j = 0; j < TILES; j++) {
#pragma unroll
                for (int part = 0; part < 4; part++) {
                    int row = first_row + warp / 4 * WARP_ROWS + i * 16 + lane / 4 + part / 2 * 8;
                    int column = first_column + warp % 4 * WARP_COLUMNS + j * 8 + lane % 4 * 2 + part % 2;
                    if (row < p.m && column < p.n) {
                        float offset = bias == 0 ? 0.0f : bias[column];
                        to[(u64)row * p.n + column] = sum[i][j][part] + offset;
                    }
                }
            }
        }
    }
}

extern "C" __global__ __launch_bounds__(SIDE * SIDE) void matmul_tf32_fwd_f32_v4(
    const float* a, const float* b, const float* bias, float* y, int vectors, Product p) {
    __shared__ __align__(16) float left[BUFFERS(float)];
    __shared__ __align__(16) float right[BUFFERS(float)];
    matmul_tf32<false>(a, b, bias, y, vectors, p, left, right);
}
extern "C" __global__ __launch_bounds__(SIDE * SIDE) void matmul_3xtf32_fwd_f32_v4(
    const float* a, const float* b, const float* bias, float* y, int vectors, Product p) {
    __shared__ __align__(16) float left[BUFFERS(float)];
    __shared__ __align__(16) float right[BUFFERS(float)];
    matmul_tf32<true>(a, b, bias, y, vectors, p, left, right);
}
