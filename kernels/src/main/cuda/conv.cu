// The convolution over NHWC and its two adjoints, with stride, padding, dilation and groups: x[B,H,W,C],
// w[KH,KW,C/groups,O], y[B,OH,OW,O], as Conv2d.java defines them.
//
// v1: direct, one thread per result, neighbours in the channel. Every operand comes from memory or cache for each
// product, so it is the plain definition, and the choice for odd shapes; v2 in conv_gemm.cu is the fast one.
#include "conv.cuh"

template <typename T>
__device__ void forward(const T* x, const T* w, T* y, unsigned n, const Conv& g) {
    unsigned t = thread_number();
    if (t >= n) {
        return;
    }
    int o = (int)(t % (unsigned)g.o);
    unsigned up = t / (unsigned)g.o;
    int j = (int)(up % (unsigned)g.ow);
    up /= (unsigned)g.ow;
    int i = (int)(up % (unsigned)g.oh);
    int b = (int)(up / (unsigned)g.oh);
    int channels = g.c / g.groups;
    int first = o / (g.o / g.groups) * channels;
    T sum = 0;
    for (int u = 0; u < g.kh; u++) {
        int h = i * g.stride_h + u * g.dilation_h - g.pad_top;
        if (h < 0 || h >= g.h) {
            continue;
        }
        for (int v = 0; v < g.kw; v++) {
            int l = j * g.stride_w + v * g.dilation_w - g.pad_left;
            if (l < 0 || l >= g.w) {
                continue;
            }
            const T* pixel = x + (((u64)b * g.h + h) * g.w + l) * g.c + first;
            const T* tap = w + (u64)(u * g.kw + v) * channels * g.o + o;
            for (int c = 0; c < channels; c++) {
                sum += pixel[c] * tap[(u64)c * g.o];
            }
        }
    }
    y[t] = sum;
}

extern "C" __global__ void conv2d_fwd_f32_v1(const float* x, const float* w, float* y, unsigned n, Conv g) {
    forward(x, w, y, n, g);
}
extern "C" __global__ void conv2d_fwd_f64_v1(const double* x, const double* w, double* y, unsigned n, Conv g) {
    forward(x, w, y, n, g);
}

// dx from dy and w: each input looks for the outputs whose taps lie on it.
template <typename T>
__device__ void input(const T* dy, const T* w, T* dx, unsigned n, const Conv& g) {
    unsigned t = thread_number();
    if (t >= n) {
        return;
    }
    int c = (int)(t % (unsigned)g.c);
    unsigned up = t / (unsigned)g.c;
    int l = (int)(up % (unsigned)g.w);
    up /= (unsigned)g.w;
    int h = (int)(up % (unsigned)g.h);
    int b = (int)(up / (unsigned)g.h);
    int channels = g.c / g.groups;
    int outputs = g.o / g.groups;
    int first = c / channels * outputs;
    T sum = 0;
    for (int u = 0; u < g.kh; u++) {
        int i = h + g.pad_top - u * g.dilation_h;
        if (i < 0 || i % g.stride_h != 0 || i / g.stride_h >= g.oh) {
            continue;
        }
        for (int v = 0; v < g.kw; v++) {
            int j = l + g.pad_left - v * g.dilation_w;
            if (j < 0 || j % g.stride_w != 0 || j / g.stride_w >= g.ow) {
                continue;
            }
            const T* pixel = dy + (((u64)b * g.oh + i / g.stride_h) * g.ow + j / g.stride_w) * g.o + first;
            const T* tap = w + ((u64)(u * g.kw + v) * channels + c % channels) * g.o + first;
            for (int o = 0; o < outputs; o++) {
                sum += pixel[o] * tap[o];
            }
        }
    }
    dx[t] = sum;
}

extern "C" __global__ void conv2d_input_fwd_f32_v1(const float* dy, const float* w, float* dx, unsigned n, Conv g) {
    input(dy, w, dx, n, g);
}
extern "C" __global__ void conv2d_input_fwd_f64_v1(const double* dy, const double* w, double* dx, unsigned n, Conv g) {
    input(dy, w, dx, n, g);
}

// dw from x and dy, summed over batch and positions; long sums, so f32 goes on in f64 after every row of outputs.
template <typename T>
__device__ void weight(const T* x, const T* dy, T* dw, unsigned n, const Conv& g) {
    unsigned t = thread_number();
    if (t >= n) {
        return;
    }
    int o = (int)(t % (unsigned)g.o);
    unsigned up = t / (unsigned)g.o;
    int channels = g.c / g.groups;
    int c = (int)(up % (unsigned)channels);
    up /= (unsigned)channels;
    int v = (int)(up % (unsigned)g.kw);
    int u = (int)(up / (unsigned)g.kw);
    int channel = o / (g.o / g.groups) * channels + c;
    double sum = 0;
    for (int b = 0; b < g.b; b++) {
        for (int i = 0; i < g.oh; i++) {
            int h = i * g.stride_h + u * g.dilation_h - g.pad_top;
            if (h < 0 || h >= g.h) {
                continue;
            }
            T row = 0;
            for (int j = 0; j < g.ow; j++) {
                int l = j * g.stride_w + v * g.dilation_w - g.pad_left;
                if (l >= 0 && l < g.w) {
                    row += x[(((u64)b * g.h + h) * g.w + l) * g.c + channel]
                        * dy[(((u64)b * g.oh + i) * g.ow + j) * g.o + o];
                }
            }
            sum += (double)row;
        }
    }
    dw[t] = (T)sum;
}

extern "C" __global__ void conv2d_weight_fwd_f32_v1(const float* x, const float* dy, float* dw, unsigned n, Conv g) {
    weight(x, dy, dw, n, g);
}
extern "C" __global__ void conv2d_weight_fwd_f64_v1(const double* x, const double* dy, double* dw, unsigned n, Conv g) {
    weight(x, dy, dw, n, g);
}
