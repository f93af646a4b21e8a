// Pooling over NHWC. The adjoints look from each input at the windows that cover it, so no two threads write one place
// and every sum has one order. One thread per result; bound by memory, windows overlap in cache.
#include "device.cuh"

// Laid out as Pooling.java writes it.
struct Pool {
    int b, h, w, c;
    int oh, ow;
    int kernel_h, kernel_w;
    int stride_h, stride_w;
    int pad_top, pad_left;
    int count_padding;
};

// The part of a window that lies inside the input: rows top..bottom-1, columns left..right-1.
struct Window {
    int top, bottom, left, right;
};

__device__ __forceinline__ Window window(const Pool& g, int i, int j) {
    int h = i * g.stride_h - g.pad_top;
    int l = j * g.stride_w - g.pad_left;
    Window inside = {max(h, 0), min(h + g.kernel_h, g.h), max(l, 0), min(l + g.kernel_w, g.w)};
    return inside;
}

__device__ __forceinline__ u64 at(const Pool& g, int b, int h, int w, int c) {
    return (((u64)b * g.h + h) * g.w + w) * g.c + c;
}

__device__ __forceinline__ u64 pooled_at(const Pool& g, int b, int i, int j, int c) {
    return (((u64)b * g.oh + i) * g.ow + j) * g.c + c;
}

// row * width + column of the largest element, the first of equals or the first NaN; -1 in a window without input.
template <typename T>
__device__ __forceinline__ int winner(const Pool& g, const T* x, int b, int c, const Window& inside) {
    int best = -1;
    T top = 0;
    for (int h = inside.top; h < inside.bottom; h++) {
        for (int l = inside.left; l < inside.right; l++) {
            T value = x[at(g, b, h, l, c)];
            if (best < 0 || beats(value, top)) {
                best = h * g.w + l;
                top = value;
            }
        }
    }
    return best;
}

__device__ __forceinline__ double divisor(const Pool& g, const Window& inside) {
    int height = max(0, inside.bottom - inside.top);
    int width = max(0, inside.right - inside.left);
    return g.count_padding ? (double)g.kernel_h * g.kernel_w : (double)(height * width);
}

// Element n of the pooled map as (b, i, j, c).
#define POOLED(n)                       \
    int c = (int)((n) % (unsigned)g.c); \
    unsigned up = (n) / (unsigned)g.c;  \
    int j = (int)(up % (unsigned)g.ow); \
    up /= (unsigned)g.ow;               \
    int i = (int)(up % (unsigned)g.oh); \
    int b = (int)(up / (unsigned)g.oh);

// Element n of the input as (b, h, l, c), and the outputs whose windows may cover it: rows i0..i1, columns j0..j1.
#define COVERED(n)                                                                          \
    int c = (int)((n) % (unsigned)g.c);                                                     \
    unsigned up = (n) / (unsigned)g.c;                                                      \
    int l = (int)(up % (unsigned)g.w);                                                      \
    up /= (unsigned)g.w;                                                                    \
    int h = (int)(up % (unsigned)g.h);                                                      \
    int b = (int)(up / (unsigned)g.h);                                                      \
    int i0 = max(0, (h + g.pad_top - g.kernel_h + g.stride_h) / g.stride_h);                \
    int i1 = min(g.oh - 1, (h + g.pad_top) / g.stride_h);                                   \
    int j0 = max(0, (l + g.pad_left - g.kernel_w + g.stride_w) / g.stride_w);               \
    int j1 = min(g.ow - 1, (l + g.pad_left) / g.stride_w);

template <typename T>
__device__ void max_pool(const T* x, T* y, unsigned n, const Pool& g) {
    unsigned t = thread_number();
    if (t < n) {
        POOLED(t)
        int place = winner(g, x, b, c, window(g, i, j));
        y[t] = place < 0 ? Bits<T>::lowest() : x[at(g, b, place / g.w, place % g.w, c)];
    }
}

extern "C" __global__ void max_pool2d_fwd_f32_v1(const float* x, float* y, unsigned n, Pool g) { max_pool(x, y, n, g); }
extern "C" __global__ void max_pool2d_fwd_f64_v1(const double* x, double* y, unsigned n, Pool g) {
    max_pool(x, y, n, g);
}

// From v the elements where x has its window maxima.
template <typename T>
__device__ void max_pool_gather(const T* x, const T* v, T* y, unsigned n, const Pool& g) {
    unsigned t = thread_number();
    if (t < n) {
        POOLED(t)
        int place = winner(g, x, b, c, window(g, i, j));
        y[t] = place < 0 ? T(0) : v[at(g, b, place / g.w, place % g.w, c)];
    }
}

extern "C" __global__ void max_pool2d_gather_fwd_f32_v1(const float* x, const float* v, float* y, unsigned n, Pool g) {
    max_pool_gather(x, v, y, n, g);
}
extern "C" __global__ void max_pool2d_gather_fwd_f64_v1(
    const double* x, const double* v, double* y, unsigned n, Pool g) {
    max_pool_gather(x, v, y, n, g);
}

// Adds dy where x has its window maxima.
template <typename T>
__device__ void max_pool_scatter(const T* x, const T* dy, T* dx, unsigned n, const Pool& g) {
    unsigned t = thread_number();
    if (t < n) {
        COVERED(t)
        double sum = 0;
        for (int i = i0; i <= i1; i++) {
            for (int j = j0; j <= j1; j++) {
                if (winner(g, x, b, c, window(g, i, j)) == h * g.w + l) {
                    sum += (double)dy[pooled_at(g, b, i, j, c)];
                }
            }
        }
        dx[t] = (T)sum;
    }
}

extern "C" __global__ void max_pool2d_scatter_fwd_f32_v1(
    const float* x, const float* dy, float* dx, unsigned n, Pool g) {
    max_pool_scatter(x, dy, dx, n, g);
}
extern "C" __global__ void max_pool2d_scatter_fwd_f64_v1(
    const double* x, const double* dy, double* dx, unsigned n, Pool g) {
    max_pool_scatter(x, dy, dx, n, g);
}

template <typename T>
__device__ void avg_pool(const T* x, T* y, unsigned n, const Pool& g) {
    unsigned t = thread_number();
    if (t < n) {
        POOLED(t)
        Window inside = window(g, i, j);
        double sum = 0;
        for (int h = inside.top; h < inside.bottom; h++) {
            for (int l = inside.left; l < inside.right; l++) {
                sum += (double)x[at(g, b, h, l, c)];
            }
        }
        y[t] = (T)(sum / divisor(g, inside));
    }
}

extern "C" __global__ void avg_pool2d_fwd_f32_v1(const float* x, float* y, unsigned n, Pool g) { avg_pool(x, y, n, g); }
extern "C" __global__ void avg_pool2d_fwd_f64_v1(const double* x, double* y, unsigned n, Pool g) {
    avg_pool(x, y, n, g);
}

template <typename T>
__device__ void avg_pool_input(const T* dy, T* dx, unsigned n, const Pool& g) {
    unsigned t = thread_number();
    if (t < n) {
        COVERED(t)
        double sum = 0;
        for (int i = i0; i <= i1; i++) {
            for (int j = j0; j <= j1; j++) {
                sum += (double)dy[pooled_at(g, b, i, j, c)] / divisor(g, window(g, i, j));
            }
        }
        dx[t] = (T)sum;
    }
}

extern "C" __global__ void avg_pool2d_input_fwd_f32_v1(const float* dy, float* dx, unsigned n, Pool g) {
    avg_pool_input(dy, dx, n, g);
}
extern "C" __global__ void avg_pool2d_input_fwd_f64_v1(const double* dy, double* dx, unsigned n, Pool g) {
    avg_pool_input(dy, dx, n, g);
}
