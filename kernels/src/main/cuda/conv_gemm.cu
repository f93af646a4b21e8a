// Convolutions as products of matrices that are never laid out (v2): tile.cuh multiplies, and a loader finds each
// operand where it lies in the image. Stride, padding, dilation and groups are all in the loaders; blockIdx.z is the
// group.
//
//   forward           y[(b,i,j), o]   = sum over (u,v,c) of x[b, i s + u d - p, .., c]     w[(u,v,c), o]
//   backward-data     dx[(b,h,l), c]  = sum over (u,v,o) of dy[b, (h + p - u d) / s, .., o]  w[u,v,c,o]
//   backward-weights  dw[(u,v,c), o]  = sum over (b,i,j) of x[b, i s + u d - p, .., c]     dy[(b,i,j), o]
//
// The inner axis of backward-weights is long and its result small, so it is cut into parts by its length alone, each
// part is summed by its own blocks, and the parts are added in order.
#include "conv.cuh"
#include "tile.cuh"

// Quotients of a place along the inner axis (u, v, channel), the channel innermost.
struct Tap {
    int u;
    int v;
    int channel;
};

__device__ __forceinline__ Tap tap(int k, int channels, int kw) {
    unsigned at = (unsigned)k / (unsigned)channels;
    Tap t = {(int)(at / (unsigned)kw), (int)(at % (unsigned)kw), k - (int)at * channels};
    return t;
}

// x under the window of output (b, i, j), a row of the result: places (u, v, c) down the inner axis.
template <typename T>
struct Windows {
    Spot<T> spot;
    const T* image; // x at (b, 0, 0, first channel of the group)
    int top;        // input row and column under tap (0, 0); may lie in the padding
    int left;
    int channels; // of the group
    bool inside;  // the row exists
    bool vectors;
    const Conv& g;

    __device__ __forceinline__ Windows(int thread, const T* x, int first_row, int group, bool vectors, const Conv& g)
        : spot(thread, true), vectors(vectors), g(g) {
        int row = first_row + spot.along;
        inside = row < g.b * g.oh * g.ow;
        channels = g.c / g.groups;
        int j = row % g.ow;
        int up = row / g.ow;
        int i = up % g.oh;
        int b = inside ? up / g.oh : 0;
        top = i * g.stride_h - g.pad_top;
        left = j * g.stride_w - g.pad_left;
        image = x + (i64)b * g.h * g.w * g.c + group * channels;
    }

    __device__ __forceinline__ T at(int k, int end) const {
        Tap t = tap(k, channels, g.kw);
        int h = top + t.u * g.dilation_h;
        int l = left + t.v * g.dilation_w;
        bool hit = inside && k < end && h >= 0 && h < g.h && l >= 0 && l < g.w;
        return hit ? image[((i64)h * g.w + l) * g.c + t.channel] : T(0);
    }

    __device__ __forceinline__ void fetch(T (&r)[Tile<T>::VECTOR], int step, int end) const {
        int k = step + spot.inner;
        if (vectors && k < end) {
            Tap t = tap(k, channels, g.kw);
            int h = top + t.u * g.dilation_h;
            int l = left + t.v * g.dilation_w;
            if (inside && h >= 0 && h < g.h && l >= 0 && l < g.w) {
                load(r, image + ((i64)h * g.w + l) * g.c + t.channel);
                return;
            }
        }
#pragma unroll
        for (int n = 0; n < Tile<T>::VECTOR; n++) {
            r[n] = vectors ? T(0) : at(k + n, end);
        }
    }
};

// dy that the taps of input (b, h, l), a row of the result, met: places (u, v, o) down the inner axis.
template <typename T>
struct Meetings {
    Spot<T> spot;
    const T* image; // dy at (b, 0, 0, first output of the group)
    int bottom;     // h + padding: tap u met output row (bottom - u dilation) / stride, where that is whole
    int right;
    int outputs; // of the group
    bool inside;
    bool vectors;
    const Conv& g;

    __device__ __forceinline__ Meetings(int thread, const T* dy, int first_row, int group, bool vectors, const Conv& g)
        : spot(thread, true), vectors(vectors), g(g) {
        int row = first_row + spot.along;
        inside = row < g.b * g.h * g.w;
        outputs = g.o / g.groups;
        int l = row % g.w;
        int up = row / g.w;
        int h = up % g.h;
        int b = inside ? up / g.h : 0;
        bottom = h + g.pad_top;
        right = l + g.pad_left;
        image = dy + (i64)b * g.oh * g.ow * g.o + group * outputs;
    }

    // Where the operand lies, or -1 where the tap met no output.
    __device__ __forceinline__ i64 find(int k, int end) const {
        Tap t = tap(k, outputs, g.kw);
        int i = bottom - t.u * g.dilation_h;
        int j = right - t.v * g.dilation_w;
        bool hit = inside && k < end && i >= 0 && j >= 0 && i % g.stride_h == 0 && j % g.stride_w == 0;
        i /= g.stride_h;
        j /= g.stride_w;
        return hit && i < g.oh && j < g.ow ? ((i64)i * g.ow + j) * g.o + t.channel : -1;
    }

    __device__ __forceinline__ void fetch(T (&r)[Tile<T>::VECTOR], int step, int end) const {
        int k = step + spot.inner;
        if (vectors) {
            i64 place = find(k, end);
            if (place >= 0) {
                load(r, image + place);
                return;
            }
        }
#pragma unroll
        for (int n = 0; n < Tile<T>::VECTOR; n++) {
            i64 place = vectors ? -1 : find(k + n, end);
            r[n] = place < 0 ? T(0) : image[place];
        }
    }
};

// w for backward-data: rows (u, v, o) down the inner axis, columns c.
template <typename T>
struct Filters {
    Spot<T> spot;
    const T* from; // w at (0, 0, c, first output of the group)
    int outputs;
    int channels;
    bool inside;
    bool vectors;
    const Conv& g;

    __device__ __forceinline__ Filters(int thread, const T* w, int first_column, int group, bool vectors, const Conv& g)
        : spot(thread, true), vectors(vectors), g(g) {
        outputs = g.o / g.groups;
        channels = g.c / g.groups;
        int c = first_column + spot.along;
        inside = c < channels;
        from = w + (i64)(inside ? c : 0) * g.o + group * outputs;
    }

    __device__ __forceinline__ i64 find(int k) const {
        Tap t = tap(k, outputs, g.kw);
        return (i64)(t.u * g.kw + t.v) * channels * g.o + t.channel;
    }

    __device__ __forceinline__ void fetch(T (&r)[Tile<T>::VECTOR], int step, int end) const {
        int k = step + spot.inner;
        if (vectors && inside && k < end) {
            load(r, from + find(k));
            return;
        }
#pragma unroll
        for (int n = 0; n < Tile<T>::VECTOR; n++) {
            r[n] = inside && k + n < end ? from[find(k + n)] : T(0);
        }
    }
};

// x for backward-weights: rows (u, v, c) along the results, places (b, i, j) down the inner axis.
template <typename T>
struct Patches {
    Spot<T> spot;
    const T* x; // at the first channel of the group
    int first_row;
    int rows; // of the whole result
    int channels;
    bool vectors;
    const Conv& g;

    __device__ __forceinline__ Patches(int thread, const T* x, int first_row, int group, bool vectors, const Conv& g)
        : spot(thread, false), first_row(first_row), vectors(vectors), g(g) {
        channels = g.c / g.groups;
        rows = g.kh * g.kw * channels;
        this->x = x + group * channels;
    }

    __device__ __forceinline__ i64 find(int row, int b, int i, int j) const {
        Tap t = tap(row, channels, g.kw);
        int h = i * g.stride_h + t.u * g.dilation_h - g.pad_top;
        int l = j * g.stride_w + t.v * g.dilation_w - g.pad_left;
        bool hit = row < rows && h >= 0 && h < g.h && l >= 0 && l < g.w;
        return hit ? (((i64)b * g.h + h) * g.w + l) * g.c + t.channel : -1;
    }

    __device__ __forceinline__ void fetch(T (&r)[Tile<T>::VECTOR], int step, int end) const {
        int k = step + spot.inner;
        bool exists = k < end;
        int j = k % g.ow;
        int up = k / g.ow;
        int i = up % g.oh;
        int b = up / g.oh;
        int row = first_row + spot.along;
        if (vectors) {
            i64 place = exists ? find(row, b, i, j) : -1;
            if (place >= 0) {
                load(r, x + place);
                return;
            }
        }
#pragma unroll
        for (int n = 0; n < Tile<T>::VECTOR; n++) {
            i64 place = exists && !vectors ? find(row + n, b, i, j) : -1;
            r[n] = place < 0 ? T(0) : x[place];
        }
    }
};

// Writes a thread's results to rows of `pitch` elements; the block's first result is at `to`.
template <typename T>
__device__ __forceinline__ void write(
    T* to, const T (&sum)[Tile<T>::STEP][Tile<T>::STEP], int rows, int columns, int pitch) {
    int thread = threadIdx.x;
#pragma unroll
    for (int i = 0; i < Tile<T>::STEP; i++) {
        int row = spread<T>(thread / SIDE, i);
#pragma unroll
        for (int j = 0; j < Tile<T>::STEP; j++) {
            int column = spread<T>(thread % SIDE, j);
            if (row < rows && column < columns) {
                to[(i64)row * pitch + column] = sum[i][j];
            }
        }
    }
}

// `vectors`: bit 0 promises aligned runs of 16 bytes in the image, bit 1 in the other operand.
template <typename T>
__device__ void forward(const T* x, const T* w, T* y, int vectors, const Conv& g, T* left, T* right) {
    int first_row = blockIdx.x * WIDTH(T);
    int first_column = blockIdx.y * WIDTH(T);
    int group = blockIdx.z;
    int outputs = g.o / g.groups;
    Windows<T> rows(threadIdx.x, x, first_row, group, (vectors & 1) != 0, g);
    Panel<T> columns = {
        Spot<T>(threadIdx.x, false),
        w + group * outputs + first_column,
        1,
        g.o,
        outputs - first_column,
        (vectors & 2) != 0};
    T sum[Tile<T>::STEP][Tile<T>::STEP] = {};
    multiply<T>(sum, rows, columns, 0, g.kh * g.kw * (g.c / g.groups), left, right);
    T* to = y + (i64)first_row * g.o + group * outputs + first_column;
    write<T>(to, sum, g.b * g.oh * g.ow - first_row, outputs - first_column, g.o);
}

template <typename T>
__device__ void input(const T* dy, const T* w, T* dx, int vectors, const Conv& g, T* left, T* right) {
    int first_row = blockIdx.x * WIDTH(T);
    int first_column = blockIdx.y * WIDTH(T);
    int group = blockIdx.z;
    int channels = g.c / g.groups;
    Meetings<T> rows(threadIdx.x, dy, first_row, group, (vectors & 1) != 0, g);
    Filters<T> columns(threadIdx.x, w, first_column, group, (vectors & 2) != 0, g);
    T sum[Tile<T>::STEP][Tile<T>::STEP] = {};
    multiply<T>(sum, rows, columns, 0, g.kh * g.kw * (g.o / g.groups), left, right);
    T* to = dx + (i64)first_row * g.c + group * channels + first_column;
    write<T>(to, sum, g.b * g.h * g.w - first_row, channels - first_column, g.c);
}

// blockIdx.z is group * parts + part; part p goes to partial[p] of the size of dw.
template <typename T>
__device__ void weight(
    const T* x, const T* dy, T* partial, int vectors, int parts, const Conv& g, T* left, T* right) {
    int first_row = blockIdx.x * WIDTH(T);
    int first_column = blockIdx.y * WIDTH(T);
    int group = (int)blockIdx.z / parts;
    int part = (int)blockIdx.z % parts;
    int outputs = g.o / g.groups;
    int rows_in_all = g.kh * g.kw * (g.c / g.groups);
    i64 inner = (i64)g.b * g.oh * g.ow;
    Patches<T> rows(threadIdx.x, x, first_row, group, (vectors & 1) != 0, g);
    Panel<T> columns = {
        Spot<T>(threadIdx.x, false),
        dy + group * outputs + first_column,
        1,
        g.o,
        outputs - first_column,
        (vectors & 2) != 0};
    T sum[Tile<T>::STEP][Tile<T>::STEP] = {};
    multiply<T>(sum, rows, columns, (int)(inner * part / parts), (int)(inner * (part + 1) / parts), left, right);
    T* to = partial + ((i64)part * rows_in_all + first_row) * g.o + group * outputs + first_column;
    write<T>(to, sum, rows_in_all - first_row, outputs - first_column, g.o);
}

extern "C" __global__ __launch_bounds__(SIDE * SIDE, 2) void conv2d_fwd_f32_v2(
    const float* x, const float* w, float* y, int vectors, Conv g) {
    __shared__ __align__(16) float left[BUFFERS(float)];
    __shared__ __align__(16) float right[BUFFERS(float)];
    forward(x, w, y, vectors, g, left, right);
}
extern "C" __global__ __launch_bounds__(SIDE * SIDE) void conv2d_fwd_f64_v2(
    const double* x, const double* w, double* y, int vectors, Conv g) {
    __shared__ __align__(16) double left[BUFFERS(double)];
    __shared__ __align__(16) double right[BUFFERS(double)];
    forward(x, w, y, vectors, g, left, right);
}
extern "C" __global__ __launch_bounds__(SIDE * SIDE, 2) void conv2d_input_fwd_f32_v2(
    const float* dy, const float* w, float* dx, int vectors, Conv g) {
    __shared__ __align__(16) float left[BUFFERS(float)];
    __shared__ __align__(16) float right[BUFFERS(float)];
    input(dy, w, dx, vectors, g, left, right);
}
extern "C" __global__ __launch_bounds__(SIDE * SIDE) void conv2d_input_fwd_f64_v2(
    const double* dy, const double* w, double* dx, int vectors, Conv g) {
    __shared__ __align__(16) double left[BUFFERS(double)];
    __shared__ __align__(16) double right[BUFFERS(double)];
    input(dy, w, dx, vectors, g, left, right);
}
extern "C" __global__ __launch_bounds__(SIDE * SIDE, 2) void conv2d_weight_fwd_f32_v2(
    const float* x, const float* dy, float* partial, int vectors, int parts, Conv g) {
    __shared__ __align__(16) float left[BUFFERS(float)];
    __shared__ __align__(16) float right[BUFFERS(float)];
    weight(x, dy, partial, vectors, parts, g, left, right);
}
extern "C" __global__ __launch_bounds__(SIDE * SIDE) void conv2d_weight_fwd_f64_v2(
    const double* x, const double* dy, double* partial, int vectors, int parts, Conv g) {
    __shared__ __align__(16) double left[BUFFERS(double)];
    __shared__ __align__(16) double right[BUFFERS(double)];
    weight(x, dy, partial, vectors, parts, g, left, right);
}

// Adds up the parts of dw in order, in f64.
template <typename T>
__device__ void add_parts(const T* partial, T* dw, unsigned n, int parts) {
    unsigned i = thread_number();
    if (i < n) {
        double sum = 0;
        for (int part = 0; part < parts; part++) {
            sum += (double)partial[(u64)part * n + i];
        }
        dw[i] = (T)sum;
    }
}

extern "C" __global__ void conv2d_weight_parts_fwd_f32_v2(const float* partial, float* dw, unsigned n, int parts) {
    add_parts(partial, dw, n, parts);
}
extern "C" __global__ void conv2d_weight_parts_fwd_f64_v2(const double* partial, double* dw, unsigned n, int parts) {
    add_parts(partial, dw, n, parts);
}
