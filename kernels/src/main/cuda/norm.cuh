// Mean, variance, and what a gradient needs beside them, of some elements: Welford's update, under which nothing cancels
// when the mean is large. Groups are merged by the formula of Chan, Golub and LeVeque, in f64.
#pragma once
#include "device.cuh"

// Of some elements, whose number is known: the mean and the sum of squared deviations of x, the mean of dy, and the sum of
// products of deviations of both.
template <typename F>
struct Moments {
    F mean;
    F squares;
    F slope;
    F products;
};

// Adds an element, with which there are `count`; without a gradient dy is not looked at.
template <bool GRAD, typename F>
__device__ __forceinline__ void take(Moments<F>& m, F count, F x, F dy) {
    F off = x - m.mean;
    m.mean += off / count;
    m.squares += off * (x - m.mean);
    if (GRAD) {
        m.slope += (dy - m.slope) / count;
        m.products += off * (dy - m.slope);
    }
}

template <typename F>
__device__ __forceinline__ Moments<double> wide(const Moments<F>& m) {
    return {(double)m.mean, (double)m.squares, (double)m.slope, (double)m.products};
}

// The n elements of b, which may be none, added to the m of a.
__device__ __forceinline__ void merge(Moments<double>& a, double m, const Moments<double>& b, double n) {
    if (n == 0) {
        return;
    }
    double share = n / (m + n);
    double off = b.mean - a.mean;
    double slope = b.slope - a.slope;
    a.mean += off * share;
    a.squares += b.squares + off * off * m * share;
    a.slope += slope * share;
    a.products += b.products + off * slope * m * share;
}

// What is left to do once the moments of a group are known.
template <typename T>
struct Finish {
    T mean;
    T factor;
    T slope;
    T bend;
};

template <typename T>
__device__ __forceinline__ Finish<T> finish(const Moments<double>& m, unsigned n, double eps) {
    double factor = 1.0 / fn::sqrt(m.squares / n + eps);
    return {(T)m.mean, (T)factor, (T)m.slope, (T)(m.products / n * factor * factor)};
}

template <typename T>
__device__ __forceinline__ T standardised(const Finish<T>& f, T x) {
    return (x - f.mean) * f.factor;
}

template <typename T>
__device__ __forceinline__ T gradient(const Finish<T>& f, T x, T dy) {
    return (dy - f.slope - (x - f.mean) * f.bend) * f.factor;
}

// y[0] of each group is its mean, y[1] its variance.
template <typename T>
__device__ __forceinline__ void write_moments(
    T* y, unsigned group, unsigned groups, const Moments<double>& m, unsigned n) {
    y[group] = (T)m.mean;
    y[groups + group] = (T)(m.squares / n);
}
