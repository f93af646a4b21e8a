package dev.seiche.emulator;

import static dev.seiche.emulator.Gpu.argument;
import static dev.seiche.emulator.Gpu.check;
import static dev.seiche.emulator.Gpu.function;
import static jcuda.driver.JCudaDriver.cuMemcpyHtoD;
import static jcuda.driver.JCudaDriver.cuModuleGetGlobal;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.seiche.testkit.emulator.EmulatedMode;
import java.util.Random;
import jcuda.Pointer;
import jcuda.driver.CUdeviceptr;
import jcuda.driver.CUmodule;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Kernels without a mistake run on all four devices, give the right numbers, and nothing is said about them. */
class CorrectKernelsTest {
    private static float[] draw(int count, int seed) {
        Random random = new Random(seed);
        float[] values = new float[count];
        for (int i = 0; i < count; i++) {
            values[i] = (float) random.nextGaussian();
        }
        return values;
    }

    @ParameterizedTest
    @EnumSource
    void vectorsAreAdded(EmulatedMode device) {
        int n = 5003;
        float[] a = draw(n, 1);
        float[] b = draw(n, 2);
        try (Gpu gpu = new Gpu(device)) {
            CUdeviceptr c = gpu.allocate(4L * n);
            gpu.launch(
                    function(gpu.module("correct.cu"), "add"),
                    (n + 255) / 256,
                    256,
                    argument(n),
                    Pointer.to(gpu.floats(a)),
                    Pointer.to(gpu.floats(b)),
                    Pointer.to(c));

            float[] sums = gpu.floats(c, n);
            for (int i = 0; i < n; i++) {
                assertThat(sums[i]).isEqualTo(a[i] + b[i]);
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void matricesOfRaggedExtentsAreMultipliedThroughSharedTiles(EmulatedMode device) {
        int m = 19;
        int n = 21;
        int k = 13;
        float[] a = draw(m * k, 3);
        float[] b = draw(k * n, 4);
        try (Gpu gpu = new Gpu(device)) {
            CUdeviceptr c = gpu.allocate(4L * m * n);
            gpu.launch(
                    function(gpu.module("correct.cu"), "matmul"),
                    new int[] {(n + 7) / 8, (m + 7) / 8, 8, 8},
                    0,
                    argument(m),
                    argument(n),
                    argument(k),
                    Pointer.to(gpu.floats(a)),
                    Pointer.to(gpu.floats(b)),
                    Pointer.to(c));

            float[] product = gpu.floats(c, m * n);
            for (int i = 0; i < m * n; i++) {
                float sum = 0;
                for (int l = 0; l < k; l++) {
                    sum = Math.fma(a[i / n * k + l], b[l * n + i % n], sum);
                }
                // the kernel asks for fused operations in this order, so not one bit may differ
                assertThat(product[i]).isEqualTo(sum);
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void theBlockThatEndsLastSumsWhatAllHaveStored(EmulatedMode device) {
        int n = 10_000;
        float[] x = draw(n, 5);
        try (Gpu gpu = new Gpu(device)) {
            CUdeviceptr out = gpu.allocate(4);
            gpu.launch(
                    function(gpu.module("correct.cu"), "sum"),
                    new int[] {6, 1, 128, 1},
                    4 * 4,
                    argument(n),
                    Pointer.to(gpu.floats(x)),
                    Pointer.to(gpu.allocate(4 * 6)),
                    Pointer.to(gpu.ints(0)),
                    Pointer.to(out));

            double exact = 0;
            for (float v : x) {
                exact += v;
            }
            // a tree over 13 adds in each thread, 5 + 4 + 6 in a row after: 28 roundings of sums up to about 100
            assertThat((double) gpu.floats(out, 1)[0]).isCloseTo(exact, within(28 * 100 * 0x1p-24));
            // the order of the sum is fixed, so the bits are, on every device
            assertThat(gpu.floats(out, 1)[0]).isEqualTo(sumInKernelOrder(x, 6, 128));
        }
    }

    private static float sumInKernelOrder(float[] x, int blocks, int threads) {
        float total = 0;
        for (int block = 0; block < blocks; block++) {
            float ofBlock = 0;
            for (int warp = 0; warp < threads / 32; warp++) {
                float[] lanes = new float[32];
                for (int lane = 0; lane < 32; lane++) {
                    for (int i = block * threads + warp * 32 + lane; i < x.length; i += blocks * threads) {
                        lanes[lane] += x[i];
                    }
                }
                for (int d = 16; d > 0; d /= 2) {
                    for (int lane = 0; lane < d; lane++) {
                        lanes[lane] += lanes[lane + d];
                    }
                }
                ofBlock += lanes[0];
            }
            total += ofBlock;
        }
        return total;
    }

    @ParameterizedTest
    @EnumSource
    void lanesOfAWarpExchangeThroughSharedMemory(EmulatedMode device) {
        float[] x = draw(64, 6);
        try (Gpu gpu = new Gpu(device)) {
            CUdeviceptr p = gpu.floats(x);
            gpu.launch(function(gpu.module("correct.cu"), "swap"), 1, 64, Pointer.to(p));

            float[] swapped = gpu.floats(p, 64);
            for (int i = 0; i < 64; i++) {
                assertThat(swapped[i]).isEqualTo(x[i ^ 1]);
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void aTemplateHasSharedMemoryOfItsOwnForEachType(EmulatedMode device) {
        float[] x = draw(256, 7);
        try (Gpu gpu = new Gpu(device)) {
            CUdeviceptr y = gpu.allocate(4 * 256);
            gpu.launch(function(gpu.module("correct.cu"), "turn"), 1, 64, Pointer.to(gpu.floats(x)), Pointer.to(y));

            float[] turned = gpu.floats(y, 256);
            for (int t = 0; t < 64; t++) {
                assertThat(turned[4 * t]).isEqualTo(x[(t + 1) % 64 * 4]);
                assertThat(turned[4 * t + 1]).isEqualTo(x[(t + 2) % 64 * 4 + 1]);
                assertThat(turned[4 * t + 2]).isEqualTo(x[4 * t + 2]);
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void constantMemoryIsSetByName(EmulatedMode device) {
        try (Gpu gpu = new Gpu(device)) {
            CUmodule module = gpu.module("correct.cu");
            CUdeviceptr weights = new CUdeviceptr();
            long[] bytes = {0};
            check(cuModuleGetGlobal(weights, bytes, module, "weights"));
            assertThat(bytes[0]).isEqualTo(16);
            check(cuMemcpyHtoD(weights, Pointer.to(new float[] {1, 2, 3, 4}), 16));
            CUdeviceptr x = gpu.floats(1, 1, 1, 1, 1, 1, 1, 1);
            gpu.launch(function(module, "weigh"), 1, 8, Pointer.to(x));

            assertThat(gpu.floats(x, 8)).containsExactly(1, 2, 3, 4, 1, 2, 3, 4);
        }
    }

    @ParameterizedTest
    @EnumSource
    void votesOfWarpsAreCounted(EmulatedMode device) {
        float[] x = draw(1000, 8);
        int positive = 0;
        for (float v : x) {
            positive += v > 0 ? 1 : 0;
        }
        try (Gpu gpu = new Gpu(device)) {
            CUdeviceptr counter = gpu.ints(0);
            gpu.launch(
                    function(gpu.module("correct.cu"), "count"),
                    8,
                    128,
                    argument(1000),
                    Pointer.to(gpu.floats(x)),
                    Pointer.to(counter));

            assertThat(gpu.ints(counter, 1)).containsExactly(positive);
        }
    }

    @ParameterizedTest
    @EnumSource
    void theTensorCoreMultipliesNumbersOfTenBits(EmulatedMode device) {
        float[] a = draw(16 * 8, 9);
        float[] b = draw(8 * 8, 10);
        try (Gpu gpu = new Gpu(device)) {
            CUdeviceptr c = gpu.allocate(4 * 16 * 8);
            gpu.launch(
                    function(gpu.module("correct.cu"), "tensor"),
                    1,
                    32,
                    Pointer.to(gpu.floats(a)),
                    Pointer.to(gpu.floats(b)),
                    Pointer.to(c));

            float[] product = gpu.floats(c, 16 * 8);
            for (int i = 0; i < product.length; i++) {
                double sum = 0;
                double size = 0;
                for (int l = 0; l < 8; l++) {
                    double term = (double) a[i / 8 * 8 + l] * b[l * 8 + i % 8];
                    sum += term;
                    size += Math.abs(term);
                }
                // both factors of each term lose all but 10 bits of fraction: an error of 2^-11 each
                assertThat((double) product[i]).isCloseTo(sum, within(size * 0x1p-10));
            }
        }
    }
}
