package dev.seiche.kernels.cpu.onednn;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;
import org.jspecify.annotations.Nullable;

/**
 * Large blocks of memory straight from the kernel, in pages of 2 MiB where it grants them: fewer misses of the
 * translation buffer for kernels that walk down columns. Fresh pages are zero and cost nothing until touched, where
 * {@link Arena#allocate} writes its zeros first, into small pages.
 *
 * <p>Linux only; elsewhere {@link #allocate} is {@link Arena#allocate}. For blocks of a few MiB and more.
 */
public final class HugePages {
    /** Size and alignment of a huge page on x86-64, and on arm64 with pages of 4 KiB. */
    public static final long PAGE_BYTES = 2L << 20;

    private static final int READ_AND_WRITE = 0x1 | 0x2;
    private static final int PRIVATE_AND_ANONYMOUS = 0x02 | 0x20;
    private static final int MADV_HUGEPAGE = 14;
    private static final long MAP_FAILED = -1;

    private static final @Nullable MethodHandle MMAP =
            find("mmap", FunctionDescriptor.of(ADDRESS, ADDRESS, JAVA_LONG, JAVA_INT, JAVA_INT, JAVA_INT, JAVA_LONG));
    private static final @Nullable MethodHandle MUNMAP =
            find("munmap", FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_LONG));
    private static final @Nullable MethodHandle MADVISE =
            find("madvise", FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_LONG, JAVA_INT));

    private HugePages() {}

    @SuppressWarnings("restricted")
    private static @Nullable MethodHandle find(String function, FunctionDescriptor descriptor) {
        if (!"Linux".equals(System.getProperty("os.name"))) {
            return null; // the constants above are Linux's
        }
        SymbolLookup system = Linker.nativeLinker().defaultLookup();
        return system.find(function)
                .map(address -> Linker.nativeLinker().downcallHandle(address, descriptor))
                .orElse(null);
    }

    /** True where blocks come from the kernel; it may still give small pages. */
    public static boolean supported() {
        return MMAP != null && MUNMAP != null && MADVISE != null;
    }

    /**
     * Zeros, aligned to 2 MiB, freed when the arena closes.
     *
     * @param bytes at least 1
     * @throws OutOfMemoryError where the system has no room
     */
    @SuppressWarnings("restricted")
    public static MemorySegment allocate(long bytes, Arena arena) {
        if (bytes < 1) {
            throw new IllegalArgumentException("huge pages: " + bytes + " bytes");
        }
        if (!supported()) {
            return arena.allocate(bytes, PAGE_BYTES);
        }
        long whole = Math.ceilDiv(bytes, PAGE_BYTES) * PAGE_BYTES;
        long mapped = map(whole + PAGE_BYTES);
        long start = Math.ceilDiv(mapped, PAGE_BYTES) * PAGE_BYTES;
        unmap(mapped, start - mapped);
        unmap(start + whole, mapped + PAGE_BYTES - start);
        advise(start, whole);
        return MemorySegment.ofAddress(start)
                .reinterpret(whole, arena, block -> unmap(block.address(), whole))
                .asSlice(0, bytes);
    }

    private static long map(long bytes) {
        MemorySegment address;
        try {
            address = (MemorySegment) java.util.Objects.requireNonNull(MMAP)
                    .invokeExact(MemorySegment.NULL, bytes, READ_AND_WRITE, PRIVATE_AND_ANONYMOUS, -1, 0L);
        } catch (Throwable thrown) {
            throw new IllegalStateException("mmap", thrown);
        }
        if (address.address() == MAP_FAILED) {
            throw new OutOfMemoryError("the system has no room for a block of " + bytes + " bytes");
        }
        return address.address();
    }

    private static void unmap(long address, long bytes) {
        if (bytes == 0) {
            return;
        }
        try {
            int ignored =
                    (int) java.util.Objects.requireNonNull(MUNMAP).invokeExact(MemorySegment.ofAddress(address), bytes);
        } catch (Throwable thrown) {
            throw new IllegalStateException("munmap", thrown);
        }
    }

    /** A hint: where the kernel does not take it, pages stay small. */
    private static void advise(long address, long bytes) {
        try {
            int ignored = (int) java.util.Objects.requireNonNull(MADVISE)
                    .invokeExact(MemorySegment.ofAddress(address), bytes, MADV_HUGEPAGE);
        } catch (Throwable thrown) {
            throw new IllegalStateException("madvise", thrown);
        }
    }
}
