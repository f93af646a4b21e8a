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

    private final Arena arena = Arena.ofShared();
    private final Queue<MemorySegment> idle = new ConcurrentLinkedQueue<>();

    /** Lends memory for three tiles of any element type. Contents are undefined. */
    void lend(Consumer<MemorySegment> use) {
        MemorySegment lent = idle.poll();
        if (lent == null) {
            lent = arena.allocate(TILES * TILE_BYTES, 64);
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

    @Override
    public void close() {
        arena.close();
    }
}
