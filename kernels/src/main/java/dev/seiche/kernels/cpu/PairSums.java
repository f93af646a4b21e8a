package dev.seiche.kernels.cpu;

import java.lang.foreign.MemorySegment;
import java.util.stream.IntStream;

/**
 * Inner products of all pairs of vectors of two lists, or of one list with itself, of which the half at and above the
 * diagonal is computed. Summed up in double over the pieces of the vectors that are added, one after the other.
 */
final class PairSums {
    /** Vectors in a block of rows or columns. */
    private static final int BLOCK = 32;

    /** Bytes of a vector that are read at once: those of a block of columns stay in the second-level cache. */
    private static final int PIECE_BYTES = 1 << 13;

    private final CpuMachine machine;
    private final TileLoops loops;
    private final int bytes;
    private final int rows;
    private final int columns;
    private final boolean self;

    /** Blocks of rows and columns: of the first columns all rows, and so on. */
    private final int[] tiles;

    private final double[][] sums;

    /** @param bytes of an element */
    PairSums(CpuMachine machine, TileLoops loops, int bytes, int rows, int columns, boolean self) {
        this.machine = machine;
        this.loops = loops;
        this.bytes = bytes;
        this.rows = rows;
        this.columns = columns;
        this.self = self;
        int down = Math.ceilDiv(rows, BLOCK);
        this.tiles = IntStream.range(0, down * Math.ceilDiv(columns, BLOCK))
                .filter(tile -> !self || tile / down >= tile % down)
                .toArray();
        this.sums = new double[tiles.length][];
        for (int tile = 0; tile < tiles.length; tile++) {
            sums[tile] = new double[height(tile) * width(tile)];
        }
    }

    private int firstRow(int tile) {
        return tiles[tile] % Math.ceilDiv(rows, BLOCK) * BLOCK;
    }

    private int firstColumn(int tile) {
        return tiles[tile] / Math.ceilDiv(rows, BLOCK) * BLOCK;
    }

    private int height(int tile) {
        return Math.min(BLOCK, rows - firstRow(tile));
    }

    private int width(int tile) {
        return Math.min(BLOCK, columns - firstColumn(tile));
    }

    /**
     * Rows of one list and columns of the other: some elements of each vector.
     *
     * @param strideA elements from vector to vector
     */
    record Vectors(MemorySegment a, long strideA, MemorySegment b, long strideB, int elements) {}

    /** Adds inner products. */
    void add(Vectors of) {
        machine.pool().run(tiles.length, tile -> products(of, tile, sums[tile]));
    }

    private void products(Vectors of, int tile, double[] into) {
        int piece = PIECE_BYTES / bytes;
        long i = firstRow(tile) * of.strideA;
        long j = firstColumn(tile) * of.strideB;
        for (int k = 0; k < of.elements; k += piece) {
            loops.products(
                    of.a.asSlice((i + k) * bytes),
                    of.strideA,
                    height(tile),
                    of.b.asSlice((j + k) * bytes),
                    of.strideB,
                    width(tile),
                    Math.min(piece, of.elements - k),
                    self && firstRow(tile) == firstColumn(tile),
                    into);
        }
    }

    /** All of them, [rows, columns]. */
    void write(SampleLoops to, MemorySegment out) {
        machine.pool()
                .run(
                        tiles.length,
                        tile -> to.setBlock(
                                out,
                                columns,
                                firstRow(tile),
                                height(tile),
                                firstColumn(tile),
                                width(tile),
                                sums[tile],
                                self));
    }
}
