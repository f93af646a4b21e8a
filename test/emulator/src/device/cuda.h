// The part of CUDA C++ that kernels use, for g++. Stands before every kernel that the emulated NVRTC compiles. No
// header of the system is read, as NVRTC reads none: a kernel that needs one does not compile here either.
#pragma once
#define __CUDA_EMULATED__ 1
#define __CUDACC_RTC__ 1
#define __CUDACC__ 1

// __global__, __shared__ and __launch_bounds__ stay in the text: rewrite.cpp reads them.
#define __device__
#define __host__
#define __constant__ __attribute__((visibility("default"), used))
#define __forceinline__ inline __attribute__((always_inline))
#define __noinline__ __attribute__((noinline))
#define __align__(bytes) alignas(bytes)
#define __grid_constant__

#include "thread.h"

typedef __SIZE_TYPE__ size_t;
typedef __PTRDIFF_TYPE__ ptrdiff_t;

#define threadIdx (seiche_thread->thread)
#define blockIdx (seiche_thread->block)
#define blockDim (seiche_thread->blockSize)
#define gridDim (seiche_thread->gridSize)
#define warpSize 32

#define SEICHE_WHERE const char *file = __builtin_FILE(), int line = __builtin_LINE()

inline void __syncthreads(SEICHE_WHERE) { seiche_barrier(SEICHE_BARRIER_PLAIN, 0, file, line); }
inline int __syncthreads_count(int p, SEICHE_WHERE) { return seiche_barrier(SEICHE_BARRIER_COUNT, p != 0, file, line); }
inline int __syncthreads_and(int p, SEICHE_WHERE) { return seiche_barrier(SEICHE_BARRIER_AND, p != 0, file, line); }
inline int __syncthreads_or(int p, SEICHE_WHERE) { return seiche_barrier(SEICHE_BARRIER_OR, p != 0, file, line); }
inline void __threadfence_block() { seiche_fence(); }
inline void __threadfence() { seiche_fence(); }
inline void __threadfence_system() { seiche_fence(); }
inline void __trap(SEICHE_WHERE) { seiche_stop("__trap() was called", file, line); }
#define assert(condition) ((condition) ? (void)0 : seiche_stop("assertion failed: " #condition, __FILE__, __LINE__))

template <typename T>
__forceinline__ T __ldg(const T* p) {
    return *p;
}

// A kernel's parameters as the driver sees them, and the function that calls it with copies of the arguments. Used in
// what rewrite.cpp appends for every kernel.
template <typename T>
struct SeicheKindOf {
    static constexpr SeicheParameterKind kind = SEICHE_VALUE;
};
template <typename T>
struct SeicheKindOf<const T*> {
    static constexpr SeicheParameterKind kind = SEICHE_POINTER_READ;
};
template <typename T>
struct SeicheKindOf<T*> {
    static constexpr SeicheParameterKind kind = SEICHE_POINTER_WRITTEN;
};

template <int... I>
struct SeicheIndices {};
template <int N, int... I>
struct SeicheCount : SeicheCount<N - 1, N - 1, I...> {};
template <int... I>
struct SeicheCount<0, I...> {
    typedef SeicheIndices<I...> type;
};

template <typename... A, int... I>
__attribute__((no_sanitize("thread", "undefined"))) void seiche_spread(
        void (*kernel)(A...), void** arguments, SeicheIndices<I...>) {
    kernel(*(A*)arguments[I]...);
}
template <typename... A>
__attribute__((no_sanitize("thread", "undefined"))) void seiche_call(void (*kernel)(A...), void** arguments) {
    seiche_spread(kernel, arguments, typename SeicheCount<sizeof...(A)>::type());
}
template <typename... A>
struct SeicheSignature {
    static constexpr int count = sizeof...(A);
    static constexpr SeicheParameter parameters[sizeof...(A) + 1] = {
            {sizeof(A), alignof(A), SeicheKindOf<A>::kind}..., {0, 0, SEICHE_VALUE}};
};
template <typename... A>
SeicheSignature<A...> seiche_signature(void (*)(A...));

#include "vectors.h"
#include "math.h"
#include "atomics.h"
#include "warp.h"
#include "tensor_core.h"
