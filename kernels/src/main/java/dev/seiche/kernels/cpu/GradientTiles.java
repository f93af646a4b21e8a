package dev.seiche.kernels.cpu;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.ref.Reference;

/**
 * Forms the gradient of a convolution's weight for one sample, a tile at a time: some rows of one group, which are elements
 * of the patch, and all its columns, which are filters. Under one tap of the window the pixels that it meets and what came
 * back for them are two matrices, read where they lie; positions whose tap lies in the padding are left out.
 *
 * @param rows the most rows of a tile
 */
record GradientTiles(Patches sizes, TileLoops loops, MemorySegment x, MemorySegment dy, int rows) {
    /** Elements of a tile that are formed and read before they leave the second-level cache. */
    static final int TILE = 1 << 16;

    /** A sample's maps that are brought into the second-level cache as a whole: half of a small one. */
    private static final int FETCHED_BYTES = 1 << 19;

    private static final int LINE_BYTES = 64;

    /** Fewer rows than this are not worth the way through all pixels. */
    private static final int FEWEST_ROWS = 32;

    /** Tiles of at most {@code elements}, or so few rows as are worth a product. */
    static GradientTiles of(Patches s, TileLoops loops, MemorySegment x, MemorySegment dy, int elements) {
        int most = Math.clamp(elements / s.filtersPerGroup(), Math.min(FEWEST_ROWS, s.patch()), s.patch());
        int tiles = Math.ceilDiv(s.patch(), most);
        return new GradientTiles(s, loops, x, dy, Math.ceilDiv(s.patch(), tiles));
    }

    /** How many tiles one group of one sample has. */
    int perGroup() {
        return Math.ceilDiv(sizes.patch(), rows);
    }

    int firstRow(int tile) {
        return tile * rows;
    }

    int rows(int tile) {
        return Math.min(rows, sizes.patch() - tile * rows);
    }

    long tileBytes() {
        return (long) rows * sizes.filtersPerGroup() * sizes.dtype().bytes();
    }

    /**
     * Brings a sample's maps into the second-level cache, line after line, which {@link #form} reads in strides: from
     * farther away it would wait for many of them. Does nothing for maps that would not stay there.
     */
    void fetch(int sample, int group) {
        long pixels = (long) sizes.x().dim(1) * sizes.x().dim(2);
        long positions = sizes.perSample();
        int channels = sizes.w().dim(2);
        int bytes = sizes.dtype().bytes();
        if ((pixels * channels + positions * sizes.filtersPerGroup()) * bytes > FETCHED_BYTES) {
            return;
        }
        long first = sample * pixels * sizes.channels() + (long) group * channels;
        read(x.asSlice(first * bytes), pixels, (long) sizes.channels() * bytes, channels * bytes);
        read(
                sizes.outputs(dy, sample * positions, group),
                positions,
                (long) sizes.filters() * bytes,
                sizes.filtersPerGroup() * bytes);
    }

    /** Every cache line of rows that lie so many bytes apart. The fence keeps a sum that nobody needs, and so the reads. */
    @SuppressWarnings("ReachabilityFenceUsage")
    private static void read(MemorySegment from, long rows, long stride, int bytes) {
        long address = Native.at(from, rows == 0 ? 0 : (rows - 1) * stride + bytes);
        int sum = 0;
        for (long row = 0; row < rows; row++) {
            for (int at = 0; at < bytes; at += LINE_BYTES) {
                sum += Native.ALL.get(ValueLayout.JAVA_BYTE, address + row * stride + at);
            }
        }
        Reference.reachabilityFence(sum);
    }

    /** Forms a tile, its rows one after the other. */
    void form(int sample, int group, int tile, MemorySegment to) {
        int channels = sizes.w().dim(2);
        int first = firstRow(tile);
        int end = first + rows(tile);
        long rowBytes = (long) sizes.filtersPerGroup() * sizes.dtype().bytes();
        for (int row = first; row < end; ) {
            int tap = row / channels;
            int next = Math.min(end, (tap + 1) * channels);
            underTap(sample, group, tap, row - tap * channels, next - row, to.asSlice((row - first) * rowBytes));
            row = next;
        }
    }

    /** Some channels' rows of one tap. */
    private void underTap(int sample, int group, int tap, int channel, int count, MemorySegment to) {
        int h = tap / sizes.w().dim(1) * sizes.geometry().dilationH()
                - sizes.geometry().padTop();
        int w = tap % sizes.w().dim(1) * sizes.geometry().dilationW()
                - sizes.geometry().padLeft();
        int strideH = sizes.geometry().strideH();
        int strideW = sizes.geometry().strideW();
        int height = sizes.x().dim(1);
        int width = sizes.x().dim(2);
        int top = first(h, strideH);
        int left = first(w, strideW);
        int lines = end(h, strideH, height, sizes.y().dim(1)) - top;
        int perLine = end(w, strideW, width, sizes.y().dim(2)) - left;
        long bytes = sizes.dtype().bytes();
        if (lines <= 0 || perLine <= 0) {
            to.asSlice(0, (long) count * sizes.filtersPerGroup() * bytes).fill((byte) 0);
            return;
        }
        long channels = sizes.channels();
        long filters = sizes.filters();
        long pixel = ((long) sample * height + (long) top * strideH + h) * width + (long) left * strideW + w;
        long position = ((long) sample * sizes.y().dim(1) + top) * sizes.y().dim(2) + left;
        loops.outer(
                x.asSlice((pixel * channels + (long) group * sizes.w().dim(2) + channel) * bytes),
                sizes.outputs(dy, position, group),
                new TileLoops.Walk(
                        lines,
                        perLine,
                        strideW * channels,
                        channels * width * strideH,
                        filters,
                        sizes.y().dim(2) * filters),
                count,
                sizes.filtersPerGroup(),
                to);
    }

    /** The first position from which a tap lies inside. */
    private static int first(int shift, int stride) {
        return shift >= 0 ? 0 : Math.ceilDiv(-shift, stride);
    }

    /** The position after the last from which a tap lies inside. */
    private static int end(int shift, int stride, int pixels, int positions) {
        return shift >= pixels ? 0 : Math.min(positions, Math.ceilDiv(pixels - shift, stride));
    }
}
