// What the kernels of convolutions share.
#pragma once
#include "device.cuh"

// Sizes and geometry of a convolution: x[b,h,w,c], w[kh,kw,c/groups,o], y[b,oh,ow,o]. Laid out as Convolutions.java
// writes it.
struct Conv {
    int b, h, w, c;
    int kh, kw, o;
    int oh, ow;
    int stride_h, stride_w;
    int pad_top, pad_left;
    int dilation_h, dilation_w;
    int groups;
};
