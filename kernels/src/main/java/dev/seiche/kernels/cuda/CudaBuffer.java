package dev.seiche.kernels.cuda;

import dev.seiche.tensor.Buffer;

/** A block of device memory. */
final class CudaBuffer implements Buffer {
    private final CudaMemory owner;
    private final long address;
    private final long byteSize;
    private boolean released;

    CudaBuffer(CudaMemory owner, long address, long byteSize) {
        this.owner = owner;
        this.address = address;
        this.byteSize = byteSize;
    }

    CudaMemory owner() {
        return owner;
    }

    /** @throws IllegalStateException after it was released */
    long address() {
        if (released) {
            throw new IllegalStateException("a block of " + byteSize + " bytes was used after its release");
        }
        return address;
    }

    /** The address whether it was released or not; for the memory that it goes back to. */
    long rawAddress() {
        return address;
    }

    @Override
    public long byteSize() {
        return byteSize;
    }

    boolean released() {
        return released;
    }

    /** False when it was released before. */
    boolean markReleased() {
        boolean first = !released;
        released = true;
        return first;
    }

    @Override
    public String toString() {
        return "device memory of " + byteSize + " bytes";
    }
}
