package dev.seiche.kernels.cuda.driver;

import java.lang.foreign.MemorySegment;
import jcuda.Pointer;

/** Host memory that the device copies from and to by itself. Belongs to the context that made it. */
public final class PinnedMemory {
    private final Address.Host host;
    private final MemorySegment segment;

    @SuppressWarnings("restricted") // the driver says where the block is and how large it was asked to be
    PinnedMemory(Address.Host host, long bytes) {
        this.host = host;
        this.segment = MemorySegment.ofAddress(host.value()).reinterpret(bytes);
    }

    /** Its bytes; not to be touched while a copy is under way, nor after the context closed. */
    public MemorySegment segment() {
        return segment;
    }

    Pointer at(long offset) {
        return host.withByteOffset(offset);
    }

    Pointer pointer() {
        return host;
    }
}
