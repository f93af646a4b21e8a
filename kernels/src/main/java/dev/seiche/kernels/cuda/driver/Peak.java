package dev.seiche.kernels.cuda.driver;

import jcuda.driver.CUdevice;
import jcuda.driver.CUdevice_attribute;
import jcuda.driver.JCudaDriver;

/**
 * What a device can do at the most, from its clocks and its number of units as the driver tells them; 0 where they are not
 * known. A multiply-add counts as two operations.
 *
 * @param f32 operations a second in f32, without tensor cores
 * @param f64 operations a second in f64, without tensor cores
 * @param tf32 operations a second of tensor cores on dense TF32
 * @param bytes a second between chip and memory
 * @param cacheBytes size of the L2 cache
 */
public record Peak(double f32, double f64, double tf32, double bytes, long cacheBytes) {
    /**
     * Multiply-adds that one multiprocessor does in a clock: in f32 and f64 after the table of arithmetic throughput in
     * NVIDIA's CUDA C++ programming guide; in TF32, from the peak that the architecture's white paper states, its clock and
     * its multiprocessors.
     */
    private record Units(int f32, int f64, int tf32) {
        static Units of(int capability) {
            return switch (capability) {
                case 75 -> new Units(64, 2, 0);
                case 80 -> new Units(64, 32, 512);
                case 86, 89 -> new Units(128, 2, 128);
                case 90 -> new Units(128, 64, 1024);
                default -> new Units(0, 0, 0);
            };
        }
    }

    /** Reads the attributes of a device that {@link Gpu} has found. */
    public static Peak of(Gpu gpu) {
        String what = gpu.device() + ": reading its clocks";
        CUdevice device = new CUdevice();
        Status.check(JCudaDriver.cuDeviceGet(device, gpu.index()), what);
        double clock = 1e3 * attribute(device, CUdevice_attribute.CU_DEVICE_ATTRIBUTE_CLOCK_RATE, what);
        double memoryClock = 1e3 * attribute(device, CUdevice_attribute.CU_DEVICE_ATTRIBUTE_MEMORY_CLOCK_RATE, what);
        int bits = attribute(device, CUdevice_attribute.CU_DEVICE_ATTRIBUTE_GLOBAL_MEMORY_BUS_WIDTH, what);
        int cache = attribute(device, CUdevice_attribute.CU_DEVICE_ATTRIBUTE_L2_CACHE_SIZE, what);
        Units units = Units.of(gpu.capability());
        double perUnit = 2 * clock * gpu.multiprocessors();
        return new Peak(
                perUnit * units.f32,
                perUnit * units.f64,
                perUnit * units.tf32,
                2 * memoryClock * bits / 8, // data moves on both edges of the clock
                cache);
    }

    private static int attribute(CUdevice device, int attribute, String what) {
        int[] value = {0};
        Status.check(JCudaDriver.cuDeviceGetAttribute(value, attribute, device), what);
        return value[0];
    }
}
