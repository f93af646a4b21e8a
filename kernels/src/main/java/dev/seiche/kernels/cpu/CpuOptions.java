package dev.seiche.kernels.cpu;

/**
 * How a CPU backend computes.
 *
 * @param threads threads that share the work of one kernel, at least 1; results do not depend on it
 * @param nativeCode allow the oneDNN library where it can be loaded; false stays in Java
 * @param level the fastest kernels to use; lower ones are for tests and for tracking down a difference
 */
public record CpuOptions(int threads, boolean nativeCode, Level level) {
    /** Kernel levels from the plainest to the fastest. Each falls back on the one before, op by op. */
    public enum Level {
        /** Scalar loops in double: slow, and the oracle for all others. */
        REFERENCE,
        /** The Vector API on several threads. */
        VECTOR,
        /** oneDNN for matrix products, convolutions and pooling in f32. */
        NATIVE
    }

    public CpuOptions {
        if (threads < 1) {
            throw new IllegalArgumentException("cpu: threads must be at least 1, got " + threads);
        }
    }

    /** All processors and the fastest kernels. */
    public static CpuOptions defaults() {
        return new CpuOptions(Runtime.getRuntime().availableProcessors(), true, Level.NATIVE);
    }

    public CpuOptions withThreads(int count) {
        return new CpuOptions(count, nativeCode, level);
    }

    public CpuOptions withNativeCode(boolean allowed) {
        return new CpuOptions(threads, allowed, level);
    }

    public CpuOptions withLevel(Level fastest) {
        return new CpuOptions(threads, nativeCode, fastest);
    }
}
