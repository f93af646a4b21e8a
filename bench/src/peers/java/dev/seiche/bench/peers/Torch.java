package dev.seiche.bench.peers;

import dev.seiche.bench.Array;
import dev.seiche.tensor.Shape;

/** Between Seiche's layouts and PyTorch's: images NCHW, convolution weights [out, in, KH, KW], linear weights [out, in]. */
final class Torch {
    private static final int[] IMAGES_TO_TORCH = {0, 3, 1, 2};
    private static final int[] IMAGES_FROM_TORCH = {0, 2, 3, 1};
    private static final int[] KERNEL_TO_TORCH = {3, 2, 0, 1};
    private static final int[] KERNEL_FROM_TORCH = {2, 3, 1, 0};
    private static final int[] TRANSPOSE = {1, 0};

    private Torch() {}

    static Array imagesTo(Array x) {
        return permuted(x, IMAGES_TO_TORCH);
    }

    static Array imagesFrom(Array x) {
        return permuted(x, IMAGES_FROM_TORCH);
    }

    static Array kernelTo(Array w) {
        return permuted(w, KERNEL_TO_TORCH);
    }

    static Array kernelFrom(Array w) {
        return permuted(w, KERNEL_FROM_TORCH);
    }

    static Array transposed(Array w) {
        return permuted(w, TRANSPOSE);
    }

    /** Rows of a linear weight that follow pixels in HWC order, put in CHW order. */
    static Array rowsToChannelsFirst(Array w, int height, int width, int channels) {
        return rows(w, Shape.of(height, width, channels, w.shape().dim(1)), new int[] {2, 0, 1, 3});
    }

    /** The way back of {@link #rowsToChannelsFirst}. */
    static Array rowsToChannelsLast(Array w, int height, int width, int channels) {
        return rows(w, Shape.of(channels, height, width, w.shape().dim(1)), new int[] {1, 2, 0, 3});
    }

    private static Array rows(Array w, Shape split, int[] permutation) {
        Array moved = permuted(new Array(w.name(), split, w.values()), permutation);
        return new Array(w.name(), w.shape(), moved.values());
    }

    static long[] dims(Array array) {
        long[] dims = new long[array.shape().rank()];
        for (int i = 0; i < dims.length; i++) {
            dims[i] = array.shape().dim(i);
        }
        return dims;
    }

    /** Axis k of the result is axis {@code permutation[k]} of x. */
    private static Array permuted(Array x, int[] permutation) {
        int rank = permutation.length;
        int[] dims = new int[rank];
        long[] strides = new long[rank];
        for (int k = 0; k < rank; k++) {
            dims[k] = x.shape().dim(permutation[k]);
            strides[k] = x.shape().contiguousStrides()[permutation[k]];
        }
        float[] out = new float[x.values().length];
        int[] at = new int[rank];
        long from = 0;
        for (int i = 0; i < out.length; i++) {
            out[i] = x.values()[Math.toIntExact(from)];
            for (int k = rank - 1; k >= 0; k--) {
                from += strides[k];
                if (++at[k] < dims[k]) {
                    break;
                }
                from -= strides[k] * dims[k];
                at[k] = 0;
            }
        }
        return new Array(x.name(), Shape.of(dims), out);
    }
}
