package dev.seiche.kernels.cuda;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Which device a CUDA backend is, and how it computes.
 *
 * @param device what users call it: {@code cuda:0}, or {@code emulated}
 * @param libraries folder of the CUDA libraries to use, or null for the installed ones; a process uses one of them only
 * @param index of the device, from 0
 * @param newestVersion versions of kernels above this are left alone: 1 takes the plain ones, for tests and for tracking
 *     down a difference
 * @param checks wait for every launch, so that an error names its kernel, and keep no freed memory
 */
public record CudaOptions(String device, @Nullable Path libraries, int index, int newestVersion, boolean checks) {
    public CudaOptions {
        if (index < 0 || newestVersion < 1) {
            throw new IllegalArgumentException("cuda: a device index is 0 or more and a version 1 or more, got " + index
                    + " and " + newestVersion);
        }
    }

    /** A GPU with the fastest kernels; checks where {@code -Dseiche.checks=true}. */
    public static CudaOptions gpu(int index) {
        return new CudaOptions("cuda:" + index, null, index, Integer.MAX_VALUE, Boolean.getBoolean("seiche.checks"));
    }

    /** The device that the CUDA libraries in this folder emulate. */
    public static CudaOptions emulated(Path libraries) {
        return new CudaOptions("emulated", libraries, 0, Integer.MAX_VALUE, Boolean.getBoolean("seiche.checks"));
    }

    public CudaOptions withNewestVersion(int version) {
        return new CudaOptions(device, libraries, index, version, checks);
    }

    public CudaOptions withChecks(boolean waiting) {
        return new CudaOptions(device, libraries, index, newestVersion, waiting);
    }
}
