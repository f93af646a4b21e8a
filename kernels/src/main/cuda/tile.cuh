// A product of two panels by one block of 16x16 threads: each thread keeps STEP x STEP results in registers and adds up
// DEPTH steps of the inner axis from shared memory while the next ones are on their way (two buffers, one barrier per
// DEPTH steps). f32: 128x128 results a block, 8x8 a thread; f64: 64x64 and 4x4, so that accumulators fit registers.
//
// Where operands come from is up to loaders, so matrix products and convolutions share this. A loader fetches VECTOR
// neighbours of its panel per thread, 16 bytes at once where they lie side by side and aligned. The sum over the inner
// axis runs in its order, in the type of the operands.
#pragma once
#include "device.cuh"

#define SIDE 16
#define DEPTH 8

template <typename T>
struct Tile;
template <>
struct Tile<float> {
    enum { VECTOR = 4, STEP = 8 };
};
template <>
struct Tile<double> {
    enum { VECTOR = 2, STEP = 4 };
};

// Results along one side of a block, and the distance of rows in shared memory: padded so that threads that store down
// a column meet different banks, and rows stay aligned to 16 bytes.
#define WIDTH(T) (SIDE * Tile<T>::STEP)
#define PITCH(T) (WIDTH(T) + Tile<T>::VECTOR)
#define BUFFERS(T) (2 * DEPTH * PITCH(T))

__device__ __forceinline__ void load(float (&r)[4], const float* p) {
    float4 v = *(const float4*)p;
    r[0] = v.x;
    r[1] = v.y;
    r[2] = v.z;
    r[3] = v.w;
}
__device__ __forceinline__ void load(double (&r)[2], const double* p) {
    double2 v = *(const double2*)p;
    r[0] = v.x;
    r[1] = v.y;
}
__device__ __forceinline__ void store(float* p, const float (&r)[4]) {
    *(float4*)p = make_float4(r[0], r[1], r[2], r[3]);
}
__device__ __forceinline__ void store(double* p, const double (&r)[2]) {
    *(double2*)p = make_double2(r[0], r[1]);
}

// What one thread fetches of a panel of WIDTH places along the results by DEPTH along the inner axis: VECTOR elements
// from (along, inner) on, down the inner axis or along the results.
template <typename T>
struct Spot {
    int along;
    int inner;
    bool down;

    __device__ __forceinline__ Spot(int thread, bool down) : down(down) {
        int run = down ? DEPTH / Tile<T>::VECTOR : WIDTH(T) / Tile<T>::VECTOR;
        along = down ? thread / run : thread % run * Tile<T>::VECTOR;
        inner = down ? thread % run * Tile<T>::VECTOR : thread / run;
    }

    __device__ __forceinline__ void put(T* panel, const T (&r)[Tile<T>::VECTOR]) const {
        if (down) {
#pragma unroll
            for (int i = 0; i < Tile<T>::VECTOR; i++) {
                panel[(inner + i) * PITCH(T) + along] = r[i];
            }
        } else {
            store(panel + inner * PITCH(T) + along, r);
        }
    }
};

// A panel of a matrix with any strides; `count` places of it are inside the matrix. `vectors` promises that neighbours
// in the direction of the spot lie side by side, with every run of VECTOR of them aligned to 16 bytes.
template <typename T>
struct Panel {
    Spot<T> spot;
    const T* from;
    int along_stride; // strides are below 2^31, as tensors are; half the registers of 64 bits
    int inner_stride;
    int count;
    bool vectors;

    __device__ __forceinline__ void fetch(T (&r)[Tile<T>::VECTOR], int step, int end) const {
        int k = step + spot.inner;
        const T* p = from + (i64)spot.along * along_stride + (i64)k * inner_stride;
        bool whole = spot.down ? spot.along < count && k + Tile<T>::VECTOR <= end
                               : spot.along + Tile<T>::VECTOR <= count && k < end;
        if (vectors && whole) {
            load(r, p);
            return;
        }
        int next = spot.down ? inner_stride : along_stride;
#pragma unroll
        for (int i = 0; i < Tile<T>::VECTOR; i++) {
            bool inside = spot.along + (spot.down ? 0 : i) < count && k + (spot.down ? i : 0) < end;
            r[i] = inside ? p[(i64)i * next] : T(0);
        }
    }
};

// STEP operands of one step for this thread: VECTOR of them in each half of the panel, so that the threads of a warp
// read neighbouring vectors.
template <typename T>
__device__ __forceinline__ void take(T (&r)[Tile<T>::STEP], const T* row, int place) {
    T first[Tile<T>::VECTOR];
    T second[Tile<T>::VECTOR];
    load(first, row + place * Tile<T>::VECTOR);
    load(second, row + WIDTH(T) / 2 + place * Tile<T>::VECTOR);
#pragma unroll
    for (int i = 0; i < Tile<T>::VECTOR; i++) {
        r[i] = first[i];
        r[Tile<T>::VECTOR + i] = second[i];
    }
}

// The place in its block of result i of a thread, as take() deals operands.
template <typename T>
__device__ __forceinline__ int spread(int place, int i) {
    return i / Tile<T>::VECTOR * (WIDTH(T) / 2) + place * Tile<T>::VECTOR + i % Tile<T>::VECTOR;
}

// sum[i][j] += left[i, k] * right[k, j] for k from begin to end - 1. `left` and `right` are BUFFERS(T) elements of
// shared memory each. Every thread of the block takes part.
template <typename T, typename A, typename B>
__device__ __forceinline__ void multiply(
    T (&sum)[Tile<T>::STEP][Tile<T>::STEP], const A& a, const B& b, int begin, int end, T* left, T* right) {
    T next_a[Tile<T>::VECTOR];
    T next_b[Tile<T>::VECTOR];
    int column = (int)threadIdx.x % SIDE;
    int row = (int)threadIdx.x / SIDE;
    a.fetch(next_a, begin, end);
    b.fetch(next_b, begin, end);
    a.spot.put(left, next_a);
    b.spot.put(right, next_b);
    __syncthreads();
    int buffer = 0;
    for (int step = begin; step < end; step += DEPTH) {
        bool more = step + DEPTH < end;
        if (more) {
            a.fetch(next_a, step + DEPTH, end);
            b.fetch(next_b, step + DEPTH, end);
        }
        const T* l = left + buffer * DEPTH * PITCH(T);
        const T* r = right + buffer * DEPTH * PITCH(T);
#pragma unroll
        for (int d = 0; d < DEPTH; d++) {
            T x[Tile<T>::STEP];
            T y[Tile<T>::STEP];
            take<T>(x, l + d * PITCH(T), row);
            take<T>(y, r + d * PITCH(T), column);
#pragma unroll
            for (int i = 0; i < Tile<T>::STEP; i++) {
#pragma unroll
                for (int j = 0; j < Tile<T>::STEP; j++) {
                    sum[i][j] += x[i] * y[j];
                }
            }
        }
        if (more) {
            buffer ^= 1;
            a.spot.put(left + buffer * DEPTH * PITCH(T), next_a);
            b.spot.put(right + buffer * DEPTH * PITCH(T), next_b);
        }
        __syncthreads();
    }
}
