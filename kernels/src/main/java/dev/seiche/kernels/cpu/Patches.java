package dev.seiche.kernels.cpu;

import dev.seiche.tensor.DType;
import dev.seiche.tensor.Shape;
import dev.seiche.tensor.op.ConvGeometry;
import java.lang.foreign.MemorySegment;

/**
 * The sizes of one convolution x[B,H,W,C], w[KH,KW,C/groups,O], y[B,OH,OW,O], and what its window sees: in each group a row
 * of KH KW C/groups numbers for each output position, zeros in the padding.
 */
record Patches(ConvGeometry geometry, Shape x, Shape w, Shape y, DType dtype) {
    /** Does something with channels that lie side by side in the input and in the patch, or with taps in the padding. */
    interface Run {
        /**
         * @param pixel first element in x, or -1 for padding
         * @param at first element in the part of the patch that was asked for
         */
        void visit(long pixel, long at, int elements);
    }

    /** Output positions of all samples. */
    int positions() {
        return Math.toIntExact((long) y.dim(0) * perSample());
    }

    /** Output positions of one sample. */
    int perSample() {
        return y.dim(1) * y.dim(2);
    }

    /** Numbers that the window sees in one group. */
    int patch() {
        return w.dim(0) * w.dim(1) * w.dim(2);
    }

    int channels() {
        return x.dim(3);
    }

    int groups() {
        return geometry.groups();
    }

    int filters() {
        return w.dim(3);
    }

    int filtersPerGroup() {
        return w.dim(3) / geometry.groups();
    }

    /** True when the patch at a position is the pixel there. */
    boolean arePixels() {
        return w.dim(0) * w.dim(1) == 1
                && geometry.strideH() == 1
                && geometry.strideW() == 1
                && x.dim(1) == y.dim(1)
                && x.dim(2) == y.dim(2)
                && geometry.padTop() + geometry.padLeft() == 0;
    }

    /** The columns of w that belong to a group. */
    MemorySegment weights(MemorySegment memory, int group) {
        return memory.asSlice((long) group * filtersPerGroup() * dtype.bytes());
    }

    /** y from an output position on, at the columns of a group. */
    MemorySegment outputs(MemorySegment memory, long position, int group) {
        return memory.asSlice((position * filters() + (long) group * filtersPerGroup()) * dtype.bytes());
    }

    /** Elements {@code from} to {@code to} of the patch at a position, run by run. */
    void eachRun(int position, int group, int from, int to, Run run) {
        int j = position % y.dim(2);
        int i = position / y.dim(2) % y.dim(1);
        long b = position / y.dim(2) / y.dim(1);
        int height = x.dim(1);
        int width = x.dim(2);
        long channels = x.dim(3);
        int perGroup = w.dim(2);
        int taps = w.dim(1);
        // neighbouring taps lie side by side where nothing is left out between them
        int most = geometry.groups() == 1 && geometry.dilationW() == 1 ? taps : 1;
        for (int tap = from / perGroup; tap * perGroup < to; ) {
            int v = tap % taps;
            int h = i * geometry.strideH() + tap / taps * geometry.dilationH() - geometry.padTop();
            int l = j * geometry.strideW() + v * geometry.dilationW() - geometry.padLeft();
            boolean inside = h >= 0 && h < height && l >= 0 && l < width;
            int alike = taps - v; // taps from here on that are all inside, or all outside
            if (inside) {
                alike = Math.min(alike, width - l);
            } else if (l < 0 && h >= 0 && h < height) {
                alike = Math.min(alike, -l);
            }
            int count = Math.min(most, alike);
            int first = Math.max(from, tap * perGroup);
            int end = Math.min(to, (tap + count) * perGroup);
            long inGroup = first - (long) tap * perGroup;
            long pixel = ((b * height + h) * width + l) * channels + (long) group * perGroup + inGroup;
            run.visit(inside ? pixel : -1, first - from, end - first);
            tap += count;
        }
    }

    /** Lays out elements {@code from} to {@code to} of the patch at a position. */
    void lay(MemorySegment from, int position, int group, int first, int end, MemorySegment patch) {
        long bytes = dtype.bytes();
        eachRun(position, group, first, end, (pixel, at, elements) -> {
            if (pixel < 0) {
                patch.asSlice(at * bytes, elements * bytes).fill((byte) 0);
            } else {
                MemorySegment.copy(from, pixel * bytes, patch, at * bytes, elements * bytes);
            }
        });
    }
}
