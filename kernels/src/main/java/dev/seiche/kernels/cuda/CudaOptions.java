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
 * @param cublas matrix products by cuBLAS instead of our own kernels, where it takes their strides
 * @param tf32 products of f32 matrices on tensor cores: 0 not at all, 1 with operands rounded to 10 bits of fraction, 3 in
 *     three passes with nearly the error of f32; operands must be finite, and the device of capability 8.0
 * @param cudnn convolutions by cuDNN instead of our own kernels, where padding is the same on opposite sides
 * @param fuse chains of elementwise ops as one kernel, with the same bits; not with {@code checks}, where an error is to name
 *     its op
 */
public record CudaOptions(
        String device,
        @Nullable Path libraries,
        int index,
        int newestVersion,
        boolean checks,
        int tf32,
        boolean cublas,
        boolean cudnn,
        boolean fuse) {
    public CudaOptions {
        if (index < 0 || newestVersion < 1) {
            throw new IllegalArgumentException("cuda: a device index is 0 or more and a version 1 or more, got " + index
                    + " and " + newestVersion);
        }
        if (tf32 != 0 && tf32 != 1 && tf32 != 3) {
            throw new IllegalArgumentException("cuda: tf32 takes 0, 1 or 3 passes, got " + tf32);
        }
    }

    /** A GPU, as {@link #of} says. */
    public static CudaOptions gpu(int index) {
        return of("cuda:" + index, null, index);
    }

    /** The device that the CUDA libraries in this folder emulate, as {@link #of} says. */
    public static CudaOptions emulated(Path libraries) {
        return of("emulated", libraries, 0);
    }

    /**
     * The fastest kernels; checks where {@code -Dseiche.checks=true}; {@code -Dseiche.cuda.matmul=cublas} and
     * {@code -Dseiche.cuda.conv=cudnn} take NVIDIA's instead of our {@code own}; {@code -Dseiche.cuda.tf32=1} or
     * {@code 3} takes tensor cores; {@code -Dseiche.cuda.fuse=off} launches every elementwise op by itself.
     */
    private static CudaOptions of(String device, @Nullable Path libraries, int index) {
        return new CudaOptions(
                device,
                libraries,
                index,
                Integer.MAX_VALUE,
                Boolean.getBoolean("seiche.checks"),
                Integer.getInteger("seiche.cuda.tf32", 0),
                asks("seiche.cuda.matmul", "own", "cublas"),
                asks("seiche.cuda.conv", "own", "cudnn"),
                !asks("seiche.cuda.fuse", "on", "off"));
    }

    private static boolean asks(String property, String usual, String other) {
        String value = System.getProperty(property, usual);
        if (!value.equals(usual) && !value.equals(other)) {
            throw new IllegalArgumentException(
                    "-D" + property + " is " + usual + " or " + other + ", got '" + value + "'");
        }
        return value.equals(other);
    }

    public CudaOptions withIndex(int other) {
        return new CudaOptions(device, libraries, other, newestVersion, checks, tf32, cublas, cudnn, fuse);
    }

    public CudaOptions withNewestVersion(int version) {
        return new CudaOptions(device, libraries, index, version, checks, tf32, cublas, cudnn, fuse);
    }

    public CudaOptions withChecks(boolean waiting) {
        return new CudaOptions(device, libraries, index, newestVersion, waiting, tf32, cublas, cudnn, fuse);
    }

    public CudaOptions withTf32(int passes) {
        return new CudaOptions(device, libraries, index, newestVersion, checks, passes, cublas, cudnn, fuse);
    }

    public CudaOptions withCublas(boolean products) {
        return new CudaOptions(device, libraries, index, newestVersion, checks, tf32, products, cudnn, fuse);
    }

    public CudaOptions withCudnn(boolean convolutions) {
        return new CudaOptions(device, libraries, index, newestVersion, checks, tf32, cublas, convolutions, fuse);
    }

    public CudaOptions withFuse(boolean chains) {
        return new CudaOptions(device, libraries, index, newestVersion, checks, tf32, cublas, cudnn, chains);
    }
}
