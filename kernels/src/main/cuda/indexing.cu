// Ops that take or put elements by i32 ids. An id out of range is reported to the host and reads as 0.
#include "device.cuh"

// x[outer, size, inner] by ids[m] to y[outer, m, inner]; one thread per result. Bound by memory.
template <typename T>
__device__ void gather(
    const T* x,
    const int* ids,
    T* y,
    unsigned n,
    unsigned size,
    unsigned m,
    unsigned inner,
    u64* fault,
    unsigned ticket) {
    unsigned i = thread_number();
    if (i < n) {
        unsigned position = i / inner % m;
        unsigned id = (unsigned)ids[position];
        if (id < size) {
            unsigned outer = i / inner / m;
            y[i] = x[((u64)outer * size + id) * inner + i % inner];
        } else {
            y[i] = T(0);
            report_id(fault, ticket, position);
        }
    }
}

#define GATHER(T) \
    const T* x, const int* ids, T* y, unsigned n, unsigned size, unsigned m, unsigned inner, u64* fault, unsigned ticket

extern "C" __global__ void gather_fwd_f32_v1(GATHER(float)) { gather(x, ids, y, n, size, m, inner, fault, ticket); }
extern "C" __global__ void gather_fwd_f64_v1(GATHER(double)) { gather(x, ids, y, n, size, m, inner, fault, ticket); }
extern "C" __global__ void gather_fwd_i32_v1(GATHER(int)) { gather(x, ids, y, n, size, m, inner, fault, ticket); }

// The type that sums of T are kept in.
template <typename T>
struct Sums {
    typedef double type;
};
template <>
struct Sums<int> {
    typedef int type;
};

// src[outer, m, inner] added by ids[m] into y[outer, size, inner]; one thread per result looks through all ids, so that
// repeated ids add up in the order of their positions. m times size times inner looks at ids: for few ids or few slots.
template <typename T>
__device__ void scatter_add_plain(
    const T* src,
    const int* ids,
    T* y,
    unsigned n,
    unsigned size,
    unsigned m,
    unsigned inner,
    u64* fault,
    unsigned ticket) {
    unsigned i = thread_number();
    if (i < n) {
        unsigned slot = i / inner % size;
        const T* from = src + (u64)(i / inner / size) * m * inner + i % inner;
        typename Sums<T>::type sum = 0;
        for (unsigned p = 0; p < m; p++) {
            unsigned id = (unsigned)ids[p];
            if (id == slot) {
                sum += from[(u64)p * inner];
            }
            if (i == 0 && id >= size) {
                report_id(fault, ticket, p);
            }
        }
        y[i] = (T)sum;
    }
}

#define SCATTER(T)                                                                                \
    const T* src, const int* ids, T* y, unsigned n, unsigned size, unsigned m, unsigned inner, u64* fault, \
        unsigned ticket

extern "C" __global__ void scatter_add_fwd_f32_v1(SCATTER(float)) {
    scatter_add_plain(src, ids, y, n, size, m, inner, fault, ticket);
}
extern "C" __global__ void scatter_add_fwd_f64_v1(SCATTER(double)) {
    scatter_add_plain(src, ids, y, n, size, m, inner, fault, ticket);
}
extern "C" __global__ void scatter_add_fwd_i32_v1(SCATTER(int)) {
    scatter_add_plain(src, ids, y, n, size, m, inner, fault, ticket);
}

// v2, first launch: for each position the next one with the same id (m if there is none), and whether it is the first.
// m^2 looks at ids in all, at worst, and none of them times inner.
extern "C" __global__ void scatter_add_chains_i32_v2(
    const int* ids, int* next, int* first, unsigned m, unsigned size, u64* fault, unsigned ticket) {
    unsigned p = thread_number();
    if (p < m) {
        int id = ids[p];
        if ((unsigned)id >= size) {
            report_id(fault, ticket, p);
            first[p] = 0;
            next[p] = (int)m;
            return;
        }
        unsigned after = p + 1;
        while (after < m && ids[after] != id) {
            after++;
        }
        next[p] = (int)after;
        unsigned before = 0;
        while (ids[before] != id) {
            before++;
        }
        first[p] = before == p;
    }
}

// v2, second launch, into zeros: a thread per element of the first position of each id follows the chain, in order.
template <typename T>
__device__ void scatter_add_chained(
    const T* src,
    const int* ids,
    const int* next,
    const int* first,
    T* y,
    unsigned n,
    unsigned size,
    unsigned m,
    unsigned inner) {
    unsigned i = thread_number();
    if (i < n) {
        unsigned start = i / inner % m;
        if (first[start]) {
            u64 outer = i / inner / m;
            const T* from = src + outer * m * inner + i % inner;
            typename Sums<T>::type sum = 0;
            for (unsigned p = start; p < m; p = (unsigned)next[p]) {
                sum += from[(u64)p * inner];
            }
            y[(outer * size + (unsigned)ids[start]) * inner + i % inner] = (T)sum;
        }
    }
}

#define CHAINED(T)                                                                                        \
    const T* src, const int* ids, const int* next, const int* first, T* y, unsigned n, unsigned size, unsigned m, \
        unsigned inner

extern "C" __global__ void scatter_add_fwd_f32_v2(CHAINED(float)) {
    scatter_add_chained(src, ids, next, first, y, n, size, m, inner);
}
extern "C" __global__ void scatter_add_fwd_f64_v2(CHAINED(double)) {
    scatter_add_chained(src, ids, next, first, y, n, size, m, inner);
}
extern "C" __global__ void scatter_add_fwd_i32_v2(CHAINED(int)) {
    scatter_add_chained(src, ids, next, first, y, n, size, m, inner);
}

// y[row] = x[row, ids[row]].
template <typename T>
__device__ void pick(
    const T* x, const int* ids, T* y, unsigned rows, unsigned classes, u64* fault, unsigned ticket) {
    unsigned row = thread_number();
    if (row < rows) {
        unsigned id = (unsigned)ids[row];
        if (id < classes) {
            y[row] = x[(u64)row * classes + id];
        } else {
            y[row] = T(0);
            report_id(fault, ticket, row);
        }
    }
}

#define PICK(T) const T* x, const int* ids, T* y, unsigned rows, unsigned classes, u64* fault, unsigned ticket

extern "C" __global__ void pick_fwd_f32_v1(PICK(float)) { pick(x, ids, y, rows, classes, fault, ticket); }
extern "C" __global__ void pick_fwd_f64_v1(PICK(double)) { pick(x, ids, y, rows, classes, fault, ticket); }
extern "C" __global__ void pick_fwd_i32_v1(PICK(int)) { pick(x, ids, y, rows, classes, fault, ticket); }

// y[row, c] = x[row] where c is ids[row], else 0; one thread per result.
template <typename T>
__device__ void unpick(const T* x, const int* ids, T* y, unsigned n, unsigned classes, u64* fault, unsigned ticket) {
    unsigned i = thread_number();
    if (i < n) {
        unsigned row = i / classes;
        unsigned id = (unsigned)ids[row];
        if (id >= classes) {
            report_id(fault, ticket, row);
        }
        y[i] = id == i % classes ? x[row] : T(0);
    }
}

#define UNPICK(T) const T* x, const int* ids, T* y, unsigned n, unsigned classes, u64* fault, unsigned ticket

extern "C" __global__ void unpick_fwd_f32_v1(UNPICK(float)) { unpick(x, ids, y, n, classes, fault, ticket); }
extern "C" __global__ void unpick_fwd_f64_v1(UNPICK(double)) { unpick(x, ids, y, n, classes, fault, ticket); }
