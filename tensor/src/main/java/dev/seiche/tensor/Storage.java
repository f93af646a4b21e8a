package dev.seiche.tensor;

import org.jspecify.annotations.Nullable;

/** One block of memory and the scope that owns it. Tensors and their views share it. */
final class Storage {
    private Scope owner;
    private final Buffer buffer;
    private final long bytes;
    private @Nullable String freedBy;

    Storage(Scope owner, Buffer buffer, long bytes) {
        this.owner = owner;
        this.buffer = buffer;
        this.bytes = bytes;
    }

    Scope owner() {
        return owner;
    }

    /** Hands the block to another scope, whose lists the caller keeps. */
    void moveTo(Scope newOwner) {
        owner = newOwner;
    }

    long bytes() {
        return bytes;
    }

    /** The block, or null after it was freed: {@link #freedBy} then says by what. */
    @Nullable
    Buffer bufferIfLive() {
        return freedBy == null ? buffer : null;
    }

    @Nullable
    String freedBy() {
        return freedBy;
    }

    void free(String by) {
        if (freedBy == null) {
            freedBy = by;
            owner.backend().release(buffer);
        }
    }
}
