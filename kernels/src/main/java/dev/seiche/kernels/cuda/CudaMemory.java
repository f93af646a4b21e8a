package dev.seiche.kernels.cuda;

import dev.seiche.kernels.cuda.driver.GpuContext;
import dev.seiche.tensor.Buffer;
import dev.seiche.tensor.DeviceMemoryException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * Device memory. Everything happens on one stream, so a block may be handed out again as soon as it was given back: what
 * used it before is enqueued before. Freed blocks are kept by size: the driver's own pool gives back at every
 * synchronisation, and JCuda cannot tell it otherwise.
 */
final class CudaMemory {
    private final GpuContext context;
    private final boolean caching;
    private final Set<CudaBuffer> live = new HashSet<>();
    private final Map<Long, Deque<Long>> kept = new HashMap<>();
    private long liveBytes;

    /** @param caching false gives every block back at once, so that a use after its release shows */
    CudaMemory(GpuContext context, boolean caching) {
        this.context = context;
        this.caching = caching;
    }

    /** @throws DeviceMemoryException when there is not enough, even after all kept blocks went back */
    CudaBuffer allocate(long bytes) {
        long size = caching ? rounded(bytes) : bytes;
        long address = take(size);
        if (address == 0) {
            trim();
            address = take(size);
        }
        if (address == 0) {
            throw new DeviceMemoryException(
                    context.gpu().device(), bytes, liveBytes, context.gpu().memoryBytes());
        }
        CudaBuffer buffer = new CudaBuffer(this, address, bytes);
        live.add(buffer);
        liveBytes += bytes;
        return buffer;
    }

    private long take(long size) {
        Deque<Long> blocks = kept.get(size);
        return blocks == null || blocks.isEmpty() ? context.allocate(size) : blocks.pop();
    }

    void release(Buffer given) {
        CudaBuffer buffer = own(given);
        if (!buffer.markReleased()) {
            throw new IllegalStateException(buffer + " was released twice");
        }
        live.remove(buffer);
        liveBytes -= buffer.byteSize();
        giveBack(buffer);
    }

    /** @throws IllegalArgumentException when the block is not of this device */
    CudaBuffer own(Buffer buffer) {
        if (buffer instanceof CudaBuffer cuda && cuda.owner() == this) {
            return cuda;
        }
        throw new IllegalArgumentException(context.gpu().device() + ": " + buffer + " is memory of another device");
    }

    private void giveBack(CudaBuffer buffer) {
        if (caching) {
            kept.computeIfAbsent(rounded(buffer.byteSize()), size -> new ArrayDeque<>())
                    .push(buffer.rawAddress());
        } else {
            context.release(buffer.rawAddress());
        }
    }

    /** Gives kept blocks back to the system. */
    void trim() {
        if (context.failed()) {
            return;
        }
        kept.values().forEach(blocks -> blocks.forEach(context::release));
        kept.clear();
        context.synchronize();
    }

    long liveBytes() {
        return liveBytes;
    }

    /** Frees everything, also what nobody gave back. */
    void close() {
        live.forEach(buffer -> {
            if (buffer.markReleased()) {
                context.release(buffer.rawAddress());
            }
        });
        live.clear();
        liveBytes = 0;
        trim();
    }

    /** Sizes come in eight steps for each doubling, so that blocks of nearly one size serve each other. */
    private static long rounded(long bytes) {
        long step = Math.max(512, Long.highestOneBit(bytes) / 8);
        return (bytes + step - 1) / step * step;
    }
}
