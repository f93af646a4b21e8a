package dev.seiche.kernels.cuda.driver;

import java.io.File;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.SymbolLookup;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Makes sure that CUDA's shared libraries, and JCuda's, can be loaded before a class of JCuda is touched: a library or
 * function that is missing later ends the process without an exception.
 *
 * <p>A library that was opened here from a folder is the one that JCuda gets: the loader takes a library that it has for
 * one of the same name. So a process uses either the installed libraries or those of one folder, until it ends.
 */
@SuppressWarnings("restricted") // opening libraries is what this is for
final class Libraries {
    static final String DRIVER = "libcuda.so.1";
    static final String NVRTC = "libnvrtc.so.12";
    static final String CUBLAS = "libcublas.so.12";
    static final String CUDNN = "libcudnn.so.9";

    private static final String JCUDA_SUFFIX = "-12.6.0-linux-x86_64";

    /** Functions that are called without asking first whether the driver has them. */
    private static final List<String> DRIVER_FUNCTIONS = List.of(
            "cuInit",
            "cuDriverGetVersion",
            "cuDeviceGetCount",
            "cuDeviceGet",
            "cuDeviceGetName",
            "cuDeviceTotalMem_v2",
            "cuDeviceGetAttribute",
            "cuDevicePrimaryCtxRetain",
            "cuDevicePrimaryCtxRelease_v2",
            "cuCtxSetCurrent",
            "cuMemAlloc_v2",
            "cuMemFree_v2",
            "cuMemHostAlloc",
            "cuMemFreeHost",
            "cuMemcpyHtoDAsync_v2",
            "cuMemcpyDtoHAsync_v2",
            "cuMemsetD8Async",
            "cuStreamCreate",
            "cuStreamSynchronize",
            "cuStreamDestroy_v2",
            "cuEventCreate",
            "cuEventRecord",
            "cuEventSynchronize",
            "cuEventElapsedTime",
            "cuEventDestroy_v2",
            "cuModuleLoadData",
            "cuModuleUnload",
            "cuModuleGetFunction",
            "cuLaunchKernel",
            "cuGetErrorName",
            "cuGetErrorString");

    /** Functions of stream-ordered memory, in drivers since CUDA 11.2. */
    private static final List<String> POOL_FUNCTIONS = List.of("cuMemAllocAsync", "cuMemFreeAsync");

    private final String device;
    private final @Nullable Path folder;

    /** @param folder that holds the libraries, or null for the installed ones */
    Libraries(String device, @Nullable Path folder) {
        this.device = device;
        this.folder = folder;
    }

    /**
     * Makes the driver callable.
     *
     * @throws CudaUnavailableException saying what is missing
     */
    void requireDriver() {
        SymbolLookup driver = open(DRIVER, "no NVIDIA driver was found");
        for (String function : DRIVER_FUNCTIONS) {
            if (driver.find(function).isEmpty()) {
                throw new CudaUnavailableException(
                        device, "the NVIDIA driver is too old: " + DRIVER + " has no " + function);
            }
        }
        requireJCuda("JCudaDriver");
    }

    /** True when the driver has stream-ordered memory. */
    boolean hasMemoryPools() {
        SymbolLookup driver = open(DRIVER, "no NVIDIA driver was found");
        return POOL_FUNCTIONS.stream().allMatch(f -> driver.find(f).isPresent());
    }

    void requireNvrtc() {
        loadBuiltins();
        open(NVRTC, "the CUDA compiler is missing");
        requireJCuda("JNvrtc");
    }

    /** NVRTC looks for its second half on the library path only, where a folder of ours is not. */
    private void loadBuiltins() {
        if (folder == null) {
            return;
        }
        try (DirectoryStream<Path> builtins = Files.newDirectoryStream(folder, "libnvrtc-builtins.so.*")) {
            for (Path library : builtins) {
                SymbolLookup.libraryLookup(library, Arena.global());
            }
        } catch (IOException | IllegalArgumentException e) {
            throw new CudaUnavailableException(
                    device, "the CUDA compiler in " + folder + " does not load: " + e.getMessage());
        }
    }

    void requireCublas() {
        open(CUBLAS, "cuBLAS was asked for and is missing");
        requireJCuda("JCublas2");
    }

    void requireCudnn() {
        open(CUDNN, "cuDNN was asked for and is missing");
        requireJCuda("JCudnn");
    }

    private SymbolLookup open(String library, String missing) {
        try {
            if (folder == null) {
                return SymbolLookup.libraryLookup(library, Arena.global());
            }
            return SymbolLookup.libraryLookup(folder.resolve(library), Arena.global());
        } catch (IllegalArgumentException e) {
            String where = folder == null ? "" : " from " + folder;
            throw new CudaUnavailableException(device, missing + ": " + library + " does not load" + where);
        }
    }

    /**
     * JCuda's loader would otherwise unpack its natives to a fixed name under the temporary directory, and load whatever
     * file it finds there.
     */
    private void requireJCuda(String name) {
        String file = System.mapLibraryName(name + JCUDA_SUFFIX);
        for (String place : System.getProperty("java.library.path", "").split(File.pathSeparator)) {
            if (!place.isEmpty() && Files.isRegularFile(Path.of(place, file))) {
                return;
            }
        }
        throw new CudaUnavailableException(
                device,
                "java.library.path holds no " + file + "; ./seiche sets it, other programs unpack lib/*.so of JCuda's"
                        + " natives and add -Djava.library.path=DIR");
    }
}
