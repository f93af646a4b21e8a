package dev.seiche.tensor;

import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/**
 * A device that stands before another and is that one but for what an implementation overrides. As safe between threads as the
 * one behind.
 */
public interface ForwardingBackend extends Backend {
    /** The one behind; closed with this. */
    Backend inner();

    @Override
    default String name() {
        return inner().name();
    }

    @Override
    default Buffer allocate(long bytes) {
        return inner().allocate(bytes);
    }

    @Override
    default void release(Buffer buffer) {
        inner().release(buffer);
    }

    @Override
    default void write(MemorySegment from, Buffer to, long toByteOffset) {
        inner().write(from, to, toByteOffset);
    }

    @Override
    default void read(Buffer from, long fromByteOffset, MemorySegment to) {
        inner().read(from, fromByteOffset, to);
    }

    @Override
    default <O extends Op> Kernel<O> kernel(O op) {
        return inner().kernel(op);
    }

    @Override
    default @Nullable MultiTensor multiTensor() {
        return inner().multiTensor();
    }

    @Override
    default long liveBytes() {
        return inner().liveBytes();
    }

    @Override
    default void close() {
        inner().close();
    }
}
