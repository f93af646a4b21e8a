// What a kernel compiled for the emulated device asks of the runtime in libcuda.so.1. Read by both.
#pragma once

struct uint3 {
    unsigned x, y, z;
};

struct dim3 {
    unsigned x, y, z;
    constexpr dim3(unsigned x = 1, unsigned y = 1, unsigned z = 1) : x(x), y(y), z(z) {}
};

// The CUDA thread that runs at the moment on this thread of the host.
struct SeicheThread {
    uint3 thread;
    uint3 block;
    dim3 blockSize;
    dim3 gridSize;
    unsigned index;  // of the thread in its block; the lane is index % 32
};

// What all lanes that are named in a mask do together.
enum SeicheWarpCall {
    SEICHE_WARP_SYNC,
    SEICHE_WARP_SHUFFLE,
    SEICHE_WARP_SHUFFLE_DOWN,
    SEICHE_WARP_SHUFFLE_UP,
    SEICHE_WARP_SHUFFLE_XOR,
    SEICHE_WARP_BALLOT,
    SEICHE_WARP_ACTIVE,
    SEICHE_WARP_GATHER
};

enum SeicheBarrier { SEICHE_BARRIER_PLAIN, SEICHE_BARRIER_COUNT, SEICHE_BARRIER_AND, SEICHE_BARRIER_OR };

// What a parameter of a kernel is, as far as the type says.
enum SeicheParameterKind { SEICHE_VALUE, SEICHE_POINTER_READ, SEICHE_POINTER_WRITTEN };

struct SeicheParameter {
    unsigned size;
    unsigned alignment;
    SeicheParameterKind kind;
};

// One entry a kernel, exported as seiche_kernel_NAME.
struct SeicheKernel {
    void (*run)(void** arguments);
    const SeicheParameter* parameters;
    int parameterCount;
    int mostThreads;  // of __launch_bounds__, or 0
};

extern "C" {
extern __thread SeicheThread* seiche_thread __attribute__((tls_model("initial-exec")));
int seiche_barrier(SeicheBarrier kind, int predicate, const char* file, int line);
unsigned long long seiche_warp(
        SeicheWarpCall call, unsigned mask, unsigned long long value, int argument, int width, const char* file, int line);
void* seiche_shared(const void* key, unsigned long size, const char* name);
void* seiche_dynamic_shared(const char* name);
void seiche_fence();
void seiche_async_copy(void* shared, const void* global, int bytes, int sourceBytes);
void seiche_async_commit();
void seiche_async_wait(int groupsLeft);
void seiche_stop(const char* what, const char* file, int line) __attribute__((noreturn));
}
