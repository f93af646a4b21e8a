package dev.seiche.kernels.cpu;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Consumer;

/** Small pieces of memory that fit into the first-level cache, lent to one chunk of work at a time. Thread-safe. */
final class Scratch implements AutoCloseable {
    /** Elements of a tile. */
    static final int TILE = 2048;

    private static final int TILES = 3;
    private static final long TILE_BYTES = (long) TILE * Double.BYTES;

    /** Room for one vector of any machine for each tile, and one more. */
    private static final int EDGES = TILES + 1;

    private static final long EDGE_BYTES = 256;

    private final Arena arena = Arena.ofShared();
    private final Queue<MemorySegment> idle = new ConcurrentLinkedQueue<>();

    /** Lends memory for three tiles and four edges of any element type. Contents are undefined, but never uninitialised. */
    void lend(Consumer<MemorySegment> use) {
        MemorySegment lent = idle.poll();
        if (lent == null) {
            lent = arena.allocate(TILES * TILE_BYTES + EDGES * EDGE_BYTES, 64);
        }
        try {
            use.accept(lent);
        } finally {
            idle.add(lent);
        }
    }

    /** Tile k of lent memory. */
    static MemorySegment tile(MemorySegment lent, int k) {
        return lent.asSlice(k * TILE_BYTES, TILE_BYTES);
    }

    /** Edge k of lent memory: room for the last elements, less than a vector, 0 to 3. */
    static MemorySegment edge(MemorySegment lent, int k) {
        return lent.asSlice(TILES * TILE_BYTES + k * EDGE_BYTES, EDGE_BYTES);
    }

    @Override
    public void close() {
        arena.close();
    }
}
