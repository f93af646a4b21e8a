#include "convolution.h"

#include <vector>

namespace seiche {

static int outputs(int in, int pad, int kernel, int stride, int dilation) {
    return (in + 2 * pad - dilation * (kernel - 1) - 1) / stride + 1;
}

int Convolution::outputH() const { return outputs(x.h, window.padH, filter.h, window.strideH, window.dilationH); }

int Convolution::outputW() const { return outputs(x.w, window.padW, filter.w, window.strideW, window.dilationW); }

const char* Convolution::misfit() const {
    if (x.type != filter.type || x.type != y.type || (x.type != 0 && x.type != 1)) return "types";
    if (window.groups < 1 || filter.n % window.groups != 0 || filter.c * window.groups != x.c) return "channels and groups";
    if (y.n != x.n || y.c != filter.n || y.h != outputH() || y.w != outputW()) return "extents of the output";
    return nullptr;
}

template <typename T>
static void store(double alpha, double sum, double beta, T& out) {
    out = (T)(alpha * sum + (beta == 0 ? 0 : beta * (double)out));
}

template <typename T>
void Convolution::forward(double alpha, const T* xs, const T* fs, double beta, T* ys) const {
    const int perGroup = filter.n / window.groups;
    for (int n = 0; n < y.n; n++) {
        for (int k = 0; k < y.c; k++) {
            const int firstChannel = k / perGroup * filter.c;
            for (int oh = 0; oh < y.h; oh++) {
                for (int ow = 0; ow < y.w; ow++) {
                    double sum = 0;
                    for (int kh = 0; kh < filter.h; kh++) {
                        for (int kw = 0; kw < filter.w; kw++) {
                            const int h = row(oh, kh), w = column(ow, kw);
                            if (h < 0 || h >= x.h || w < 0 || w >= x.w) continue;
                            for (int c = 0; c < filter.c; c++) {
                                sum += (double)xs[x.at(n, firstChannel + c, h, w)] * (double)fs[tap(k, c, kh, kw)];
                            }
                        }
                    }
                    store(alpha, sum, beta, ys[y.at(n, k, oh, ow)]);
                }
            }
        }
    }
}

template <typename T>
void Convolution::backwardData(double alpha, const T* fs, const T* dys, double beta, T* dxs) const {
    const int perGroup = filter.n / window.groups;
    std::vector<double> sums((std::size_t)x.c * (std::size_t)x.h * (std::size_t)x.w);
    auto sumAt = [&](int c, int h, int w) -> double& { return sums[(std::size_t)((c * x.h + h) * x.w + w)]; };
    for (int n = 0; n < x.n; n++) {
        sums.assign(sums.size(), 0);
        for (int k = 0; k < y.c; k++) {
            const int firstChannel = k / perGroup * filter.c;
            for (int oh = 0; oh < y.h; oh++) {
                for (int ow = 0; ow < y.w; ow++) {
                    const double dy = (double)dys[y.at(n, k, oh, ow)];
                    for (int kh = 0; kh < filter.h; kh++) {
                        for (int kw = 0; kw < filter.w; kw++) {
                            const int h = row(oh, kh), w = column(ow, kw);
                            if (h < 0 || h >= x.h || w < 0 || w >= x.w) continue;
                            for (int c = 0; c < filter.c; c++) {
                                sumAt(firstChannel + c, h, w) += dy * (double)fs[tap(k, c, kh, kw)];
                            }
                        }
                    }
                }
            }
        }
        for (int c = 0; c < x.c; c++) {
            for (int h = 0; h < x.h; h++) {
                for (int w = 0; w < x.w; w++) store(alpha, sumAt(c, h, w), beta, dxs[x.at(n, c, h, w)]);
            }
        }
    }
}

template <typename T>
void Convolution::backwardFilter(double alpha, const T* xs, const T* dys, double beta, T* dfs) const {
    const int perGroup = filter.n / window.groups;
    for (int k = 0; k < filter.n; k++) {
        const int firstChannel = k / perGroup * filter.c;
        for (int c = 0; c < filter.c; c++) {
            for (int kh = 0; kh < filter.h; kh++) {
                for (int kw = 0; kw < filter.w; kw++) {
                    double sum = 0;
                    for (int n = 0; n < x.n; n++) {
                        for (int oh = 0; oh < y.h; oh++) {
                            for (int ow = 0; ow < y.w; ow++) {
                                const int h = row(oh, kh), w = column(ow, kw);
                                if (h < 0 || h >= x.h || w < 0 || w >= x.w) continue;
                                sum += (double)xs[x.at(n, firstChannel + c, h, w)] * (double)dys[y.at(n, k, oh, ow)];
                            }
                        }
                    }
                    store(alpha, sum, beta, dfs[tap(k, c, kh, kw)]);
                }
            }
        }
    }
}

template void Convolution::forward(double, const float*, const float*, double, float*) const;
template void Convolution::forward(double, const double*, const double*, double, double*) const;
template void Convolution::backwardData(double, const float*, const float*, double, float*) const;
template void Convolution::backwardData(double, const double*, const double*, double, double*) const;
template void Convolution::backwardFilter(double, const float*, const float*, double, float*) const;
template void Convolution::backwardFilter(double, const double*, const double*, double, double*) const;

}  // namespace seiche
