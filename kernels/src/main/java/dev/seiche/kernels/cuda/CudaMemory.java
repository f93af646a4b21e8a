package dev.seiche.kernels.cuda;

import dev.seiche.kernels.cuda.driver.GpuContext;
import dev.seiche.tensor.Buffer;
import dev.seiche.tensor.DeviceMemoryException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Device memory. Everything happens on one stream, so a block may be handed out again as soon as it was given back: what
 * used it before is enqueued before. Freed blocks are kept by size: the driver's own pool gives back at every
 * synchronisation, and JCuda cannot tell it otherwise.
 */
final class CudaMemory {
    private final GpuContext context;
    private final boolean caching;
    private final Set<CudaBuffer> live = new HashSet<>();
    private final Blocks kept = new Blocks();

    /** Free blocks of each captured graph that is open: its work may be run again, and writes to them. */
    private final Set<Blocks> graphs = new HashSet<>();

    /** Which graph a block belongs to, by address. */
    private final Map<Long, Blocks> ofGraphs = new HashMap<>();

    private @Nullable Blocks capturing;
    private long liveBytes;

    /** @param caching false gives every block back at once, so that a use after its release shows */
    CudaMemory(GpuContext context, boolean caching) {
        this.context = context;
        this.caching = caching;
    }

    /**
     * @throws DeviceMemoryException when there is not enough, even after all kept blocks went back
     * @throws IllegalStateException in a capture, when no kept block has this size
     */
    CudaBuffer allocate(long bytes) {
        long size = caching ? rounded(bytes) : bytes;
        long address = capturing == null ? take(size) : takeInto(capturing, size);
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
        long address = kept.take(size);
        return address != 0 ? address : context.allocate(size);
    }

    private long takeInto(Blocks graph, long size) {
        long address = graph.take(size);
        if (address != 0) {
            return address;
        }
        address = kept.take(size);
        if (address == 0) {
            throw new IllegalStateException(context.gpu().device()
                    + ": a capture uses memory that earlier work gave back,"
                    + " and none of " + size + " bytes is left; run the same work once before it is captured, and close"
                    + " its scopes");
        }
        ofGraphs.put(address, graph);
        return address;
    }

    /** From now on, what is allocated and released belongs to a graph, until {@link #endCapture}. */
    Blocks beginCapture() {
        if (!caching) {
            throw new IllegalStateException(context.gpu().device()
                    + ": nothing can be captured where every launch is waited for" + " (seiche.checks)");
        }
        capturing = new Blocks();
        graphs.add(capturing);
        return capturing;
    }

    void endCapture() {
        capturing = null;
    }

    /** The graph is gone: its blocks are for everybody, those in use when they are released. */
    void forget(Blocks graph) {
        if (graphs.remove(graph)) {
            ofGraphs.values().removeIf(of -> of == graph);
            graph.moveTo(kept);
        }
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
        long address = buffer.rawAddress();
        if (!caching) {
            context.release(address);
            return;
        }
        if (capturing != null) {
            ofGraphs.putIfAbsent(address, capturing); // released in the capture: used by it
        }
        ofGraphs.getOrDefault(address, kept).put(rounded(buffer.byteSize()), address);
    }

    /** Gives kept blocks back to the system. */
    void trim() {
        if (context.failed()) {
            return;
        }
        kept.drain(context::release);
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
        graphs.forEach(graph -> graph.moveTo(kept));
        graphs.clear();
        trim();
    }

    /** Sizes come in eight steps for each doubling, so that blocks of nearly one size serve each other. */
    private static long rounded(long bytes) {
        long step = Math.max(512, Long.highestOneBit(bytes) / 8);
        return (bytes + step - 1) / step * step;
    }
}
