package dev.seiche.kernels.cuda.driver;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import jcuda.driver.CUdevice;
import jcuda.driver.CUdevice_attribute;
import jcuda.driver.JCudaDriver;
import org.jspecify.annotations.Nullable;

/**
 * A CUDA device as the driver describes it.
 *
 * @param device what users call it, as {@code cuda:0}
 * @param libraries folder of the CUDA libraries that it is used through, or null for the installed ones
 * @param index counts from 0, as the driver does; {@code CUDA_VISIBLE_DEVICES} changes it
 * @param major compute capability before the dot
 * @param memoryBytes all of its memory
 * @param memoryPools whether memory is allocated in stream order by the driver
 */
public record Gpu(
        String device,
        @Nullable Path libraries,
        int index,
        String name,
        int major,
        int minor,
        long memoryBytes,
        int multiprocessors,
        boolean memoryPools) {

    /** Drivers of CUDA 12 run what NVRTC 12 compiles; older ones refuse it. */
    private static final int OLDEST_DRIVER = 12000;

    private static final int OLDEST_CAPABILITY = 75;

    /** Compute capability as one number: 80 for 8.0. */
    public int capability() {
        return 10 * major + minor;
    }

    /**
     * All devices of the installed driver.
     *
     * @throws CudaUnavailableException when there is no driver, or none that can be used
     */
    public static List<Gpu> list() {
        Libraries installed = new Libraries("cuda", null);
        int count = start("cuda", installed);
        List<Gpu> gpus = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            gpus.add(read("cuda:" + i, null, i, installed));
        }
        return gpus;
    }

    /**
     * The device of this index.
     *
     * @param device what to call it
     * @param folder of the CUDA libraries to use, or null for the installed ones
     * @throws CudaUnavailableException when there is no such device, or it cannot run Seiche's kernels
     */
    public static Gpu find(String device, @Nullable Path folder, int index) {
        Libraries libraries = new Libraries(device, folder);
        int count = start(device, libraries);
        if (index < 0 || index >= count) {
            throw new CudaUnavailableException(
                    device, "the driver knows " + count + " device(s)" + (count == 0 ? "" : ", 0 to " + (count - 1)));
        }
        Gpu gpu = read(device, folder, index, libraries);
        gpu.requireCapability();
        return gpu;
    }

    void requireCapability() {
        if (capability() < OLDEST_CAPABILITY) {
            throw new CudaUnavailableException(
                    device,
                    name + " has compute capability " + major + "." + minor + ", needed is " + OLDEST_CAPABILITY / 10
                            + "." + OLDEST_CAPABILITY % 10);
        }
    }

    /** Starts the driver; returns how many devices it has. */
    private static int start(String device, Libraries libraries) {
        libraries.requireDriver();
        int status = JCudaDriver.cuInit(0);
        if (status != 0) {
            throw new CudaUnavailableException(device, "the driver does not start: " + Status.describe(status));
        }
        int[] version = {0};
        Status.check(JCudaDriver.cuDriverGetVersion(version), device + ": cuDriverGetVersion");
        requireVersion(device, version[0]);
        int[] count = {0};
        Status.check(JCudaDriver.cuDeviceGetCount(count), device + ": cuDeviceGetCount");
        return count[0];
    }

    /** @param version as the driver gives it: 12060 for CUDA 12.6 */
    static void requireVersion(String device, int version) {
        if (version < OLDEST_DRIVER) {
            throw new CudaUnavailableException(
                    device,
                    "the driver is made for CUDA " + version / 1000 + "." + version % 1000 / 10
                            + ", needed is one for CUDA 12.0 or newer (525 or newer)");
        }
    }

    private static Gpu read(String label, @Nullable Path folder, int index, Libraries libraries) {
        String what = label + ": reading its properties";
        CUdevice device = new CUdevice();
        Status.check(JCudaDriver.cuDeviceGet(device, index), what);
        byte[] name = new byte[256];
        Status.check(JCudaDriver.cuDeviceGetName(name, name.length, device), what);
        long[] bytes = {0};
        Status.check(JCudaDriver.cuDeviceTotalMem(bytes, device), what);
        return new Gpu(
                label,
                folder,
                index,
                text(name),
                attribute(device, CUdevice_attribute.CU_DEVICE_ATTRIBUTE_COMPUTE_CAPABILITY_MAJOR, what),
                attribute(device, CUdevice_attribute.CU_DEVICE_ATTRIBUTE_COMPUTE_CAPABILITY_MINOR, what),
                bytes[0],
                attribute(device, CUdevice_attribute.CU_DEVICE_ATTRIBUTE_MULTIPROCESSOR_COUNT, what),
                libraries.hasMemoryPools()
                        && attribute(device, CUdevice_attribute.CU_DEVICE_ATTRIBUTE_MEMORY_POOLS_SUPPORTED, what) != 0);
    }

    private static int attribute(CUdevice device, int attribute, String what) {
        int[] value = {0};
        Status.check(JCudaDriver.cuDeviceGetAttribute(value, attribute, device), what);
        return value[0];
    }

    /** Bytes of C up to their zero. */
    private static String text(byte[] bytes) {
        int end = 0;
        while (end < bytes.length && bytes[end] != 0) {
            end++;
        }
        return new String(bytes, 0, end, StandardCharsets.UTF_8).strip();
    }

    @Override
    public String toString() {
        return "%s %s, capability %d.%d, %d multiprocessors, %.1f GiB"
                .formatted(device, name, major, minor, multiprocessors, memoryBytes / (double) (1L << 30));
    }
}
