package dev.seiche.kernels.cpu;

import dev.seiche.kernels.cpu.gemm.GemmShape;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;

/**
 * Inner products of the gradients of all pairs of samples, or of samples and directions. A slab of some coordinates of all
 * samples is formed, multiplied with itself and dropped. Products of one slab are in the element type, their sum over slabs
 * is in double. Of a batch with itself, what lies in blocks below the diagonal is left out and mirrored.
 */
final class SlabGram {
    /** Bytes of a slab that is read, again and again, before it leaves the last cache. */
    private static final long SLAB_BYTES = 2L << 20;

    /** Samples in a block of rows: at least so many, so that a product is worth its packing; and blocks at most. */
    private static final int FEWEST_SAMPLES = 32;

    private static final int MOST_BLOCKS = 8;

    private final CpuMachine machine;
    private final Gemm gemm;
    private final SampleLoops loops;
    private final Patches sizes;
    private final int samples;
    private final int columns;
    private final int blocks;

    /** @param columns samples of the other batch, directions, or as many as samples */
    SlabGram(CpuMachine machine, Gemm gemm, SampleLoops loops, Patches sizes, int columns) {
        this.machine = machine;
        this.gemm = gemm;
        this.loops = loops;
        this.sizes = sizes;
        this.samples = sizes.x().dim(0);
        this.columns = columns;
        this.blocks = Math.clamp(samples / FEWEST_SAMPLES, 1, MOST_BLOCKS);
    }

    /** @param in x and dy; and another batch's, or directions */
    void run(List<MemorySegment> in, MemorySegment out) {
        boolean self = in.size() == 2;
        long bytes = sizes.dtype().bytes();
        int held = samples + (self ? 0 : columns);
        int elements = (int) Math.max(1, SLAB_BYTES / bytes / held);
        GradientTiles rows = GradientTiles.of(sizes, gemm, in.get(0), in.get(1), elements);
        GradientTiles others = in.size() == 4 ? GradientTiles.of(sizes, gemm, in.get(2), in.get(3), elements) : rows;
        long products = 0;
        for (int block = 0; block < blocks; block++) {
            products += Lanes.padded(area(block, self));
        }
        long slab = samples * leading(rows.rows() * sizes.filtersPerGroup()) * bytes;
        long sums = align(products * bytes);
        long second = self ? 0 : columns * leading(rows.rows() * sizes.filtersPerGroup()) * bytes;
        machine.withMemory(
                slab + second + sums + products * Double.BYTES,
                memory -> Workspaces.with(machine, rows.patchBytes(), pieces -> {
                    MemorySegment mine = memory.asSlice(0, slab);
                    MemorySegment theirs = self ? mine : memory.asSlice(slab, second);
                    MemorySegment product = memory.asSlice(slab + second, sums);
                    MemorySegment sum = memory.asSlice(slab + second + sums);
                    sum.fill((byte) 0);
                    for (int group = 0; group < sizes.groups(); group++) {
                        for (int tile = 0; tile < rows.perGroup(); tile++) {
                            form(rows, samples, group, tile, pieces, mine);
                            if (in.size() == 4) {
                                form(others, columns, group, tile, pieces, theirs);
                            } else if (!self) {
                                pick(in.get(2), rows, group, tile, theirs);
                            }
                            multiply(rows.rows(tile) * sizes.filtersPerGroup(), mine, theirs, self, product, sum);
                        }
                    }
                    write(sum, self, out);
                }));
    }

    private static long align(long bytes) {
        return Math.ceilDiv(bytes, 64L) * 64;
    }

    /**
     * Elements from one sample's coordinates to the next's: whole cache lines, of an odd number, so that the samples' first
     * elements do not all fall into the same few sets of a cache. With a power of two the products took five times as long.
     */
    private long leading(int coordinates) {
        long line = 64L / sizes.dtype().bytes();
        return (Math.ceilDiv(coordinates, line) | 1) * line;
    }

    private void form(GradientTiles tiles, int count, int group, int tile, Workspaces pieces, MemorySegment slab) {
        long row = leading(tiles.rows(tile) * sizes.filtersPerGroup())
                * sizes.dtype().bytes();
        machine.pool()
                .run(
                        count,
                        sample -> pieces.lend(
                                piece -> tiles.form(sample, group, tile, piece, slab.asSlice(sample * row, row))));
    }

    /** The coordinates of a tile of each direction. */
    private void pick(MemorySegment directions, GradientTiles tiles, int group, int tile, MemorySegment slab) {
        long bytes = sizes.dtype().bytes();
        long size = (long) sizes.patch() * sizes.filters();
        int width = sizes.filtersPerGroup();
        int rows = tiles.rows(tile);
        long leading = leading(rows * width);
        for (int k = 0; k < columns; k++) {
            for (int row = 0; row < rows; row++) {
                long from = k * size + (long) (tiles.firstRow(tile) + row) * sizes.filters() + (long) group * width;
                long to = k * leading + (long) row * width;
                MemorySegment.copy(directions, from * bytes, slab, to * bytes, width * bytes);
            }
        }
    }

    private int start(int block) {
        return (int) WorkerPool.chunkStart(samples, blocks, block);
    }

    private int firstColumn(int block, boolean self) {
        return self ? start(block) : 0;
    }

    private int area(int block, boolean self) {
        return Math.multiplyExact(start(block + 1) - start(block), columns - firstColumn(block, self));
    }

    private void multiply(
            int coordinates,
            MemorySegment mine,
            MemorySegment theirs,
            boolean self,
            MemorySegment product,
            MemorySegment sum) {
        long bytes = sizes.dtype().bytes();
        long leading = leading(coordinates);
        machine.pool().run(blocks, block -> {
            long at = 0;
            for (int before = 0; before < block; before++) {
                at += Lanes.padded(area(before, self));
            }
            int count = start(block + 1) - start(block);
            int first = firstColumn(block, self);
            MemorySegment to = product.asSlice(at * bytes);
            gemm.run(
                    sizes.dtype(),
                    GemmShape.of(count, columns - first, coordinates, false, true)
                            .withLeading(leading, leading, columns - first),
                    mine.asSlice(start(block) * leading * bytes),
                    theirs.asSlice(first * leading * bytes),
                    to);
            machine.lanes(sizes.dtype()).addColumns(to, 1, 0, area(block, self), sum.asSlice(at * Double.BYTES));
        });
    }

    private void write(MemorySegment sum, boolean self, MemorySegment out) {
        long at = 0;
        for (int block = 0; block < blocks; block++) {
            int first = firstColumn(block, self);
            int width = columns - first;
            for (int i = start(block); i < start(block + 1); i++) {
                // of the block on the diagonal, its upper half
                for (int j = self ? i : 0; j < columns; j++) {
                    long place = at + (long) (i - start(block)) * width + j - first;
                    double value = sum.getAtIndex(ValueLayout.JAVA_DOUBLE, place);
                    loops.set(out, (long) i * columns + j, value);
                    if (self) {
                        loops.set(out, (long) j * columns + i, value);
                    }
                }
            }
            at += Lanes.padded(area(block, self));
        }
    }
}
