package dev.seiche.kernels.cuda;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.function.LongConsumer;

/** Addresses of free blocks of device memory, by size. */
final class Blocks {
    private final Map<Long, Deque<Long>> bySize = new HashMap<>();

    /** A block of exactly this size, which is free no longer; 0 when there is none. */
    long take(long size) {
        Deque<Long> blocks = bySize.get(size);
        return blocks == null || blocks.isEmpty() ? 0 : blocks.pop();
    }

    void put(long size, long address) {
        bySize.computeIfAbsent(size, each -> new ArrayDeque<>()).push(address);
    }

    /** Moves all blocks to other ones. */
    void moveTo(Blocks other) {
        bySize.forEach((size, blocks) -> blocks.forEach(address -> other.put(size, address)));
        bySize.clear();
    }

    /** Hands all blocks out, in no order. */
    void drain(LongConsumer each) {
        bySize.values().forEach(blocks -> blocks.forEach(each::accept));
        bySize.clear();
    }
}
