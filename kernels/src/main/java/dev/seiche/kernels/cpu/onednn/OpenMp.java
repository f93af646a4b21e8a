package dev.seiche.kernels.cpu.onednn;

import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;

/**
 * Keeps OpenMP, on which oneDNN is built, from starting threads. Its thread count belongs to the calling thread: it is
 * 1 around every native call, when something is compiled (which fixes how it would be shared) and when it runs, and what
 * it was afterwards, because others in the process may use OpenMP too.
 *
 * <p>Why not let it: the bits of a convolution's weight gradients differ between one OpenMP thread and two; and OpenMP's
 * spinning threads collapse when the machine is busy (3x3 convolutions of 64 channels on two busy cores: slower than
 * on one).
 */
final class OpenMp {
    private static final MethodHandle SET = link(FunctionDescriptor.ofVoid(JAVA_INT));
    private static final MethodHandle GET = link(FunctionDescriptor.of(JAVA_INT));

    private final MemorySegment set;
    private final MemorySegment get;

    /** @param library found through oneDNN, so it is the OpenMP that oneDNN uses even where the process holds several */
    OpenMp(SymbolLookup library) {
        set = library.findOrThrow("omp_set_num_threads");
        get = library.findOrThrow("omp_get_max_threads");
    }

    @SuppressWarnings("restricted")
    private static MethodHandle link(FunctionDescriptor descriptor) {
        // Both only touch a variable of the thread, so they may skip the change of thread state.
        return Linker.nativeLinker().downcallHandle(descriptor, Linker.Option.critical(false));
    }

    /** Takes the calling thread to one OpenMP thread; returns what {@link #leave} needs. */
    int enter() {
        int before = threads();
        set(1);
        return before;
    }

    /** Gives the calling thread its setting back. */
    void leave(int before) {
        set(before);
    }

    private int threads() {
        try {
            return (int) GET.invokeExact(get);
        } catch (Throwable thrown) {
            throw Dnnl.unexpected(thrown);
        }
    }

    private void set(int count) {
        try {
            SET.invokeExact(set, count);
        } catch (Throwable thrown) {
            throw Dnnl.unexpected(thrown);
        }
    }
}
