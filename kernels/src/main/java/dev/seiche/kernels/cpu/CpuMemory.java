package dev.seiche.kernels.cpu;

import dev.seiche.kernels.cpu.onednn.HugePages;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Off-heap blocks, pooled by size class: the system zeroes and maps a block once, after that a step reuses it. A class
 * is at most a quarter larger than what was asked for. Confined to the backend's thread; blocks may be used by any.
 */
final class CpuMemory implements AutoCloseable {
    /** Blocks from here on are single mappings of huge pages, which can be given back one by one. */
    private static final long LARGE = 2 * HugePages.PAGE_BYTES;

    /**
     * Bytes held beyond the most that was ever in use; above that idle blocks go back. Less would map and zero anew in every
     * micro-batch what the one before used: two thirds of the time of a step of ResNet-18.
     */
    private static final long SLACK = 512L << 20;

    private static final long ALIGNMENT = 64;

    private final TreeMap<Long, Deque<Block>> idle = new TreeMap<>();
    private final Arena small = Arena.ofShared();
    private final List<Arena> large = new ArrayList<>();
    private final boolean poison;
    private long liveBytes;
    private long heldBytes;
    private long idleBytes;
    private long mostUsedBytes;
    private boolean closed;

    /** @param arena the arena of this block alone, or the one that all small blocks share */
    record Block(MemorySegment memory, Arena arena) {}

    /** @param poison fill fresh blocks with a NaN pattern, so that reading what was never written shows */
    CpuMemory(boolean poison) {
        this.poison = poison;
    }

    CpuBuffer allocate(long bytes) {
        if (closed) {
            throw new IllegalStateException("allocate " + bytes + " bytes: the backend is closed");
        }
        if (bytes < 0) {
            throw new IllegalArgumentException("allocate: " + bytes + " bytes");
        }
        long size = sizeClass(bytes);
        Deque<Block> free = idle.get(size);
        Block block = free == null ? null : free.pollFirst();
        mostUsedBytes = Math.max(mostUsedBytes, heldBytes - idleBytes + size);
        if (block == null) {
            trim(size);
            block = map(size);
            heldBytes += size;
        } else {
            idleBytes -= size;
        }
        if (poison) {
            block.memory().fill((byte) 0xFF);
        }
        liveBytes += bytes;
        return new CpuBuffer(block, bytes);
    }

    void release(CpuBuffer buffer) {
        if (!buffer.markReleased()) {
            throw new IllegalArgumentException("release: block of " + buffer.byteSize() + " bytes was released before");
        }
        liveBytes -= buffer.byteSize();
        if (closed) {
            return;
        }
        long size = buffer.memory().byteSize();
        idle.computeIfAbsent(size, key -> new ArrayDeque<>()).addFirst(buffer.block());
        idleBytes += size;
        trim(0);
    }

    long liveBytes() {
        return liveBytes;
    }

    /** Bytes held for reuse. */
    long idleBytes() {
        return idleBytes;
    }

    private Block map(long size) {
        if (size < LARGE) {
            return new Block(small.allocate(size, ALIGNMENT), small);
        }
        Arena own = Arena.ofShared();
        large.add(own);
        return new Block(HugePages.allocate(size, own), own);
    }

    /** Where too much would be held with so many more bytes: gives large idle blocks back, largest first. */
    private void trim(long more) {
        if (heldBytes + more <= mostUsedBytes + SLACK) {
            return;
        }
        long target = mostUsedBytes + SLACK / 2 - more;
        for (Map.Entry<Long, Deque<Block>> entry :
                idle.tailMap(LARGE, true).descendingMap().entrySet()) {
            while (heldBytes > target && !entry.getValue().isEmpty()) {
                Block block = entry.getValue().removeLast();
                idleBytes -= entry.getKey();
                heldBytes -= entry.getKey();
                large.remove(block.arena());
                block.arena().close();
            }
        }
    }

    /** The smallest size of the form m * 2^e, m in 4..7, that is a multiple of 64 and holds this many bytes. */
    static long sizeClass(long bytes) {
        if (bytes <= ALIGNMENT) {
            return ALIGNMENT;
        }
        long step = Math.max(ALIGNMENT, Long.highestOneBit(bytes - 1) / 4);
        return Math.ceilDiv(bytes, step) * step;
    }

    @Override
    public void close() {
        if (!closed) {
            closed = true;
            idle.clear();
            idleBytes = 0;
            heldBytes = 0;
            large.forEach(Arena::close);
            large.clear();
            small.close();
        }
    }
}
