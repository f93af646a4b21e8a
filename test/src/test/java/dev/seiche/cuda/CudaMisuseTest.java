package dev.seiche.cuda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.seiche.kernels.cpu.CpuBackend;
import dev.seiche.kernels.cuda.CudaBackend;
import dev.seiche.kernels.cuda.CudaOptions;
import dev.seiche.kernels.cuda.driver.CudaException;
import dev.seiche.kernels.cuda.driver.CudaUnavailableException;
import dev.seiche.kernels.cuda.driver.Function;
import dev.seiche.kernels.cuda.driver.GpuContext;
import dev.seiche.kernels.cuda.driver.Grid;
import dev.seiche.kernels.cuda.driver.Nvrtc;
import dev.seiche.tensor.Buffer;
import dev.seiche.tensor.DType;
import dev.seiche.tensor.DeviceMemoryException;
import dev.seiche.tensor.Eager;
import dev.seiche.tensor.Scope;
import dev.seiche.tensor.ScopeException;
import dev.seiche.tensor.Shape;
import dev.seiche.tensor.ShapeException;
import dev.seiche.tensor.Tensor;
import dev.seiche.tensor.TensorType;
import dev.seiche.tensor.op.Add;
import dev.seiche.tensor.op.Gather;
import dev.seiche.tensor.op.Linear;
import dev.seiche.tensor.op.Pick;
import dev.seiche.tensor.op.ScatterAdd;
import dev.seiche.tensor.op.Sum;
import dev.seiche.tensor.op.Unpick;
import dev.seiche.testkit.EmulatedDevice;
import dev.seiche.testkit.emulator.EmulatedMode;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What is wrong on the CUDA backend is an exception that names it, and the device goes on. */
class CudaMisuseTest {
    private CudaOptions options = CudaOptions.gpu(0);
    private CudaBackend backend;
    private Scope scope;
    private Eager ops;

    @BeforeEach
    void open() {
        options = EmulatedDevice.options();
        backend = CudaBackend.open(options);
        scope = Scope.root(backend, "model");
        ops = scope.ops();
    }

    @AfterEach
    void theDeviceStillComputes() {
        if (scope == null) {
            return;
        }
        if (scope.isOpen()) {
            assertThat(ops.add(vector(1, 2), vector(3, 4)).toDoubles()).containsExactly(4, 6);
        }
        scope.close();
        backend.close();
    }

    private Tensor vector(double... values) {
        return scope.tensor(DType.F32, Shape.of(values.length), values);
    }

    private Tensor ids(int... values) {
        return scope.tensor(Shape.of(values.length), values).named("labels");
    }

    @Test
    void operandsOfTheCpuAreRefused() {
        try (CpuBackend cpu = CpuBackend.open();
                Scope host = Scope.root(cpu, "host")) {
            Tensor x = host.tensor(DType.F32, Shape.of(2), 1, 2);
            assertThatThrownBy(() -> ops.add(vector(1, 2), x))
                    .isInstanceOf(ShapeException.class)
                    .hasMessageContaining("'cpu'")
                    .hasMessageContaining("'emulated'");
        }
    }

    @Test
    void operandsOfAnotherBackendOnTheSameDeviceAreRefused() {
        try (CudaBackend other = CudaBackend.open(options);
                Scope elsewhere = Scope.root(other, "other")) {
            Tensor x = elsewhere.tensor(DType.F32, Shape.of(2), 1, 2);
            assertThatThrownBy(() -> ops.add(vector(1, 2), x)).isInstanceOf(ShapeException.class);
        }
    }

    @Test
    void tensorsOfAClosedScopeAreRefused() {
        Tensor x;
        try (Scope step = scope.child("step")) {
            x = step.tensor(DType.F32, Shape.of(2), 1, 2).named("x");
        }
        assertThatThrownBy(() -> ops.neg(x))
                .isInstanceOf(ScopeException.class)
                .hasMessageContaining("'x'")
                .hasMessageContaining("model/step");
    }

    @Test
    void freedTensorsAreRefused() {
        Tensor x = vector(1, 2);
        scope.free(x);
        assertThatThrownBy(() -> ops.neg(x)).isInstanceOf(ScopeException.class);
        assertThatThrownBy(x::toDoubles).isInstanceOf(ScopeException.class);
    }

    @Test
    void blocksAreReleasedOnce() {
        Buffer block = backend.allocate(64);
        backend.release(block);
        assertThatThrownBy(() -> backend.release(block))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("released twice");
    }

    @Test
    void releasedBlocksAreNotRead() {
        Buffer block = backend.allocate(64);
        backend.release(block);
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment host = arena.allocate(64);
            assertThatThrownBy(() -> backend.read(block, 0, host)).isInstanceOf(IllegalStateException.class);
            assertThatThrownBy(() -> backend.write(host, block, 0)).isInstanceOf(IllegalStateException.class);
        }
    }

    @Test
    void blocksOfOtherDevicesAreRefused() {
        try (CpuBackend cpu = CpuBackend.open()) {
            Buffer block = cpu.allocate(64);
            assertThatThrownBy(() -> backend.release(block))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("another device");
            cpu.release(block);
        }
    }

    @Test
    void copiesStayInsideTheirBlock() {
        Buffer block = backend.allocate(64);
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment host = arena.allocate(65);
            assertThatThrownBy(() -> backend.write(host, block, 0)).isInstanceOf(IndexOutOfBoundsException.class);
            assertThatThrownBy(() -> backend.read(block, 0, host)).isInstanceOf(IndexOutOfBoundsException.class);
            assertThatThrownBy(() -> backend.read(block, -1, host.asSlice(0, 1)))
                    .isInstanceOf(IndexOutOfBoundsException.class);
            assertThatThrownBy(() -> backend.write(host.asSlice(0, 8), block, 60))
                    .isInstanceOf(IndexOutOfBoundsException.class);
        }
        backend.release(block);
    }

    @Test
    void aClosedBackendSaysSo() {
        CudaBackend other = CudaBackend.open(options);
        other.close();
        other.close();
        assertThatThrownBy(() -> other.allocate(64))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("closed");
    }

    @Test
    void gatheredIdsOutOfRangeAreNamedAtTheNextRead() {
        Tensor table = scope.tensor(DType.F32, Shape.of(3, 2), 1, 2, 3, 4, 5, 6);
        Tensor y = ops.apply(new Gather(0), List.of(table, ids(0, 2, 3)));
        assertThatThrownBy(y::toDoubles)
                .isInstanceOf(IndexOutOfBoundsException.class)
                .hasMessageContaining("gather")
                .hasMessageContaining("[2]")
                .hasMessageContaining("'labels'")
                .hasMessageContaining("0..2");
        // said once: the rest of the result can be looked at
        assertThat(y.toDoubles()).startsWith(1, 2, 5, 6);
    }

    @Test
    void negativeIdsArePickedByNobody() {
        Tensor x = scope.tensor(DType.F64, Shape.of(2, 2), 1, 2, 3, 4);
        Tensor y = ops.apply(new Pick(), List.of(x, ids(0, -1)));
        assertThatThrownBy(y::toDoubles)
                .isInstanceOf(IndexOutOfBoundsException.class)
                .hasMessageContaining("pick");
    }

    @Test
    void scatteredAndUnpickedIdsOutOfRangeAreNamed() {
        Tensor few = ops.apply(new ScatterAdd(0, 2), List.of(vector(1, 2), ids(0, 2)));
        assertThatThrownBy(few::toDoubles).isInstanceOf(IndexOutOfBoundsException.class);
        Tensor many = ops.apply(new ScatterAdd(0, 9), List.of(vector(1, 2), ids(0, 9)));
        assertThatThrownBy(many::toDoubles).isInstanceOf(IndexOutOfBoundsException.class);
        Tensor hot = ops.apply(new Unpick(2), List.of(vector(1, 2), ids(0, 2)));
        assertThatThrownBy(hot::toDoubles).isInstanceOf(IndexOutOfBoundsException.class);
    }

    @Test
    void ofSeveralWrongIdsTheFirstLaunchsFirstPositionIsNamed() {
        Tensor x = scope.tensor(DType.F64, Shape.of(4, 2), 1, 2, 3, 4, 5, 6, 7, 8);
        ops.apply(new Pick(), List.of(x, ids(0, 1, 0, 1)));
        ops.apply(new Pick(), List.of(x, ids(0, 7, 7, 1)));
        ops.apply(new Pick(), List.of(x, ids(9, 1, 1, 1)));
        assertThatThrownBy(backend::synchronize).hasMessageContaining("[1]");
    }

    @Test
    void countsThatKernelsCannotCountToAreRefused() {
        Tensor huge = ops.expand(scope.scalar(DType.F32, 1), Shape.of(1 << 16, 1 << 16));
        assertThatThrownBy(() -> ops.apply(new Sum(List.of(0, 1), false), List.of(huge)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("2^31");
    }

    @Test
    void moreStridesThanKernelsWalkAreRefused() {
        Tensor x = scope.allocate(new TensorType(DType.F32, Shape.of(2, 2, 2, 2, 2, 2, 2, 2, 2)));
        Tensor backwards = ops.transpose(x, 8, 7, 6, 5, 4, 3, 2, 1, 0);
        assertThatThrownBy(() -> ops.neg(backwards))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("8 axes");
    }

    @Test
    void memoryThatIsNotThereIsAnErrorThatNamesTheScopes() {
        Tensor held = scope.allocate(new TensorType(DType.F32, Shape.of(1 << 20)));
        try (Scope step = scope.child("step")) {
            assertThatThrownBy(() -> step.allocate(new TensorType(DType.F64, Shape.of(1 << 15, 1 << 15, 1 << 6))))
                    .isInstanceOf(DeviceMemoryException.class)
                    .hasMessageContaining("emulated has not enough memory")
                    .hasMessageContaining("scope 'model' holds 4.0 MiB in 1 tensors")
                    .hasMessageContaining("scope 'model/step' holds 0 bytes");
        }
        assertThat(held.isLive()).isTrue();
    }

    @Test
    void resultsThatOverlapAnOperandAreRefused() {
        Tensor x = vector(1, 2, 3, 4);
        Tensor head = ops.slice(x, 0, 0, 3);
        Tensor tail = ops.slice(x, 0, 1, 4);
        assertThatThrownBy(() -> ops.applyInto(new Add(), List.of(head, head), tail))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("overlaps");
    }

    @Test
    void productsInPlaceAreRefused() {
        Tensor w = scope.tensor(DType.F32, Shape.of(2, 2), 1, 2, 3, 4);
        assertThatThrownBy(() -> ops.applyInto(new Linear(), List.of(w, w), w))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void devicesThatAreNotThereAreOneLine() {
        CudaOptions ninth = options.withIndex(9);
        assertThatThrownBy(() -> CudaBackend.open(ninth))
                .isInstanceOf(CudaUnavailableException.class)
                .hasMessageContaining("emulated cannot be used")
                .hasMessageContaining("--device cpu")
                .hasMessageNotContaining("\n");
    }

    @Test
    void kernelsThatDoNotCompileShowTheCompilersWords() {
        Nvrtc nvrtc = Nvrtc.open("emulated", options.libraries());
        assertThatThrownBy(() -> nvrtc.compile(
                        "typo.cu", "extern \"C\" __global__ void f() { x; }\n", Map.of(), "sm_80", List.of()))
                .isInstanceOf(CudaException.class)
                .hasMessageContaining("typo.cu does not compile for sm_80")
                .hasMessageContaining("typo.cu");
    }

    @Test
    void launchesThatCannotBeNameKernelAndGrid() {
        try (GpuContext context = GpuContext.open(CudaBackend.find(options), false)) {
            Function fill = fill(context);
            context.arguments().pointer(0).i32(0);
            assertThatThrownBy(() -> context.launch(fill, Grid.of(1, 1, 2048, 1)))
                    .isInstanceOf(CudaException.class)
                    .hasMessageContaining("launching fill, grid 1x1x1, block 2048x1");
            assertThatThrownBy(() -> context.launch(fill, Grid.of(0, 1, 32, 1))).isInstanceOf(CudaException.class);
        }
    }

    @Test
    void aPointerThatPointsNowhereNamesTheKernel() {
        // a fault may end a context: this is one of another device than the other tests'
        CudaOptions elsewhere = EmulatedDevice.options(EmulatedMode.FAST_REVERSE);
        try (GpuContext context = GpuContext.open(CudaBackend.find(elsewhere), true)) {
            Function fill = fill(context);
            context.arguments().pointer(0x7000_0000_1000L).i32(1);
            assertThatThrownBy(() -> context.launch(fill, Grid.of(1, 1, 32, 1)))
                    .isInstanceOf(CudaException.class)
                    .hasMessageContaining("fill")
                    .hasMessageContaining("700000001000");
        }
    }

    @Test
    void kernelsAndImagesThatAreNotThereAreNamed() {
        try (GpuContext context = GpuContext.open(CudaBackend.find(options), false)) {
            byte[] noise = "no code at all\0".getBytes(StandardCharsets.US_ASCII);
            assertThatThrownBy(() -> context.load("noise.cu", noise))
                    .isInstanceOf(CudaException.class)
                    .hasMessageContaining("noise.cu");
            assertThatThrownBy(() -> program(context).function("nothing"))
                    .isInstanceOf(CudaException.class)
                    .hasMessageContaining("nothing")
                    .hasMessageContaining("fill.cu");
        }
    }

    private Function fill(GpuContext context) {
        return program(context).function("fill");
    }

    private dev.seiche.kernels.cuda.driver.LoadedProgram program(GpuContext context) {
        Nvrtc nvrtc = Nvrtc.open("emulated", options.libraries());
        String text = """
                extern "C" __global__ void fill(float* y, unsigned n) {
                    unsigned i = blockIdx.x * blockDim.x + threadIdx.x;
                    if (i < n) {
                        y[i] = 1.0f;
                    }
                }
                """;
        return context.load(
                "fill.cu",
                nvrtc.compile("fill.cu", text, Map.of(), "sm_80", List.of()).image());
    }
}
