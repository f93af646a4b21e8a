package dev.seiche.kernels.cpu;

import java.lang.foreign.MemorySegment;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Consumer;

/** Equal pieces of one block, one for each thread, lent to one chunk of a kernel at a time. */
final class Workspaces {
    private static final long ALIGNMENT = 64;

    private final Queue<MemorySegment> idle = new ConcurrentLinkedQueue<>();

    private Workspaces() {}

    /** Runs a kernel's body with pieces of so many bytes; on the backend's thread only. */
    static void with(CpuMachine machine, long bytes, Consumer<Workspaces> body) {
        long each = Math.ceilDiv(Math.max(1, bytes), ALIGNMENT) * ALIGNMENT;
        int threads = machine.pool().threads();
        machine.withMemory(each * threads, memory -> {
            Workspaces pieces = new Workspaces();
            for (int i = 0; i < threads; i++) {
                pieces.idle.add(memory.asSlice(i * each, each));
            }
            body.accept(pieces);
        });
    }

    /** Lends a piece, with undefined contents, to a chunk. */
    void lend(Consumer<MemorySegment> chunk) {
        MemorySegment piece = idle.poll();
        if (piece == null) {
            throw new AssertionError("more chunks at once than threads");
        }
        try {
            chunk.accept(piece);
        } finally {
            idle.add(piece);
        }
    }
}
