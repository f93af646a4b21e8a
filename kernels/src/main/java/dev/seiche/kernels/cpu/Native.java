package dev.seiche.kernels.cpu;

import java.lang.foreign.MemorySegment;

/**
 * All memory as one segment, for inner loops: {@code ALL} at an address that {@link #at} has checked.
 *
 * <p>A loop over a segment of its own asks at every access what kind of segment it is, in code that the whole program
 * shares. Once some part of the program has used segments over Java arrays, the compiler expects those, hoists the wrong
 * guess out of the loop and throws the compiled loop away again and again (JDK 25; measured 100 times slower). The kind,
 * the size and the lifetime of a constant segment are known.
 */
final class Native {
    /** From address 0; never out of bounds, so every access must be inside memory that {@link #at} has checked. */
    @SuppressWarnings("restricted")
    static final MemorySegment ALL = MemorySegment.NULL.reinterpret(Long.MAX_VALUE);

    private Native() {}

    /**
     * The address of a segment of at least {@code bytes} bytes. The caller keeps the segment reachable while it is used,
     * which a kernel's tensors are, and open, which the backend's thread confinement sees to.
     */
    static long at(MemorySegment segment, long bytes) {
        if (bytes < 0 || segment.byteSize() < bytes || !segment.isNative()) {
            throw new IndexOutOfBoundsException(bytes + " bytes of " + segment);
        }
        return segment.address();
    }
}
