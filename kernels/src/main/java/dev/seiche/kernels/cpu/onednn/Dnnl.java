package dev.seiche.kernels.cpu.onednn;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;
import java.nio.file.Path;

/**
 * The functions of oneDNN's C interface (version 3) that Seiche calls, each on one thread. Pointers and object handles
 * are {@code long}.
 */
final class Dnnl {
    static final int F32 = 3;
    static final int ANY_LAYOUT = 1;

    static final int SRC = 1;
    static final int DST = 17;
    static final int WEIGHTS = 33;
    static final int SCRATCHPAD = 80;
    static final int DIFF_SRC = 129;
    static final int DIFF_DST = 145;
    static final int DIFF_WEIGHTS = 161;

    static final int QUERY_SRC = 129;
    static final int QUERY_DIFF_SRC = 130;
    static final int QUERY_WEIGHTS = 131;
    static final int QUERY_DIFF_WEIGHTS = 132;
    static final int QUERY_DST = 133;
    static final int QUERY_DIFF_DST = 134;
    static final int QUERY_SCRATCHPAD = 136;
    private static final int QUERY_IMPLEMENTATION = 8;

    private static final int CPU_ENGINE = 1;
    private static final int IN_ORDER_STREAM = 1;
    private static final int FORWARD_TRAINING = 64;
    private static final int DIRECT_CONVOLUTION = 1;
    private static final int USER_SCRATCHPAD = 1;
    private static final int STRICT_FLOAT = 0;

    /** Length of oneDNN's dimension vectors, DNNL_MAX_NDIMS. */
    private static final int MOST_DIMS = 12;

    private static final Linker LINKER = Linker.nativeLinker();

    private static final MethodHandle SGEMM = hot(FunctionDescriptor.of(
            JAVA_INT,
            JAVA_BYTE,
            JAVA_BYTE,
            JAVA_LONG,
            JAVA_LONG,
            JAVA_LONG,
            JAVA_FLOAT,
            JAVA_LONG,
            JAVA_LONG,
            JAVA_LONG,
            JAVA_LONG,
            JAVA_FLOAT,
            JAVA_LONG,
            JAVA_LONG));
    private static final MethodHandle EXECUTE =
            hot(FunctionDescriptor.of(JAVA_INT, JAVA_LONG, JAVA_LONG, JAVA_INT, JAVA_LONG));
    private static final MethodHandle SET_HANDLE = hot(FunctionDescriptor.of(JAVA_INT, JAVA_LONG, JAVA_LONG));

    private final MemorySegment sgemm;
    private final MemorySegment execute;
    private final MemorySegment setHandle;
    private final OpenMp openMp;
    private final RareCalls rare;
    private final long engine;
    private final long stream;

    /**
     * Loads the library; it stays loaded as long as the program runs. OpenMP comes with it, from the same folder.
     *
     * @throws IllegalArgumentException where the system cannot load it
     */
    @SuppressWarnings("restricted")
    Dnnl(Path libdnnl) {
        SymbolLookup library = SymbolLookup.libraryLookup(libdnnl, Arena.global());
        sgemm = library.findOrThrow("dnnl_sgemm");
        execute = library.findOrThrow("dnnl_primitive_execute");
        setHandle = library.findOrThrow("dnnl_memory_set_data_handle");
        openMp = new OpenMp(library);
        rare = new RareCalls(library, openMp);
        rare.check("oneDNN", "dnnl_set_default_fpmath_mode", STRICT_FLOAT); // whatever the environment says
        engine = rare.create("oneDNN", "dnnl_engine_create", CPU_ENGINE, 0L);
        stream = rare.create("oneDNN", "dnnl_stream_create", engine, IN_ORDER_STREAM);
    }

    @SuppressWarnings("restricted")
    private static MethodHandle hot(FunctionDescriptor descriptor) {
        return LINKER.downcallHandle(descriptor);
    }

    /** {@code C = op(A) op(B) + beta C}, row-major; addresses and leading dimensions as in BLAS. */
    void sgemm(
            Object what,
            boolean transposeA,
            boolean transposeB,
            long m,
            long n,
            long k,
            long a,
            long lda,
            long b,
            long ldb,
            float beta,
            long c,
            long ldc) {
        int status;
        int before = openMp.enter();
        try {
            status = (int) SGEMM.invokeExact(
                    sgemm,
                    (byte) (transposeA ? 'T' : 'N'),
                    (byte) (transposeB ? 'T' : 'N'),
                    m,
                    n,
                    k,
                    1f,
                    a,
                    lda,
                    b,
                    ldb,
                    beta,
                    c,
                    ldc);
        } catch (Throwable thrown) {
            throw unexpected(thrown);
        } finally {
            openMp.leave(before);
        }
        if (status != 0) {
            throw new OneDnnException("sgemm " + what, "dnnl_sgemm", status);
        }
    }

    /** Runs a primitive on memory objects; {@code arguments} are {@code dnnl_exec_arg_t}. */
    void execute(Object what, long primitive, int count, MemorySegment arguments) {
        int status;
        int before = openMp.enter();
        try {
            status = (int) EXECUTE.invokeExact(execute, primitive, stream, count, arguments.address());
        } catch (Throwable thrown) {
            throw unexpected(thrown);
        } finally {
            openMp.leave(before);
        }
        if (status != 0) {
            throw new OneDnnException(what.toString(), "dnnl_primitive_execute", status);
        }
    }

    /** Points a memory object at other memory. */
    void setHandle(Object what, long memory, long address) {
        int status;
        try {
            status = (int) SET_HANDLE.invokeExact(setHandle, memory, address);
        } catch (Throwable thrown) {
            throw unexpected(thrown);
        }
        if (status != 0) {
            throw new OneDnnException(what.toString(), "dnnl_memory_set_data_handle", status);
        }
    }

    /** A descriptor of f32 memory with these sizes and, in elements, strides. */
    long layout(Object what, long[] sizes, long[] strides) {
        try (Arena arena = Arena.ofConfined()) {
            return rare.create(
                    what,
                    "dnnl_memory_desc_create_with_strides",
                    sizes.length,
                    dims(arena, sizes),
                    F32,
                    dims(arena, strides));
        }
    }

    /** A descriptor of f32 memory with these sizes whose layout the primitive may choose. */
    long anyLayout(Object what, long[] sizes) {
        try (Arena arena = Arena.ofConfined()) {
            return rare.create(
                    what, "dnnl_memory_desc_create_with_tag", sizes.length, dims(arena, sizes), F32, ANY_LAYOUT);
        }
    }

    void destroyLayout(long layout) {
        rare.check("layout", "dnnl_memory_desc_destroy", layout);
    }

    /** Bytes of memory with this descriptor. */
    long bytes(long layout) {
        return rare.ask("dnnl_memory_desc_get_size", layout);
    }

    boolean sameLayout(long one, long other) {
        return rare.askInt("dnnl_memory_desc_equal", one, other) != 0;
    }

    /** Attributes of all primitives: scratch memory is ours, sums stay in f32. Destroy after use. */
    private long attributes(Object what) {
        long attributes = rare.create(what, "dnnl_primitive_attr_create");
        rare.check(what, "dnnl_primitive_attr_set_scratchpad_mode", attributes, USER_SCRATCHPAD);
        rare.check(what, "dnnl_primitive_attr_set_fpmath_mode", attributes, STRICT_FLOAT);
        return attributes;
    }

    /** Descriptor of a forward convolution. {@code window}: strides, dilations, left and right padding. */
    long forward(Object what, long x, long w, long y, long[][] window) {
        try (Arena arena = Arena.ofConfined()) {
            long attributes = attributes(what);
            try {
                return rare.create(
                        what,
                        "dnnl_convolution_forward_primitive_desc_create",
                        engine,
                        FORWARD_TRAINING,
                        DIRECT_CONVOLUTION,
                        x,
                        w,
                        0L,
                        y,
                        dims(arena, window[0]),
                        dims(arena, window[1]),
                        dims(arena, window[2]),
                        dims(arena, window[3]),
                        attributes);
            } finally {
                rare.check(what, "dnnl_primitive_attr_destroy", attributes);
            }
        }
    }

    /** Descriptor of a convolution backward in its input; {@code hint} is the forward one. */
    long backwardData(Object what, long dx, long w, long dy, long[][] window, long hint) {
        return backward(what, "dnnl_convolution_backward_data_primitive_desc_create", window, hint, dx, w, dy);
    }

    /** Descriptor of a convolution backward in its weights; {@code hint} is the forward one. */
    long backwardWeights(Object what, long x, long dw, long dy, long[][] window, long hint) {
        return backward(what, "dnnl_convolution_backward_weights_primitive_desc_create", window, hint, x, dw, 0L, dy);
    }

    private long backward(Object what, String function, long[][] window, long hint, Long... layouts) {
        try (Arena arena = Arena.ofConfined()) {
            long attributes = attributes(what);
            try {
                Object[] arguments = new Object[layouts.length + 8];
                arguments[0] = engine;
                arguments[1] = DIRECT_CONVOLUTION;
                System.arraycopy(layouts, 0, arguments, 2, layouts.length);
                int at = layouts.length + 2;
                for (long[] sizes : window) {
                    arguments[at++] = dims(arena, sizes);
                }
                arguments[at++] = hint;
                arguments[at] = attributes;
                return rare.create(what, function, arguments);
            } finally {
                rare.check(what, "dnnl_primitive_attr_destroy", attributes);
            }
        }
    }

    /** Descriptor of a copy from one layout to another. */
    long reorder(Object what, long from, long to) {
        long attributes = attributes(what);
        try {
            return rare.create(what, "dnnl_reorder_primitive_desc_create", from, engine, to, engine, attributes);
        } finally {
            rare.check(what, "dnnl_primitive_attr_destroy", attributes);
        }
    }

    /** The layout that a primitive uses for an argument. Belongs to the descriptor. */
    long layoutOf(long descriptor, int query) {
        return rare.ask("dnnl_primitive_desc_query_md", descriptor, query, 0);
    }

    /** The name of the implementation that oneDNN chose. */
    @SuppressWarnings("restricted")
    String implementation(long descriptor) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment out = arena.allocate(JAVA_LONG);
            rare.check(
                    "implementation", "dnnl_primitive_desc_query", descriptor, QUERY_IMPLEMENTATION, 0, out.address());
            return MemorySegment.ofAddress(out.get(JAVA_LONG, 0))
                    .reinterpret(Long.MAX_VALUE)
                    .getString(0);
        }
    }

    void destroyDescriptor(long descriptor) {
        rare.check("primitive descriptor", "dnnl_primitive_desc_destroy", descriptor);
    }

    long compile(Object what, long descriptor) {
        return rare.create(what, "dnnl_primitive_create", descriptor);
    }

    void destroyPrimitive(long primitive) {
        rare.check("primitive", "dnnl_primitive_destroy", primitive);
    }

    /** A memory object of this layout that points nowhere yet. */
    long memory(Object what, long layout) {
        return rare.create(what, "dnnl_memory_create", layout, engine, 0L);
    }

    void destroyMemory(long memory) {
        rare.check("memory", "dnnl_memory_destroy", memory);
    }

    /** For example {@code 3.11.0}. */
    @SuppressWarnings("restricted")
    String version() {
        MemorySegment version =
                MemorySegment.ofAddress(rare.ask("dnnl_version")).reinterpret(3 * JAVA_INT.byteSize());
        return version.getAtIndex(JAVA_INT, 0) + "." + version.getAtIndex(JAVA_INT, 1) + "."
                + version.getAtIndex(JAVA_INT, 2);
    }

    /** Frees the engine; the library stays loaded. */
    void close() {
        rare.check("oneDNN", "dnnl_stream_destroy", stream);
        rare.check("oneDNN", "dnnl_engine_destroy", engine);
    }

    private static long dims(Arena arena, long[] values) {
        MemorySegment all = arena.allocate(JAVA_LONG, MOST_DIMS);
        MemorySegment.copy(values, 0, all, JAVA_LONG, 0, values.length);
        return all.address();
    }

    /** What a native call threw: native functions declare nothing, so it is the JVM's. */
    static RuntimeException unexpected(Throwable thrown) {
        if (thrown instanceof Error error) {
            throw error;
        }
        if (thrown instanceof RuntimeException exception) {
            throw exception;
        }
        throw new IllegalStateException("a native call threw", thrown);
    }
}
