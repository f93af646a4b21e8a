package dev.seiche.kernels.cpu.onednn;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * A compiled operation of oneDNN for one geometry. May run on several threads at once: each borrows a set of memory
 * objects and scratch memory, kept for the next call.
 */
final class Primitive implements AutoCloseable {
    /** Bytes of a {@code dnnl_exec_arg_t}: an int and a pointer. */
    private static final long ARGUMENT_BYTES = 16;

    private static final long POINTER_OFFSET = 8;

    private final Dnnl dnnl;
    private final String what;
    private final long descriptor;
    private final long primitive;
    private final int[] arguments;
    private final long[] layouts;
    private final long scratchBytes;
    private final Arena arena = Arena.ofShared();
    private final Queue<Binding> idle = new ConcurrentLinkedQueue<>();

    /** The memory objects of one call at a time. */
    private record Binding(long[] memories, MemorySegment arguments) {}

    /**
     * Compiles.
     *
     * @param what for messages
     * @param descriptor primitive descriptor, ours from now on
     * @param arguments what {@link #execute} takes, in its order
     * @param layouts their layouts, alive as long as this
     */
    Primitive(Dnnl dnnl, String what, long descriptor, int[] arguments, long[] layouts) {
        this.dnnl = dnnl;
        this.what = what;
        this.descriptor = descriptor;
        this.arguments = arguments.clone();
        this.layouts = layouts.clone();
        this.primitive = dnnl.compile(what, descriptor);
        this.scratchBytes = dnnl.bytes(dnnl.layoutOf(descriptor, Dnnl.QUERY_SCRATCHPAD));
    }

    /** The layout of argument {@code i} of {@link #execute}. */
    long layout(int i) {
        return layouts[i];
    }

    /** Name of the implementation that oneDNN chose, for reports. */
    String implementation() {
        return dnnl.implementation(descriptor);
    }

    /** Runs on memory at these addresses, on the calling thread. */
    void execute(long... addresses) {
        Binding binding = idle.poll();
        if (binding == null) {
            binding = bind();
        }
        try {
            for (int i = 0; i < addresses.length; i++) {
                dnnl.setHandle(what, binding.memories[i], addresses[i]);
            }
            dnnl.execute(what, primitive, arguments.length + 1, binding.arguments);
        } finally {
            idle.add(binding);
        }
    }

    private Binding bind() {
        int count = arguments.length + 1;
        long[] memories = new long[count];
        MemorySegment list = arena.allocate(count * ARGUMENT_BYTES, POINTER_OFFSET);
        for (int i = 0; i < count; i++) {
            boolean scratch = i == arguments.length;
            memories[i] = dnnl.memory(what, scratch ? dnnl.layoutOf(descriptor, Dnnl.QUERY_SCRATCHPAD) : layouts[i]);
            list.set(JAVA_INT, i * ARGUMENT_BYTES, scratch ? Dnnl.SCRATCHPAD : arguments[i]);
            list.set(JAVA_LONG, i * ARGUMENT_BYTES + POINTER_OFFSET, memories[i]);
        }
        if (scratchBytes > 0) {
            dnnl.setHandle(
                    what, memories[count - 1], arena.allocate(scratchBytes, 64).address());
        }
        return new Binding(memories, list);
    }

    /** Only when no call runs. */
    @Override
    public void close() {
        for (Binding binding : idle) {
            for (long memory : binding.memories) {
                dnnl.destroyMemory(memory);
            }
        }
        idle.clear();
        dnnl.destroyPrimitive(primitive);
        dnnl.destroyDescriptor(descriptor);
        arena.close();
    }
}
