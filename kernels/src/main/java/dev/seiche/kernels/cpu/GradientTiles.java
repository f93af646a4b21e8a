package dev.seiche.kernels.cpu;

import dev.seiche.kernels.cpu.gemm.GemmShape;
import java.lang.foreign.MemorySegment;

/**
 * Forms the gradient of a convolution's weight for one sample, a tile at a time: some rows of one group, which are elements
 * of the patch, and all its columns, which are filters. A tile is the product of the transposed patches of the sample's
 * positions and what came back for them.
 *
 * @param rows the most rows of a tile
 */
record GradientTiles(Patches sizes, Gemm gemm, MemorySegment x, MemorySegment dy, int rows) {
    /** Elements of a tile that are formed and read before they leave the second-level cache. */
    static final int TILE = 1 << 16;

    /** Elements of patches that are laid out for a tile, in the same cache. */
    private static final int LAID = 1 << 16;

    /** Fewer rows than this would leave the product's register tiles unfilled. */
    private static final int FEWEST_ROWS = 32;

    /** Tiles of at most {@code elements}, or so few rows as are worth a product. */
    static GradientTiles of(Patches s, Gemm gemm, MemorySegment x, MemorySegment dy, int elements) {
        int fit = Math.min(elements / s.filtersPerGroup(), 2 * LAID / Math.max(1, s.perSample()));
        int most = Math.clamp(fit, Math.min(FEWEST_ROWS, s.patch()), s.patch());
        int tiles = Math.ceilDiv(s.patch(), most);
        return new GradientTiles(s, gemm, x, dy, Math.ceilDiv(s.patch(), tiles));
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

    /** Bytes that {@link #form} needs to lay out patches. */
    long patchBytes() {
        return sizes.arePixels()
                ? 0
                : (long) sizes.perSample() * rows * sizes.dtype().bytes();
    }

    long tileBytes() {
        return (long) rows * sizes.filtersPerGroup() * sizes.dtype().bytes();
    }

    /**
     * Forms a tile, its rows one after the other.
     *
     * @param patches {@link #patchBytes} bytes to work in
     */
    void form(int sample, int group, int tile, MemorySegment patches, MemorySegment to) {
        int count = rows(tile);
        int first = firstRow(tile);
        int positions = sizes.perSample();
        long bytes = sizes.dtype().bytes();
        int start = sample * positions;
        MemorySegment left = patches;
        long leading = count;
        if (sizes.arePixels()) {
            long channel = (long) group * sizes.patch() + first;
            left = x.asSlice(((long) start * sizes.channels() + channel) * bytes);
            leading = sizes.channels();
        } else {
            for (int t = 0; t < positions; t++) {
                sizes.lay(x, start + t, group, first, first + count, patches.asSlice((long) t * count * bytes));
            }
        }
        GemmShape shape = GemmShape.of(count, sizes.filtersPerGroup(), positions, true, false)
                .withLeading(leading, sizes.filters(), sizes.filtersPerGroup());
        gemm.run(sizes.dtype(), shape, left, sizes.outputs(dy, start, group), to);
    }
}
