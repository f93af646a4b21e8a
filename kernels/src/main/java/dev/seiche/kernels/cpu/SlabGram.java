package dev.seiche.kernels.cpu;

import java.lang.foreign.MemorySegment;
import java.util.List;

/**
 * Inner products of the gradients of all pairs of samples, or of samples and directions. A slab of some coordinates of all
 * samples is formed, multiplied with itself and dropped.
 */
final class SlabGram {
    /** Bytes of a slab, which stays in the last cache: the larger, the fewer times all samples are gone over to form one. */
    private static final long SLAB_BYTES = 8L << 20;

    private final CpuMachine machine;
    private final TileLoops products;
    private final SampleLoops loops;
    private final Patches sizes;
    private final int samples;
    private final int columns;

    /** @param columns samples of the other batch, directions, or as many as samples */
    SlabGram(CpuMachine machine, TileLoops products, SampleLoops loops, Patches sizes, int columns) {
        this.machine = machine;
        this.products = products;
        this.loops = loops;
        this.sizes = sizes;
        this.samples = sizes.x().dim(0);
        this.columns = columns;
    }

    /** @param in x and dy; and another batch's, or directions */
    void run(List<MemorySegment> in, MemorySegment out) {
        boolean self = in.size() == 2;
        int bytes = sizes.dtype().bytes();
        int held = samples + (self ? 0 : columns);
        int most = (int) Math.max(1, SLAB_BYTES / bytes / held);
        GradientTiles rows = GradientTiles.of(sizes, products, in.get(0), in.get(1), most);
        GradientTiles others = in.size() == 4 ? GradientTiles.of(sizes, products, in.get(2), in.get(3), most) : rows;
        long leading = leading(rows.rows() * sizes.filtersPerGroup());
        long slab = samples * leading * bytes;
        long second = self ? 0 : columns * leading * bytes;
        PairSums sums = new PairSums(machine, products, bytes, samples, columns, self);
        machine.withMemory(slab + second, memory -> {
            MemorySegment mine = memory.asSlice(0, slab);
            MemorySegment theirs = self ? mine : memory.asSlice(slab, second);
            for (int group = 0; group < sizes.groups(); group++) {
                for (int tile = 0; tile < rows.perGroup(); tile++) {
                    form(rows, samples, group, tile, mine, leading);
                    if (in.size() == 4) {
                        form(others, columns, group, tile, theirs, leading);
                    } else if (!self) {
                        pick(in.get(2), rows, group, tile, theirs, leading);
                    }
                    int elements = rows.rows(tile) * sizes.filtersPerGroup();
                    sums.add(new PairSums.Vectors(mine, leading, theirs, leading, elements));
                }
            }
        });
        sums.write(loops, out);
    }

    /**
     * Elements from one sample's coordinates to the next's: whole cache lines, of an odd number, so that the samples' first
     * elements do not all fall into the same few sets of a cache. With a power of two the products took five times as long.
     */
    private long leading(int coordinates) {
        long line = 64L / sizes.dtype().bytes();
        return (Math.ceilDiv(coordinates, line) | 1) * line;
    }

    private void form(GradientTiles tiles, int count, int group, int tile, MemorySegment slab, long leading) {
        long row = leading * sizes.dtype().bytes();
        machine.pool().run(count, sample -> {
            tiles.fetch(sample, group);
            tiles.form(sample, group, tile, slab.asSlice(sample * row, row));
        });
    }

    /** The coordinates of a tile of each direction. */
    private void pick(
            MemorySegment directions, GradientTiles tiles, int group, int tile, MemorySegment slab, long leading) {
        long bytes = sizes.dtype().bytes();
        long size = (long) sizes.patch() * sizes.filters();
        int width = sizes.filtersPerGroup();
        for (int k = 0; k < columns; k++) {
            for (int row = 0; row < tiles.rows(tile); row++) {
                long from = k * size + (long) (tiles.firstRow(tile) + row) * sizes.filters() + (long) group * width;
                long to = k * leading + (long) row * width;
                MemorySegment.copy(directions, from * bytes, slab, to * bytes, width * bytes);
            }
        }
    }
}
