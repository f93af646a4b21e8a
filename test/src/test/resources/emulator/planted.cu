// One mistake in each kernel, on the line that says BUG and the kernel's name.

extern "C" __global__ void missing_barrier(float* x) {
    __shared__ float s[64];
    s[threadIdx.x] = 0.0f;
    __syncthreads();
    s[threadIdx.x] = x[threadIdx.x];
    x[threadIdx.x] = s[63 - threadIdx.x];  // BUG missing_barrier
}

extern "C" __global__ void missing_first_barrier(float* x) {
    __shared__ float s[64];
    s[threadIdx.x] = x[threadIdx.x];
    x[threadIdx.x] = s[63 - threadIdx.x];  // BUG missing_first_barrier
}

extern "C" __global__ void missing_second_barrier(float* x) {
    __shared__ float s[64];
    s[threadIdx.x] = x[threadIdx.x];
    __syncthreads();
    float v = s[63 - threadIdx.x];
    s[threadIdx.x] = v;  // BUG missing_second_barrier
    __syncthreads();
    x[threadIdx.x] = s[threadIdx.x];
}

extern "C" __global__ void off_by_one(int n, float* x) {
    int i = blockIdx.x * blockDim.x + threadIdx.x;
    if (i <= n) x[i] = 1.0f;  // BUG off_by_one
}

extern "C" __global__ void wrong_stride(int rows, int columns, const float* x, float* y) {
    int row = threadIdx.x;
    float sum = 0.0f;
    for (int c = 0; c < columns; c++) sum += x[row * (columns + 1) + c];  // BUG wrong_stride
    if (row < rows) y[row] = sum;
}

extern "C" __global__ void uninitialised_shared(float* x) {
    __shared__ float s[64];
    if (threadIdx.x < 63) s[threadIdx.x] = x[threadIdx.x];
    __syncthreads();
    x[threadIdx.x] = s[threadIdx.x];  // BUG uninitialised_shared
}

extern "C" __global__ void uninitialised_global(const float* never, float* x) {
    x[threadIdx.x] = never[threadIdx.x];  // BUG uninitialised_global
}

extern "C" __global__ void divergent_barrier(float* x) {
    if (threadIdx.x < 40) __syncthreads();  // BUG divergent_barrier
    x[threadIdx.x] = 1.0f;
}

extern "C" __global__ void two_barriers(float* x) {
    if (threadIdx.x < 32) {
        __syncthreads();  // BUG two_barriers
    } else {
        __syncthreads();
    }
    x[threadIdx.x] = 1.0f;
}

extern "C" __global__ void misaligned_float4(float* x) {
    float4 v = *(float4*)(x + 1);  // BUG misaligned_float4
    x[0] = v.x;
}

extern "C" __global__ void cross_block_write(float* x) {
    x[threadIdx.x] = (float)blockIdx.x;  // BUG cross_block_write
}

extern "C" __global__ void shared_overrun(float* x) {
    __shared__ float s[64];
    s[threadIdx.x + 1] = 1.0f;  // BUG shared_overrun
    __syncthreads();
    x[threadIdx.x] = s[threadIdx.x];
}

extern "C" __global__ void dynamic_overrun(float* x) {
    extern __shared__ float d[];
    d[threadIdx.x + 1] = 1.0f;  // BUG dynamic_overrun
    __syncthreads();
    x[threadIdx.x] = d[threadIdx.x];
}

extern "C" __global__ void local_overrun(float* x) {
    float local[4] = {1.0f, 2.0f, 3.0f, 4.0f};
    x[threadIdx.x] = local[threadIdx.x % 5];  // BUG local_overrun
}

extern "C" __global__ void signed_overflow(int scale, float* x) {
    x[threadIdx.x] = (float)((int)threadIdx.x * scale);  // BUG signed_overflow
}

extern "C" __global__ void division_by_zero(int zero, float* x) {
    x[threadIdx.x] = (float)((int)threadIdx.x / zero);  // BUG division_by_zero
}

extern "C" __global__ void wrong_mask(float* x) {
    float v = x[threadIdx.x];
    if (threadIdx.x < 16) v = __shfl_down_sync(0xffffffffu, v, 1);  // BUG wrong_mask
    x[threadIdx.x] = v;
}

extern "C" __global__ void missing_wait(const float* a, float* x) {
    __shared__ __align__(16) float s[128];
    emulated::cp_async(s + threadIdx.x * 4, a + threadIdx.x * 4, 16);
    emulated::cp_async_commit();
    x[threadIdx.x] = s[threadIdx.x * 4];  // BUG missing_wait
}

extern "C" __global__ void null_pointer(float* x) {
    x[threadIdx.x] = 1.0f;  // BUG null_pointer
}

extern "C" __global__ void wild_pointer(float* x, long long far) {
    x[far] = 1.0f;  // BUG wild_pointer
}

extern "C" __global__ void endless_stack(float* x) {
    float local[100000];
    for (int i = 0; i < 100000; i++) local[i] = x[0] + (float)i;
    x[0] = local[(int)x[1]];
}

extern "C" __global__ void last_writer(float* x) {
    *x = (float)threadIdx.x;  // BUG last_writer
}

extern "C" __global__ void counted_without_atomics(int* counter) {
    *counter = *counter + 1;  // BUG counted_without_atomics
}

// No mistakes; used to plant some in what Java does.
extern "C" __global__ void scale(int n, float factor, const float* x, float* y) {
    int i = blockIdx.x * blockDim.x + threadIdx.x;
    if (i < n) y[i] = factor * x[i];
}
extern "C" __global__ void __launch_bounds__(64) bounded(float* x) { x[threadIdx.x] = 1.0f; }
