// What the questions to the gradient G_i of a convolution's weight of each sample share. They are answered while a gradient
// is in registers; a linear layer over T positions is the 1x1 convolution of [B, T, 1, d].
//
// v1: a thread per result forms every element of G that it needs anew. The plain definition.
// v2: the product of a weight gradient with an epilogue for each sample: a block forms a tile of G_i over the positions
// of sample i, asks it, and goes on to the next sample; answers of tiles and of parts of the batch are added in order,
// in f64. The operations of a weight gradient, and no gradient in memory. Where a tile is not enough, sketches and Gram
// matrices by coordinates, slabs of gradients are formed, used and dropped.
#pragma once
#include "sample.cuh"

// Element c of G_i, counted row by row over the whole weight.
template <typename T>
__device__ double element(const T* x, const T* dy, const Conv& g, int i, int c) {
    int group = c % g.o / weight_columns(g);
    int column = c % g.o % weight_columns(g);
    double sum = 0;
    for (int s = 0; s < g.oh * g.ow; s++) {
        sum += (double)patch(x, g, i, s, group, c / g.o) * (double)cotangent(dy, g, i, s, group, column);
    }
    return sum;
}

// The first sample of a part of the batch.
__device__ __forceinline__ int part_begin(unsigned part, unsigned parts, const Conv& g) {
    return (int)((i64)g.b * part / parts);
}
