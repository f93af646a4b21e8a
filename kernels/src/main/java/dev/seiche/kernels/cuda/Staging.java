package dev.seiche.kernels.cuda;

import dev.seiche.kernels.cuda.driver.Event;
import dev.seiche.kernels.cuda.driver.GpuContext;
import dev.seiche.kernels.cuda.driver.PinnedMemory;
import java.lang.foreign.MemorySegment;

/**
 * Copies between the host and the device, piece by piece through page-locked memory: the device then copies by itself,
 * and what the caller gave may be used again at once.
 */
final class Staging {
    private static final int SLOTS = 2;
    private static final long SLOT_BYTES = 4L << 20;

    private final GpuContext context;
    private final PinnedMemory memory;
    private final Event[] done = new Event[SLOTS];
    private final boolean[] busy = new boolean[SLOTS];
    private int next;

    Staging(GpuContext context) {
        this.context = context;
        this.memory = context.pin(SLOTS * SLOT_BYTES);
        for (int i = 0; i < SLOTS; i++) {
            done[i] = context.event();
        }
    }

    /** Enqueues a copy; {@code from} may be reused at once. */
    void upload(MemorySegment from, long address) {
        context.refuseInCapture("a copy from the host (scope.tensor, scalar)");
        for (long at = 0; at < from.byteSize(); at += SLOT_BYTES) {
            long bytes = Math.min(SLOT_BYTES, from.byteSize() - at);
            int slot = freeSlot();
            MemorySegment.copy(from, at, memory.segment(), slot * SLOT_BYTES, bytes);
            context.upload(memory, slot * SLOT_BYTES, address + at, bytes);
            context.record(done[slot]);
            busy[slot] = true;
        }
    }

    /** Copies when all that was enqueued is done. */
    void download(long address, MemorySegment to) {
        context.refuseInCapture("a copy to the host (item, toDoubles)");
        for (long at = 0; at < to.byteSize(); at += SLOT_BYTES) {
            long bytes = Math.min(SLOT_BYTES, to.byteSize() - at);
            int slot = freeSlot();
            context.download(address + at, memory, slot * SLOT_BYTES, bytes);
            context.synchronize();
            MemorySegment.copy(memory.segment(), slot * SLOT_BYTES, to, at, bytes);
        }
    }

    private int freeSlot() {
        int slot = next;
        next = (next + 1) % SLOTS;
        if (busy[slot]) {
            context.await(done[slot]);
            busy[slot] = false;
        }
        return slot;
    }
}
