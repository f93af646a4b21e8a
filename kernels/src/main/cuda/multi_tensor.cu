// One launch for lists of tensors: steps of optimizers, inner products. The list comes by value, so that nothing has to be
// copied first and a captured launch keeps it: tensor k of up to four lists starts at address[list][k], has size[k]
// elements, and its first chunk is worked on by block first[k]. Laid out as TensorList.java writes it.
//
// v1: one block per chunk of a tensor. A step reads and writes each element once.
#include "device.cuh"

#define LISTS 4
#define TENSORS 96
#define THREADS 256

struct TensorList {
    int count;
    int chunk;
    u64 address[LISTS][TENSORS];
    int size[TENSORS];
    int first[TENSORS];
};

// The tensor that this block works on: the last one that starts at or before it.
__device__ __forceinline__ int tensor_of_block(const TensorList& list, int block) {
    int low = 0;
    int high = list.count - 1;
    while (low < high) {
        int middle = (low + high + 1) / 2;
        if (list.first[middle] <= block) {
            low = middle;
        } else {
            high = middle - 1;
        }
    }
    return low;
}

template <typename T>
__device__ __forceinline__ T* tensor_at(const TensorList& list, int which, int k) {
    return (T*)list.address[which][k];
}

struct Chunk {
    int tensor;
    int start;
    int end;
};

__device__ __forceinline__ Chunk chunk_of_block(const TensorList& list) {
    int k = tensor_of_block(list, (int)blockIdx.x);
    i64 start = (i64)((int)blockIdx.x - list.first[k]) * list.chunk;
    i64 end = start + list.chunk < list.size[k] ? start + list.chunk : list.size[k];
    return {k, (int)start, (int)end};
}

// weights, gradients, velocities; the last only where momentum is not 0.
template <typename T>
__device__ void sgd(const TensorList& list, double rate, double momentum, int nesterov, double decay) {
    Chunk c = chunk_of_block(list);
    T* w = tensor_at<T>(list, 0, c.tensor);
    const T* g = tensor_at<T>(list, 1, c.tensor);
    T* m = tensor_at<T>(list, 2, c.tensor);
    for (i64 i = c.start + (i64)threadIdx.x; i < c.end; i += THREADS) {
        T d = g[i];
        if (decay != 0) {
            d = d + (T)decay * w[i];
        }
        if (momentum != 0) {
            T moved = d + (T)momentum * m[i];
            m[i] = moved;
            d = nesterov ? d + (T)momentum * moved : moved;
        }
        w[i] = w[i] + (T)-rate * d;
    }
}

#define SGD TensorList list, double rate, double momentum, int nesterov, double decay

extern "C" __global__ __launch_bounds__(THREADS) void multi_tensor_sgd_f32_v1(SGD) {
    sgd<float>(list, rate, momentum, nesterov, decay);
}
extern "C" __global__ __launch_bounds__(THREADS) void multi_tensor_sgd_f64_v1(SGD) {
    sgd<double>(list, rate, momentum, nesterov, decay);
}

struct AdamStep {
    double rate;
    double root_scale;
    double beta1;
    double beta2;
    double eps;
    double decay;
    double shrink;
};

// weights, gradients, first moments, second moments.
template <typename T>
__device__ void adam(const TensorList& list, const AdamStep& step) {
    Chunk c = chunk_of_block(list);
    T* w = tensor_at<T>(list, 0, c.tensor);
    const T* g = tensor_at<T>(list, 1, c.tensor);
    T* m = tensor_at<T>(list, 2, c.tensor);
    T* v = tensor_at<T>(list, 3, c.tensor);
    for (i64 i = c.start + (i64)threadIdx.x; i < c.end; i += THREADS) {
        T at = w[i];
        T d = g[i];
        if (step.decay != 0) {
            d = d + (T)step.decay * at;
        }
        T mean = (T)step.beta1 * m[i] + (T)(1 - step.beta1) * d;
        T square = (T)step.beta2 * v[i] + (T)(1 - step.beta2) * (d * d);
        m[i] = mean;
        v[i] = square;
        T root = (T)step.root_scale * fn::sqrt(square) + (T)step.eps;
        w[i] = (T)step.shrink * at + (T)-step.rate * (mean / root);
    }
}

extern "C" __global__ __launch_bounds__(THREADS) void multi_tensor_adam_f32_v1(TensorList list, AdamStep step) {
    adam<float>(list, step);
}
extern "C" __global__ __launch_bounds__(THREADS) void multi_tensor_adam_f64_v1(TensorList list, AdamStep step) {
    adam<double>(list, step);
}

__device__ __forceinline__ double warp_sum(double sum) {
    for (int apart = 16; apart > 0; apart /= 2) {
        sum += __shfl_xor_sync(0xffffffffu, sum, apart);
    }
    return sum;
}

// The inner product of tensors k of lists 0 and 1 to dots[k]. Each block leaves the sum over its chunk in partial; the
// block that comes last adds them up, always in the same order. `arrived` was set to 0 before the launch.
template <typename T>
__device__ void dots_of(const TensorList& list, double* partial, double* dots, unsigned* arrived, double* warps) {
    unsigned t = threadIdx.x;
    unsigned lane = t % 32;
    Chunk c = chunk_of_block(list);
    const T* a = tensor_at<T>(list, 0, c.tensor);
    const T* b = tensor_at<T>(list, 1, c.tensor);
    double sum = 0;
    for (i64 i = c.start + (i64)t; i < c.end; i += THREADS) {
        sum += (double)a[i] * (double)b[i];
    }
    sum = warp_sum(sum);
    if (lane == 0) {
        warps[t / 32] = sum;
    }
    __syncthreads();
    __shared__ unsigned before;
    if (t == 0) {
        double total = 0;
        for (int warp = 0; warp < THREADS / 32; warp++) {
            total += warps[warp];
        }
        partial[blockIdx.x] = total;
        __threadfence();
        before = atomicAdd(arrived, 1u);
    }
    __syncthreads();
    if (before != gridDim.x - 1) {
        return;
    }
    __threadfence();
    for (int k = (int)(t / 32); k < list.count; k += THREADS / 32) {
        int end = k + 1 < list.count ? list.first[k + 1] : (int)gridDim.x;
        double all = 0;
        for (int block = list.first[k] + (int)lane; block < end; block += 32) {
            all += partial[block];
        }
        all = warp_sum(all);
        if (lane == 0) {
            dots[k] = all;
        }
    }}

#define DOTS TensorList list, double* partial, double* dots, unsigned* arrived

extern "C" __global__ __launch_bounds__(THREADS) void multi_tensor_dots_f32_v1(DOTS) {
    __shared__ double warps[THREADS / 32];
    dots_of<float>(list, partial, dots, arrived, warps);
}
extern "C" __global__ __launch_bounds__(THREADS) void multi_tensor_dots_f64_v1(DOTS) {
    __shared__ double warps[THREADS / 32];
    dots_of<double>(list, partial, dots, arrived, warps);
}
