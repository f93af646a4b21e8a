// Kernels without a mistake: the emulated device must find nothing to say about them.

extern "C" __global__ void add(int n, const float* a, const float* b, float* c) {
    int i = blockIdx.x * blockDim.x + threadIdx.x;
    if (i < n) c[i] = a[i] + b[i];
}

#define TILE 8
extern "C" __global__ void __launch_bounds__(TILE * TILE)
        matmul(int m, int n, int k, const float* a, const float* b, float* c) {
    __shared__ float left[TILE][TILE];
    __shared__ float right[TILE][TILE];
    int row = blockIdx.y * TILE + threadIdx.y, column = blockIdx.x * TILE + threadIdx.x;
    float sum = 0.0f;
    for (int t = 0; t < k; t += TILE) {
        left[threadIdx.y][threadIdx.x] = row < m && t + threadIdx.x < k ? a[row * k + t + threadIdx.x] : 0.0f;
        right[threadIdx.y][threadIdx.x] = column < n && t + threadIdx.y < k ? b[(t + threadIdx.y) * n + column] : 0.0f;
        __syncthreads();
        for (int i = 0; i < TILE; i++) sum = fmaf(left[threadIdx.y][i], right[i][threadIdx.x], sum);
        __syncthreads();
    }
    if (row < m && column < n) c[row * n + column] = sum;
}

// Sums in one launch: shuffles within warps, dynamic shared memory between them, and the block that counts up last adds
// the sums of all blocks in their order.
extern "C" __global__ void sum(int n, const float* x, float* partial, unsigned* counter, float* out) {
    extern __shared__ float ofWarp[];
    __shared__ bool last;
    float s = 0.0f;
    for (int i = blockIdx.x * blockDim.x + threadIdx.x; i < n; i += gridDim.x * blockDim.x) s += x[i];
    for (int d = 16; d > 0; d /= 2) s += __shfl_down_sync(0xffffffffu, s, d);
    if (threadIdx.x % 32 == 0) ofWarp[threadIdx.x / 32] = s;
    __syncthreads();
    if (threadIdx.x == 0) {
        float total = 0.0f;
        for (int w = 0; w < blockDim.x / 32; w++) total += ofWarp[w];
        partial[blockIdx.x] = total;
        __threadfence();
        last = atomicAdd(counter, 1) == gridDim.x - 1;
    }
    __syncthreads();
    if (last && threadIdx.x == 0) {
        float total = 0.0f;
        for (int b = 0; b < gridDim.x; b++) total += partial[b];
        *out = total;
    }
}

// Neighbours within a warp, ordered by __syncwarp.
extern "C" __global__ void swap(float* x) {
    __shared__ float s[64];
    int t = threadIdx.x;
    s[t] = x[t];
    __syncwarp();
    x[t] = s[t ^ 1];
    __syncwarp();
    s[t] = 0.0f;
}

// Vectors of four, and a template with shared memory of its own.
template <typename T>
__device__ T turned(T x, int lanes) {
    __shared__ T s[64];
    s[threadIdx.x] = x;
    __syncthreads();
    T y = s[(threadIdx.x + lanes) % 64];
    __syncthreads();
    return y;
}
extern "C" __global__ void turn(const float4* x, float4* y) {
    float4 v = x[threadIdx.x];
    v.x = turned(v.x, 1);
    v.y = (float)turned((double)v.y, 2);
    y[threadIdx.x] = v;
}

__constant__ float weights[4];
extern "C" __global__ void weigh(float* x) { x[threadIdx.x] *= weights[threadIdx.x % 4]; }

// How many elements are positive, counted by warps; integers may be added in any order.
extern "C" __global__ void count(int n, const float* x, int* positive) {
    int i = blockIdx.x * blockDim.x + threadIdx.x;
    unsigned votes = __ballot_sync(0xffffffffu, i < n && x[i < n ? i : 0] > 0.0f);
    if (threadIdx.x % 32 == 0) atomicAdd(positive, __popc(votes));
}

// One warp: c[16x8] = a[16x8] b[8x8] by the tensor core, tiles fetched by asynchronous copies.
extern "C" __global__ void tensor(const float* a, const float* b, float* c) {
    __shared__ __align__(16) float left[16 * 8];
    __shared__ __align__(16) float right[8 * 8];
    int lane = threadIdx.x, g = lane / 4, q = lane % 4;
    emulated::cp_async(left + lane * 4, a + lane * 4, 16);
    if (lane < 16) emulated::cp_async(right + lane * 4, b + lane * 4, 16);
    emulated::cp_async_commit();
    emulated::cp_async_wait(0);
    __syncwarp();
    unsigned fa[4] = {emulated::float_to_tf32(left[g * 8 + q]), emulated::float_to_tf32(left[(g + 8) * 8 + q]),
                      emulated::float_to_tf32(left[g * 8 + q + 4]), emulated::float_to_tf32(left[(g + 8) * 8 + q + 4])};
    unsigned fb[2] = {emulated::float_to_tf32(right[q * 8 + g]), emulated::float_to_tf32(right[(q + 4) * 8 + g])};
    float d[4] = {0.0f, 0.0f, 0.0f, 0.0f};
    emulated::mma_m16n8k8_tf32(d, fa, fb);
    c[g * 8 + q * 2] = d[0];
    c[g * 8 + q * 2 + 1] = d[1];
    c[(g + 8) * 8 + q * 2] = d[2];
    c[(g + 8) * 8 + q * 2 + 1] = d[3];
}
