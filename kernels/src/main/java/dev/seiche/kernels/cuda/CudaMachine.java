package dev.seiche.kernels.cuda;

import dev.seiche.kernels.cuda.driver.Cublas;
import dev.seiche.kernels.cuda.driver.Cudnn;
import dev.seiche.kernels.cuda.driver.Gpu;
import dev.seiche.kernels.cuda.driver.GpuContext;
import dev.seiche.kernels.cuda.driver.Grid;
import dev.seiche.tensor.Tensor;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/** What the launchers of one device share: its stream, memory, programs, and a count of what was launched. */
final class CudaMachine {
    private final CudaOptions options;
    private final GpuContext context;
    private final CudaMemory memory;
    private final IdChecks ids;
    private final Staging staging;
    private final Programs programs;
    private final @Nullable Cublas cublas;
    private final @Nullable Cudnn cudnn;
    private final Chain chain;
    private final Map<String, Long> launched = new TreeMap<>();

    CudaMachine(Gpu gpu, CudaOptions options) {
        this.options = options;
        this.context = GpuContext.open(gpu, options.checks());
        try {
            this.memory = new CudaMemory(context, !options.checks());
            this.ids = new IdChecks(context);
            this.staging = new Staging(context);
            this.programs = new Programs(context, KernelSources.read());
            this.cublas = options.cublas() ? Cublas.open(context) : null;
            this.cudnn = options.cudnn() ? Cudnn.open(context) : null;
        } catch (RuntimeException e) {
            context.close();
            throw e;
        }
        this.chain = new Chain(this, options.fuse() && !options.checks());
        context.before(chain::flush);
    }

    GpuContext context() {
        return context;
    }

    CudaMemory memory() {
        return memory;
    }

    Staging staging() {
        return staging;
    }

    IdChecks ids() {
        return ids;
    }

    Programs programs() {
        return programs;
    }

    /** Elementwise ops that were asked for and not yet launched. */
    Chain chain() {
        return chain;
    }

    /** Passes of f32 products on tensor cores, 0 where they are not asked for. */
    int tf32() {
        return options.tf32();
    }

    /** What computes matrix products, or null: our own kernels. */
    @Nullable
    Cublas cublas() {
        return cublas;
    }

    /** What computes convolutions, or null: our own kernels. */
    @Nullable
    Cudnn cudnn() {
        return cudnn;
    }

    /** The version to take of a kernel that has versions up to {@code best}, the fastest that fits here. */
    int version(int best) {
        return Math.min(best, options.newestVersion());
    }

    /** The address of a tensor's first element. */
    long address(Tensor tensor) {
        return memory.own(tensor.buffer()).address()
                + tensor.layout().offset() * tensor.dtype().bytes();
    }

    /** Begins a launch. */
    Call call(String kernel) {
        return new Call(this, kernel, context.arguments());
    }

    void launch(String kernel, Grid grid) {
        context.launch(programs.function(kernel), grid);
        launched.merge(kernel, 1L, Long::sum);
    }

    /** Device memory of undefined contents for what is enqueued by the body. */
    void withScratch(long bytes, LongConsumer body) {
        CudaBuffer scratch = memory.allocate(bytes);
        try {
            body.accept(scratch.address());
        } finally {
            memory.release(scratch);
        }
    }

    Map<String, Long> launched() {
        chain.flush();
        return Map.copyOf(launched);
    }

    void close() {
        chain.drop(); // nobody can ask for it any more
        try {
            if (cublas != null) {
                cublas.close();
            }
            if (cudnn != null) {
                cudnn.close();
            }
            ids.close();
            memory.close();
        } finally {
            context.close();
        }
    }
}
