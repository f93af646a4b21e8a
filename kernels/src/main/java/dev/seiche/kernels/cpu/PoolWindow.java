package dev.seiche.kernels.cpu;

import dev.seiche.tensor.op.PoolGeometry;

/** The part of one pooling window that lies inside the input: rows top..bottom-1, columns left..right-1. */
record PoolWindow(int top, int bottom, int left, int right) {
    /** The window of output (i, j) over an input of this size. */
    static PoolWindow at(PoolGeometry g, int i, int j, int height, int width) {
        int h = i * g.strideH() - g.padTop();
        int l = j * g.strideW() - g.padLeft();
        return new PoolWindow(
                Math.max(h, 0), Math.min(h + g.kernelH(), height), Math.max(l, 0), Math.min(l + g.kernelW(), width));
    }

    /** Elements inside the input. */
    int size() {
        return Math.max(0, bottom - top) * Math.max(0, right - left);
    }

    /** What an average over the window is divided by. */
    double divisor(PoolGeometry g, boolean countPadding) {
        return countPadding ? (double) g.kernelH() * g.kernelW() : size();
    }
}
