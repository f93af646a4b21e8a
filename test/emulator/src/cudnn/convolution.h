// Convolutions over tensors with any strides, straight from the definition. Sums are taken in double and rounded once.
#pragma once
#include <cstddef>
#include <cstdint>

namespace seiche {

// Extents and element strides of a 4-d tensor, or of a filter with output channels as N.
struct Layout {
    int n = 0, c = 0, h = 0, w = 0;
    long long sn = 0, sc = 0, sh = 0, sw = 0;
    int type = 0;  // cudnnDataType_t: 0 float, 1 double

    long long at(int in, int ic, int ih, int iw) const { return in * sn + ic * sc + ih * sh + iw * sw; }
    uint64_t bytes() const {
        if (n == 0 || c == 0 || h == 0 || w == 0) return 0;
        return (uint64_t)(at(n - 1, c - 1, h - 1, w - 1) + 1) * (type == 1 ? 8 : 4);
    }
};

struct Window {
    int padH = 0, padW = 0, strideH = 1, strideW = 1, dilationH = 1, dilationW = 1;
    int mode = 1;  // cudnnConvolutionMode_t: 0 flips the filter, 1 does not
    int groups = 1;
    int mathType = 0;
};

struct Convolution {
    Layout x, filter, y;
    Window window;

    // Null, or why the three do not fit together.
    const char* misfit() const;
    int outputH() const;
    int outputW() const;

    // y = alpha conv(x, f) + beta y, and the same for the two gradients. T is float or double.
    template <typename T>
    void forward(double alpha, const T* xs, const T* fs, double beta, T* ys) const;
    template <typename T>
    void backwardData(double alpha, const T* fs, const T* dys, double beta, T* dxs) const;
    template <typename T>
    void backwardFilter(double alpha, const T* xs, const T* dys, double beta, T* dfs) const;

private:
    int row(int oh, int kh) const { return oh * window.strideH - window.padH + kh * window.dilationH; }
    int column(int ow, int kw) const { return ow * window.strideW - window.padW + kw * window.dilationW; }
    long long tap(int k, int c, int kh, int kw) const {
        return window.mode == 1 ? filter.at(k, c, kh, kw) : filter.at(k, c, filter.h - 1 - kh, filter.w - 1 - kw);
    }
};

}  // namespace seiche
