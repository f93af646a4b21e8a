package dev.seiche.emulator;

import static dev.seiche.emulator.Gpu.argument;
import static dev.seiche.emulator.Gpu.check;
import static dev.seiche.emulator.Gpu.function;
import static jcuda.driver.JCudaDriver.cuEventCreate;
import static jcuda.driver.JCudaDriver.cuEventDestroy;
import static jcuda.driver.JCudaDriver.cuEventElapsedTime;
import static jcuda.driver.JCudaDriver.cuEventQuery;
import static jcuda.driver.JCudaDriver.cuEventRecord;
import static jcuda.driver.JCudaDriver.cuEventSynchronize;
import static jcuda.driver.JCudaDriver.cuMemAllocAsync;
import static jcuda.driver.JCudaDriver.cuMemFreeAsync;
import static jcuda.driver.JCudaDriver.cuMemFreeHost;
import static jcuda.driver.JCudaDriver.cuMemHostAlloc;
import static jcuda.driver.JCudaDriver.cuMemcpyDtoDAsync;
import static jcuda.driver.JCudaDriver.cuMemcpyDtoHAsync;
import static jcuda.driver.JCudaDriver.cuMemsetD32Async;
import static jcuda.driver.JCudaDriver.cuStreamQuery;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.seiche.testkit.emulator.EmulatedMode;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import jcuda.Pointer;
import jcuda.driver.CUdeviceptr;
import jcuda.driver.CUevent;
import jcuda.driver.CUfunction;
import jcuda.driver.CUgraph;
import jcuda.driver.CUgraphExec;
import jcuda.driver.JCudaDriver;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What waits on a stream runs when somebody synchronises, in order, and a captured graph does it again. */
class StreamsAndGraphsTest {
    private static final int NOT_READY = 600;
    private static final int CAPTURE_THREAD_LOCAL = 1;

    private final Gpu gpu = new Gpu(EmulatedMode.CHECKED);
    private final CUfunction scale = function(gpu.module("planted.cu"), "scale");
    private final CUdeviceptr x = gpu.floats(1, 2, 3, 4);

    @AfterEach
    void nothingIsWrong() {
        gpu.close();
    }

    private void doubled(CUdeviceptr values) {
        gpu.launch(scale, 1, 4, argument(4), argument(2f), Pointer.to(values), Pointer.to(values));
    }

    @Test
    void pinnedMemoryHoldsNothingBeforeTheSynchronisation() {
        Pointer host = new Pointer();
        check(cuMemHostAlloc(host, 16, 0));
        FloatBuffer values =
                host.getByteBuffer(0, 16).order(ByteOrder.nativeOrder()).asFloatBuffer();
        doubled(x);
        check(cuMemcpyDtoHAsync(host, x, 16, gpu.stream));
        assertThat(values.get(3)).isNaN();

        gpu.synchronise();
        assertThat(values.get(3)).isEqualTo(8);
        check(cuMemFreeHost(host));
    }

    @Test
    void memoryOfTheStreamIsUsedInItsOrder() {
        CUdeviceptr temporary = new CUdeviceptr();
        check(cuMemAllocAsync(temporary, 16, gpu.stream));
        check(cuMemcpyDtoDAsync(temporary, x, 16, gpu.stream));
        doubled(temporary);
        check(cuMemcpyDtoDAsync(x, temporary, 16, gpu.stream));
        check(cuMemFreeAsync(temporary, gpu.stream));

        assertThat(gpu.floats(x, 4)).containsExactly(2, 4, 6, 8);
    }

    @Test
    void fillsAreWork() {
        check(cuMemsetD32Async(x, Float.floatToIntBits(1.5f), 3, gpu.stream));

        assertThat(gpu.floats(x, 4)).containsExactly(1.5f, 1.5f, 1.5f, 4);
    }

    @Test
    void whoAsksAgainAndAgainComesToTheEnd() {
        CUevent event = new CUevent();
        check(cuEventCreate(event, 0));
        doubled(x);
        check(cuEventRecord(event, gpu.stream));
        doubled(x);
        assertThat(cuStreamQuery(gpu.stream)).isEqualTo(NOT_READY);
        int asked = 0;
        while (cuEventQuery(event) == NOT_READY) {
            asked++;
        }
        assertThat(asked).isLessThan(3);
        while (cuStreamQuery(gpu.stream) == NOT_READY) {
            asked++;
        }
        assertThat(asked).isLessThan(6);

        assertThat(gpu.floats(x, 4)).containsExactly(4, 8, 12, 16);
        check(cuEventDestroy(event));
    }

    @Test
    void eventsTellTheTimeBetweenThem() {
        CUevent start = new CUevent();
        CUevent end = new CUevent();
        check(cuEventCreate(start, 0));
        check(cuEventCreate(end, 0));
        check(cuEventRecord(start, gpu.stream));
        doubled(x);
        check(cuEventRecord(end, gpu.stream));
        float[] milliseconds = {-1};
        assertThat(cuEventElapsedTime(milliseconds, start, end)).isEqualTo(NOT_READY);
        check(cuEventSynchronize(end));
        check(cuEventElapsedTime(milliseconds, start, end));

        assertThat(milliseconds[0]).isPositive();
    }

    @Test
    void aCapturedGraphDoesItsWorkAtEachLaunchAndNotBefore() {
        check(JCudaDriver.cuStreamBeginCapture(gpu.stream, CAPTURE_THREAD_LOCAL));
        doubled(x);
        doubled(x);
        CUgraph graph = new CUgraph();
        check(JCudaDriver.cuStreamEndCapture(gpu.stream, graph));
        assertThat(gpu.floats(x, 4)).containsExactly(1, 2, 3, 4);

        CUgraphExec executable = new CUgraphExec();
        check(JCudaDriver.cuGraphInstantiate(executable, graph, 0));
        check(JCudaDriver.cuGraphLaunch(executable, gpu.stream));
        check(JCudaDriver.cuGraphLaunch(executable, gpu.stream));
        assertThat(gpu.floats(x, 4)).containsExactly(16, 32, 48, 64);
        check(JCudaDriver.cuGraphExecDestroy(executable));
        check(JCudaDriver.cuGraphDestroy(graph));
    }

    @Test
    void aSynchronisationCannotBeCaptured() {
        check(JCudaDriver.cuStreamBeginCapture(gpu.stream, CAPTURE_THREAD_LOCAL));
        assertThatThrownBy(gpu::synchronise).hasMessageContaining("a synchronisation while stream 1 is being captured");
        assertThatThrownBy(() -> check(JCudaDriver.cuStreamEndCapture(gpu.stream, new CUgraph())))
                .hasMessageContaining("a call that cannot be captured came between");
        assertThat(gpu.floats(x, 1)).containsExactly(1);
    }

    @Test
    void functionsThatAreNotEmulatedSayNotSupported() {
        assertThat(JCudaDriver.cuMemAllocManaged(new CUdeviceptr(), 16, 1)).isEqualTo(801);
    }
}
