// What the kernels of matrix products share.
#pragma once
#include "device.cuh"

// y[batch, m, n] = sum over k of a[batch, m, k] b[batch, k, n] + bias[n], each operand by its own strides: a transposed
// operand has its strides swapped, a broadcast one a batch stride of 0. y and bias are contiguous; bias may be null.
// Laid out as Products.java writes it.
struct Product {
    int m, n, k;
    int batches;
    i64 a_row, a_inner;
    i64 b_inner, b_column;
    // where each batch's matrices start: a, b; y is contiguous
    Space batch;
};
