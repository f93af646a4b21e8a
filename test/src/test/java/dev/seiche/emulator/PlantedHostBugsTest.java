package dev.seiche.emulator;

import static dev.seiche.emulator.Gpu.NON_BLOCKING;
import static dev.seiche.emulator.Gpu.argument;
import static dev.seiche.emulator.Gpu.check;
import static dev.seiche.emulator.Gpu.function;
import static jcuda.driver.JCudaDriver.cuCtxDestroy;
import static jcuda.driver.JCudaDriver.cuCtxSetCurrent;
import static jcuda.driver.JCudaDriver.cuEventCreate;
import static jcuda.driver.JCudaDriver.cuEventRecord;
import static jcuda.driver.JCudaDriver.cuLaunchKernel;
import static jcuda.driver.JCudaDriver.cuMemAlloc;
import static jcuda.driver.JCudaDriver.cuMemAllocAsync;
import static jcuda.driver.JCudaDriver.cuMemFree;
import static jcuda.driver.JCudaDriver.cuMemFreeAsync;
import static jcuda.driver.JCudaDriver.cuMemcpyDtoH;
import static jcuda.driver.JCudaDriver.cuMemcpyHtoD;
import static jcuda.driver.JCudaDriver.cuModuleUnload;
import static jcuda.driver.JCudaDriver.cuStreamCreate;
import static jcuda.driver.JCudaDriver.cuStreamDestroy;
import static jcuda.driver.JCudaDriver.cuStreamSynchronize;
import static jcuda.driver.JCudaDriver.cuStreamWaitEvent;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.seiche.testkit.emulator.EmulatedLibraries;
import dev.seiche.testkit.emulator.EmulatedMode;
import jcuda.Pointer;
import jcuda.driver.CUdeviceptr;
import jcuda.driver.CUevent;
import jcuda.driver.CUfunction;
import jcuda.driver.CUmodule;
import jcuda.driver.CUstream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Mistakes in what Java asks of the driver: each is an error that names the call, and none ends the JVM. */
class PlantedHostBugsTest {
    private Gpu gpu;
    private CUmodule module;
    private CUfunction scale;
    private CUdeviceptr x;
    private CUdeviceptr y;

    PlantedHostBugsTest() {
        EmulatedLibraries.load();
        gpu = new Gpu(EmulatedMode.FAST);
        module = gpu.module("planted.cu");
        scale = function(module, "scale");
        x = gpu.floats(1, 2, 3, 4);
        y = gpu.allocate(16);
    }

    @AfterEach
    void nothingElseIsWrong() {
        gpu.close();
    }

    private void scale(CUdeviceptr from, CUdeviceptr to) {
        gpu.launch(scale, 1, 4, argument(4), argument(2f), Pointer.to(from), Pointer.to(to));
    }

    @Test
    void argumentsInAWrongOrder() {
        assertThatThrownBy(() -> gpu.launch(scale, 1, 4, Pointer.to(x), argument(2f), argument(4L), Pointer.to(y)))
                .hasMessageContaining("kernel scale: argument 2 (read) is 0x4, which points into no live allocation");
    }

    @Test
    void argumentsThatAreMissing() {
        assertThatThrownBy(() -> gpu.launch(scale, 1, 4, argument(4), argument(2f), Pointer.to(x)))
                .hasMessageContaining("kernel scale");
        assertThatThrownBy(() -> check(cuLaunchKernel(scale, 1, 1, 1, 4, 1, 1, 0, gpu.stream, null, null)))
                .hasMessageContaining("kernel scale takes 4 arguments");
    }

    @Test
    void aHostReadWithoutSynchronisation() {
        scale(x, y);
        assertThatThrownBy(() -> check(cuMemcpyDtoH(Pointer.to(new float[4]), y, 16)))
                .hasMessageContaining("missing synchronisation: cuMemcpyDtoH on stream 0 reads allocation 2")
                .hasMessageContaining("which kernel scale on stream 1 writes");
        assertThat(gpu.floats(y, 4)).containsExactly(2, 4, 6, 8);
    }

    @Test
    void workOnAnotherStreamThanTheWorkThatItNeeds() {
        CUstream other = new CUstream();
        check(cuStreamCreate(other, NON_BLOCKING));
        scale(x, y);
        Pointer arguments = Pointer.to(argument(4), argument(2f), Pointer.to(y), Pointer.to(x));
        assertThatThrownBy(() -> check(cuLaunchKernel(scale, 1, 1, 1, 4, 1, 1, 0, other, arguments, null)))
                .hasMessageContaining("missing synchronisation: kernel scale on stream 2 reads allocation 2")
                .hasMessageContaining("which kernel scale on stream 1 writes");

        CUevent event = new CUevent();
        check(cuEventCreate(event, 0));
        check(cuEventRecord(event, gpu.stream));
        check(cuStreamWaitEvent(other, event, 0));
        check(cuLaunchKernel(scale, 1, 1, 1, 4, 1, 1, 0, other, arguments, null));
        check(cuStreamSynchronize(other));
        assertThat(gpu.floats(x, 4)).containsExactly(4, 8, 12, 16);
    }

    @Test
    void memoryThatIsNeverFreed() {
        Gpu second = new Gpu(EmulatedMode.FAST);
        CUdeviceptr forgotten = new CUdeviceptr();
        check(cuMemAlloc(forgotten, 4096));
        assertThatThrownBy(() -> check(cuCtxDestroy(second.context)))
                .hasMessageContaining("cuCtxDestroy: 1 leaked: allocation 1 (cuMemAlloc) of 4096 bytes");
        check(cuCtxSetCurrent(gpu.context));
    }

    @Test
    void memoryThatWasFreed() {
        CUdeviceptr freed = gpu.disown(gpu.floats(1, 2, 3, 4));
        check(cuMemFree(freed));
        assertThatThrownBy(() -> scale(freed, y))
                .hasMessageContaining("use after free: kernel scale: argument 2 (read) points into allocation 3")
                .hasMessageContaining("freed by cuMemFree");
        assertThatThrownBy(() -> check(cuMemcpyHtoD(freed, Pointer.to(new float[4]), 16)))
                .hasMessageContaining("use after free: cuMemcpyHtoD: the target");
        assertThatThrownBy(() -> check(cuMemFree(freed))).hasMessageContaining("use after free: cuMemFree");
    }

    @Test
    void memoryThatWasFreedEarlierInTheStream() {
        CUdeviceptr temporary = new CUdeviceptr();
        check(cuMemAllocAsync(temporary, 16, gpu.stream));
        scale(x, temporary);
        check(cuMemFreeAsync(temporary, gpu.stream));
        assertThatThrownBy(() -> scale(temporary, y)).hasMessageContaining("freed by cuMemFreeAsync on stream 1");
        gpu.synchronise();
    }

    @Test
    void memoryOfAStreamThatIsUsedOnAnother() {
        CUdeviceptr temporary = new CUdeviceptr();
        check(cuMemAllocAsync(temporary, 16, gpu.stream));
        assertThatThrownBy(() -> check(cuMemcpyHtoD(temporary, Pointer.to(new float[4]), 16)))
                .hasMessageContaining("missing synchronisation: cuMemcpyHtoD on stream 0 writes allocation 3")
                .hasMessageContaining("cuMemAllocAsync on stream 1");
        check(cuMemFreeAsync(temporary, gpu.stream));
    }

    @Test
    void aPointerOfAnotherDevice() {
        try (Gpu second = new Gpu(EmulatedMode.FAST_REVERSE)) {
            CUfunction there = function(second.module("planted.cu"), "scale");
            assertThatThrownBy(
                            () -> second.launch(there, 1, 4, argument(4), argument(2f), Pointer.to(x), Pointer.to(x)))
                    .hasMessageContaining("it belongs to device 0, the kernel runs on device 1");
        }
        check(cuCtxSetCurrent(gpu.context));
    }

    @Test
    void moreThreadsThanAKernelPromisesToRunWith() {
        assertThatThrownBy(() -> gpu.launch(function(module, "bounded"), 1, 128, Pointer.to(x)))
                .hasMessageContaining("__launch_bounds__ promises 64 threads at most");
        assertThatThrownBy(() -> gpu.launch(scale, 1, 2048, argument(4), argument(2f), Pointer.to(x), Pointer.to(y)))
                .hasMessageContaining("kernel scale: grid 1x1x1, block 2048x1x1: a block has 1024 threads at most");
    }

    @Test
    void moreSharedMemoryThanAFunctionAllows() {
        int[] extent = {1, 1, 4, 1};
        assertThatThrownBy(() ->
                        gpu.launch(scale, extent, 50_000, argument(4), argument(2f), Pointer.to(x), Pointer.to(y)))
                .hasMessageContaining("50000 bytes of dynamic shared memory; the function allows 49152");
    }

    @Test
    void handlesThatAreGone() {
        CUstream stream = new CUstream();
        check(cuStreamCreate(stream, NON_BLOCKING));
        check(cuStreamDestroy(stream));
        assertThatThrownBy(() -> check(cuStreamSynchronize(stream))).hasMessageContaining("the stream was destroyed");
        check(cuModuleUnload(module));
        assertThatThrownBy(() -> scale(x, y)).hasMessageContaining("the function's module was unloaded");
        assertThatThrownBy(() -> check(cuModuleUnload(module))).hasMessageContaining("the module was unloaded");
    }

    @Test
    void copiesThatGoTooFar() {
        assertThatThrownBy(() -> check(cuMemcpyHtoD(x, Pointer.to(new float[5]), 20)))
                .hasMessageContaining("cuMemcpyHtoD: the target: bytes 0 to 20 of allocation 1");
    }

    @Test
    void moreMemoryThanTheDeviceHas() {
        assertThatThrownBy(() -> gpu.allocate(1L << 40))
                .hasMessageContaining("cuMemAlloc: 1099511627776 bytes were asked for");
    }

    @Test
    void aKernelThatDoesNotExistOrDoesNotCompile() {
        assertThatThrownBy(() -> function(module, "nowhere")).hasMessageContaining("the module has no kernel nowhere");
        assertThatThrownBy(() -> Gpu.image("wrong.cu", "extern \"C\" __global__ void f(float* x) {\n    x = y;\n}\n"))
                .hasMessageContaining("wrong.cu:2:")
                .hasMessageContaining("was not declared");
        assertThatThrownBy(() -> Gpu.image("two.cu", "__global__ void f() {\n    __shared__ float a[2], b[2];\n}\n"))
                .hasMessageContaining("two.cu:2: error: a __shared__ statement declares one variable");
        assertThatThrownBy(() -> Gpu.image("none.cu", "", "--no-such-option"))
                .hasMessageContaining("invalid value for option --no-such-option");
    }

    @Test
    void afterAFaultEveryCallOfTheContextFails() {
        gpu.launch(function(module, "null_pointer"), 1, 4, argument(0L));
        assertThatThrownBy(gpu::synchronise).hasMessageContaining("kernel null_pointer");
        assertThatThrownBy(() -> scale(x, y)).hasMessageContaining("kernel null_pointer");
        assertThatThrownBy(() -> gpu.floats(x, 4)).hasMessageContaining("kernel null_pointer");
    }
}
