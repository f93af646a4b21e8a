package dev.seiche.kernels.cpu.onednn;

import dev.seiche.kernels.cpu.WorkerPool;
import dev.seiche.kernels.cpu.gemm.GemmShape;
import dev.seiche.kernels.cpu.onednn.ConvPlan.Direction;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.ref.Reference;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Matrix products and convolutions in f32 by oneDNN, an open library of neural network primitives. The library comes as
 * a jar on the class path, for Linux on x86-64; elsewhere {@link #open} says why there is none, and pure Java computes.
 *
 * <p><b>Threads.</b> oneDNN itself runs on one thread; work is cut into pieces that the threads of a {@link WorkerPool}
 * share. The pieces depend on sizes alone, so results have the same bits for every thread count. They may differ in
 * rounding from other CPU models, for which oneDNN has other code.
 *
 * <p><b>Memory.</b> Segments are off-heap, aligned to 4 bytes, readable from the pool's threads (not confined to the
 * caller), and alive until the call returns. Results must not overlap operands.
 *
 * <p>Safe for use by several threads. {@link #close} only when no call runs.
 *
 * <p>Pooling is left to Java: oneDNN's maximum remembers where it lay in a format of its own, which a separate backward
 * op does not have; and pooling waits for memory, not for arithmetic. A bias is left to a pass of its own, too: fused
 * into oneDNN's matmul it saved 0 to 3% (512 outputs, batch 128, AMD EPYC 9005), and nothing against this sgemm.
 */
public final class OneDnn implements AutoCloseable {
    /** System property; {@code off} keeps native code out. */
    public static final String PROPERTY = "seiche.native";

    private static final String FOLDER = "org/bytedeco/dnnl/linux-x86_64/";
    private static final String LIBRARY = "libdnnl.so.3";
    private static final String OPENMP = "libgomp.so.1";

    /** Geometries kept compiled: a ResNet has some 20 convolutions, in three directions, at two batch sizes. */
    private static final int MOST_PLANS = 256;

    private final Dnnl dnnl;
    private final Sgemm sgemm;
    private final PlanCache<PlanKey, ConvPlan> plans = new PlanCache<>(MOST_PLANS, ConvPlan::close);
    private final WorkerPool pool;
    private final Path file;
    private volatile boolean closed;

    private record PlanKey(Direction direction, ConvShape shape) {}

    /**
     * What {@link #open} found.
     *
     * @param library the library, to be closed by the caller; empty where there is none
     * @param reason where it came from, or why there is none; a sentence for a log
     */
    public record Opened(Optional<OneDnn> library, String reason) {}

    /**
     * The surroundings that decide.
     *
     * @param property reads a system property, null where it is not set
     * @param variable reads an environment variable, null where it is not set
     * @param loader finds the library's jar
     */
    record Surroundings(
            UnaryOperator<@Nullable String> property, UnaryOperator<@Nullable String> variable, ClassLoader loader) {
        static Surroundings ofThisProcess() {
            return new Surroundings(System::getProperty, System::getenv, OneDnn.class.getClassLoader());
        }
    }

    private OneDnn(Dnnl dnnl, WorkerPool pool, Path file) {
        this.dnnl = dnnl;
        this.pool = pool;
        this.file = file;
        this.sgemm = new Sgemm(dnnl, pool);
    }

    /**
     * Unpacks and loads the library where that is possible and wanted.
     *
     * @param pool whose threads share the work; stays the caller's to close
     */
    public static Opened open(WorkerPool pool) {
        return open(pool, Surroundings.ofThisProcess());
    }

    static Opened open(WorkerPool pool, Surroundings around) {
        if ("off".equals(around.property.apply(PROPERTY))) {
            return missing("native code is off: -D" + PROPERTY + "=off");
        }
        String system = around.property.apply("os.name");
        String processor = around.property.apply("os.arch");
        if (!"Linux".equals(system) || !("amd64".equals(processor) || "x86_64".equals(processor))) {
            return missing("oneDNN comes for Linux on amd64 only, this is " + system + " on " + processor);
        }
        try {
            LibraryCache.Resource library = LibraryCache.Resource.find(around.loader, FOLDER, LIBRARY);
            LibraryCache.Resource openMp = LibraryCache.Resource.find(around.loader, FOLDER, OPENMP);
            if (library == null || openMp == null) {
                return missing("the class path has no " + FOLDER + (library == null ? LIBRARY : OPENMP)
                        + ": the natives jar of oneDNN is missing");
            }
            Path folder = new LibraryCache(cacheRoot(around)).unpack("onednn", library, openMp);
            Path file = folder.resolve(LIBRARY);
            OneDnn opened = new OneDnn(new Dnnl(file), pool, file);
            return new Opened(Optional.of(opened), opened.toString());
        } catch (IOException e) {
            return missing("oneDNN could not be unpacked: " + e);
        } catch (IllegalArgumentException | UnsatisfiedLinkError | IllegalCallerException e) {
            return missing("oneDNN could not be loaded: " + e.getMessage());
        }
    }

    private static Opened missing(String reason) {
        return new Opened(Optional.empty(), reason);
    }

    /** {@code $XDG_CACHE_HOME/seiche}, {@code ~/.cache/seiche}, or where there is no home, a folder for temporary files. */
    static Path cacheRoot(Surroundings around) {
        String cache = around.variable.apply("XDG_CACHE_HOME");
        if (cache != null && Path.of(cache).isAbsolute()) {
            return Path.of(cache, "seiche");
        }
        String home = around.property.apply("user.home");
        if (home != null && Path.of(home).isAbsolute() && Path.of(home).toFile().canWrite()) {
            return Path.of(home, ".cache", "seiche");
        }
        return Path.of(
                String.valueOf(around.property.apply("java.io.tmpdir")),
                "seiche-" + around.property.apply("user.name"));
    }

    /**
     * Matrix products in f32. Sums run over k in an order that oneDNN chooses by size.
     *
     * @throws IllegalArgumentException where a segment is too short, unaligned or on the heap
     */
    public void sgemm(GemmShape shape, MemorySegment a, MemorySegment b, MemorySegment c) {
        requireOpen();
        shape.check("sgemm", a, b, c, Float.BYTES);
        try {
            sgemm.run(shape, a, b, c);
        } finally {
            // The addresses that went to native code keep nothing alive.
            Reference.reachabilityFence(a);
            Reference.reachabilityFence(b);
            Reference.reachabilityFence(c);
        }
    }

    /** {@code y = x * w}, overwriting y. */
    public void convolution(ConvShape shape, MemorySegment x, MemorySegment w, MemorySegment y) {
        run(Direction.FORWARD, shape, x, w, y, y);
    }

    /** The gradient in x, overwriting dx: the adjoint of {@link #convolution} in x, applied to dy. */
    public void convolutionBackwardInput(ConvShape shape, MemorySegment dy, MemorySegment w, MemorySegment dx) {
        run(Direction.BACKWARD_DATA, shape, dx, w, dy, dx);
    }

    /** The gradient in w, summed over the batch, overwriting dw. */
    public void convolutionBackwardWeights(ConvShape shape, MemorySegment x, MemorySegment dy, MemorySegment dw) {
        run(Direction.BACKWARD_WEIGHTS, shape, x, dw, dy, dw);
    }

    private void run(
            Direction direction,
            ConvShape shape,
            MemorySegment x,
            MemorySegment w,
            MemorySegment y,
            MemorySegment result) {
        requireOpen();
        shape.check(direction.toString(), x, w, y);
        if (shape.empty()) {
            result.fill((byte) 0);
            return;
        }
        try {
            plans.use(
                    new PlanKey(direction, shape),
                    key -> ConvPlan.of(dnnl, pool, key.direction, key.shape),
                    plan -> plan.run(x, w, y));
        } finally {
            Reference.reachabilityFence(x);
            Reference.reachabilityFence(w);
            Reference.reachabilityFence(y);
        }
    }

    /** What oneDNN runs for the three directions of this convolution, for reports. */
    public String implementations(ConvShape shape) {
        requireOpen();
        StringBuilder all = new StringBuilder();
        for (Direction direction : Direction.values()) {
            plans.use(
                    new PlanKey(direction, shape),
                    key -> ConvPlan.of(dnnl, pool, key.direction, key.shape),
                    plan -> all.append(all.isEmpty() ? "" : ", ")
                            .append(direction)
                            .append(": ")
                            .append(plan.implementation()));
        }
        return all.toString();
    }

    private void requireOpen() {
        if (closed) {
            throw new IllegalStateException("oneDNN: closed");
        }
    }

    /** Frees what was compiled. The library stays loaded. Closing twice is allowed. */
    @Override
    public void close() {
        if (!closed) {
            closed = true;
            plans.close();
            dnnl.close();
        }
    }

    @Override
    public String toString() {
        return String.format(Locale.ROOT, "oneDNN %s from %s", dnnl.version(), file);
    }
}
