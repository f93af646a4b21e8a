// Elements that move: copies between strided layouts, which concatenation, placing into zeros and laying out a view are
// made of; fills; and draws by counter. Bound by memory.
#include "box_muller.cuh"
#include "device.cuh"

// y[place b] = x[place a]: one operand is read, the other written, each over its own strides.
template <typename T>
__device__ void copy(const T* x, T* y, unsigned n, const Space& s) {
    unsigned i = thread_number();
    if (i < n) {
        Pair at = place2(s, i);
        y[at.b] = x[at.a];
    }
}

extern "C" __global__ void copy_fwd_f32_v1(const float* x, float* y, unsigned n, Space s) { copy(x, y, n, s); }
extern "C" __global__ void copy_fwd_f64_v1(const double* x, double* y, unsigned n, Space s) { copy(x, y, n, s); }
extern "C" __global__ void copy_fwd_i32_v1(const int* x, int* y, unsigned n, Space s) { copy(x, y, n, s); }

template <typename T>
__device__ void fill(T* y, unsigned n, T value) {
    unsigned i = thread_number();
    if (i < n) {
        y[i] = value;
    }
}

extern "C" __global__ void fill_fwd_f32_v1(float* y, unsigned n, double value) { fill(y, n, (float)value); }
extern "C" __global__ void fill_fwd_f64_v1(double* y, unsigned n, double value) { fill(y, n, value); }
extern "C" __global__ void fill_fwd_i32_v1(int* y, unsigned n, double value) { fill(y, n, (int)value); }

struct Words {
    unsigned w0;
    unsigned w1;
    unsigned w2;
    unsigned w3;
};

// Philox4x32-10 of the counter words (block low, block high, 0, 0), as Philox4x32.java: the same bits.
// Source: Salmon, Moraes, Dror, Shaw, "Parallel random numbers: as easy as 1, 2, 3", SC 2011.
__device__ __forceinline__ Words philox(u64 block, u64 key) {
    unsigned x0 = (unsigned)block;
    unsigned x1 = (unsigned)(block >> 32);
    unsigned x2 = 0;
    unsigned x3 = 0;
    unsigned k0 = (unsigned)key;
    unsigned k1 = (unsigned)(key >> 32);
#pragma unroll
    for (int round = 0; round < 10; round++) {
        u64 product0 = (u64)0xD2511F53u * x0;
        u64 product1 = (u64)0xCD9E8D57u * x2;
        x0 = (unsigned)(product1 >> 32) ^ x1 ^ k0;
        x1 = (unsigned)product1;
        x2 = (unsigned)(product0 >> 32) ^ x3 ^ k1;
        x3 = (unsigned)product0;
        k0 += 0x9E3779B9u;
        k1 += 0xBB67AE85u;
    }
    Words out = {x0, x1, x2, x3};
    return out;
}

// 53 of an element's 64 bits.
__device__ __forceinline__ u64 bits53(unsigned low, unsigned high) {
    return (((u64)high << 32) | low) >> 11;
}

// An element's bits as a number in [0, 1): 53 of them in f64, 24 in f32.
__device__ __forceinline__ double uniform(unsigned low, unsigned high) {
    return (double)bits53(low, high) * (1.0 / 9007199254740992.0);
}
__device__ __forceinline__ void uniform(unsigned low, unsigned high, double& y) { y = uniform(low, high); }
__device__ __forceinline__ void uniform(unsigned low, unsigned high, float& y) {
    y = (float)(high >> 8) * (1.0f / 16777216.0f);
}

// 1 with the probability, else 0. A thread makes the two elements of one block of bits.
template <typename T>
__device__ void bernoulli(T* y, unsigned n, u64 key, double probability) {
    unsigned block = thread_number();
    unsigned i = 2 * block;
    if (i < n) {
        Words words = philox(block, key);
        y[i] = uniform(words.w0, words.w1) < probability ? T(1) : T(0);
        if (i + 1 < n) {
            y[i + 1] = uniform(words.w2, words.w3) < probability ? T(1) : T(0);
        }
    }
}

extern "C" __global__ void bernoulli_fwd_f32_v1(float* y, unsigned n, u64 key, double probability) {
    bernoulli(y, n, key, probability);
}
extern "C" __global__ void bernoulli_fwd_f64_v1(double* y, unsigned n, u64 key, double probability) {
    bernoulli(y, n, key, probability);
}

// Uniform in [0, 1). Two elements a thread, as above.
template <typename T>
__device__ void uniform(T* y, unsigned n, u64 key) {
    unsigned block = thread_number();
    unsigned i = 2 * block;
    if (i < n) {
        Words words = philox(block, key);
        uniform(words.w0, words.w1, y[i]);
        if (i + 1 < n) {
            uniform(words.w2, words.w3, y[i + 1]);
        }
    }
}

extern "C" __global__ void uniform_fwd_f32_v1(float* y, unsigned n, u64 key) { uniform(y, n, key); }
extern "C" __global__ void uniform_fwd_f64_v1(double* y, unsigned n, u64 key) { uniform(y, n, key); }

// Standard normals, computed in f64 and rounded once. Two elements a thread, as above.
template <typename T>
__device__ void normal(T* y, unsigned n, u64 key) {
    unsigned block = thread_number();
    unsigned i = 2 * block;
    if (i < n) {
        Words words = philox(block, key);
        double even;
        double odd;
        box_muller(bits53(words.w0, words.w1), bits53(words.w2, words.w3), even, odd);
        y[i] = (T)even;
        if (i + 1 < n) {
            y[i + 1] = (T)odd;
        }
    }
}

extern "C" __global__ void normal_fwd_f32_v1(float* y, unsigned n, u64 key) { normal(y, n, key); }
extern "C" __global__ void normal_fwd_f64_v1(double* y, unsigned n, u64 key) { normal(y, n, key); }
