package dev.seiche.kernels.cpu;

/**
 * Neighbouring pooling windows of one row of outputs, all of one size and inside the input. Counts are in elements.
 *
 * @param windows how many there are
 * @param step from a window's first pixel to the next one's
 * @param rows of pixels in a window
 * @param columns of pixels in a window
 * @param rowStride from a pixel to the one below
 * @param channels elements of a pixel, and from it to the next in its row
 */
record PoolRun(int windows, long step, int rows, int columns, long rowStride, int channels) {
    /** From the first pixel of window 0 to element {@code c} of pixel (h, l) of window {@code w}. */
    long place(int w, int h, int l, int c) {
        return w * step + h * rowStride + (long) l * channels + c;
    }
}
