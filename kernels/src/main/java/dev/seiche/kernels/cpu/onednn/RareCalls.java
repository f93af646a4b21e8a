package dev.seiche.kernels.cpu.onednn;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Calls of native functions where speed does not matter: setting up, compiling, freeing. The Java type of an argument is
 * its C type: {@code Integer} is int or an enum, {@code Long} a pointer, int64_t or size_t.
 */
final class RareCalls {
    private final SymbolLookup library;
    private final OpenMp openMp;
    private final Map<String, MethodHandle> linked = new ConcurrentHashMap<>();

    RareCalls(SymbolLookup library, OpenMp openMp) {
        this.library = library;
        this.openMp = openMp;
    }

    /** Calls a function whose first parameter receives the object that it makes, and returns that object. */
    long create(Object what, String function, Object... arguments) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment out = arena.allocate(JAVA_LONG);
            Object[] all = new Object[arguments.length + 1];
            all[0] = out.address();
            System.arraycopy(arguments, 0, all, 1, arguments.length);
            check(what, function, all);
            return out.get(JAVA_LONG, 0);
        }
    }

    /**
     * Calls a function that returns a status.
     *
     * @param what for the message
     * @throws OneDnnException where the status is not success
     */
    void check(Object what, String function, Object... arguments) {
        int status = (int) call(function, JAVA_INT, arguments);
        if (status != 0) {
            throw new OneDnnException(what.toString(), function, status);
        }
    }

    /** Calls a function that returns a pointer or a size. */
    long ask(String function, Object... arguments) {
        return (long) call(function, JAVA_LONG, arguments);
    }

    /** Calls a function that returns an int. */
    int askInt(String function, Object... arguments) {
        return (int) call(function, JAVA_INT, arguments);
    }

    private Object call(String function, MemoryLayout result, Object... arguments) {
        MethodHandle handle = linked.computeIfAbsent(function, name -> link(name, result, arguments));
        int before = openMp.enter();
        try {
            return handle.invokeWithArguments(arguments);
        } catch (Throwable thrown) {
            throw Dnnl.unexpected(thrown);
        } finally {
            openMp.leave(before);
        }
    }

    @SuppressWarnings("restricted")
    private MethodHandle link(String function, MemoryLayout result, Object[] arguments) {
        MemoryLayout[] parameters = new MemoryLayout[arguments.length];
        for (int i = 0; i < arguments.length; i++) {
            parameters[i] = arguments[i] instanceof Integer ? JAVA_INT : JAVA_LONG;
        }
        return Linker.nativeLinker()
                .downcallHandle(library.findOrThrow(function), FunctionDescriptor.of(result, parameters));
    }
}
