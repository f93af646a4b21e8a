package dev.seiche.kernels.cpu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.seiche.tensor.Buffer;
import dev.seiche.tensor.DType;
import dev.seiche.tensor.Eager;
import dev.seiche.tensor.Rng;
import dev.seiche.tensor.Scope;
import dev.seiche.tensor.Shape;
import dev.seiche.tensor.Tensor;
import dev.seiche.tensor.TensorType;
import dev.seiche.tensor.op.Conv2dInput;
import dev.seiche.tensor.op.Conv2dWeight;
import dev.seiche.tensor.op.ConvGeometry;
import dev.seiche.tensor.op.PoolGeometry;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class CpuBackendTest {
    @Test
    void blocksAreReusedAndLiveBytesReturnToZero() {
        try (CpuBackend backend = CpuBackend.open()) {
            try (Scope scope = Scope.root(backend, "test")) {
                Tensor a = scope.tensor(Shape.of(2, 3), new float[] {1, 2, 3, 4, 5, 6});
                Tensor y = scope.ops().matmul(a, a, false, true);
                assertThat(y.toDoubles()).containsExactly(14, 32, 32, 77);
                assertThat(backend.liveBytes()).isEqualTo(24 + 16);
            }
            assertThat(backend.liveBytes()).isZero();
            assertThat(backend.allocate(40).byteSize()).isEqualTo(40);
        }
    }

    @Test
    void sizeClassesAreAlignedAndAtMostAQuarterTooLarge() {
        for (long bytes = 1; bytes < 1 << 24; bytes = bytes * 9 / 8 + 1) {
            long size = CpuMemory.sizeClass(bytes);
            assertThat(size).isGreaterThanOrEqualTo(bytes).isLessThanOrEqualTo(Math.max(bytes + 63, bytes * 5 / 4 + 1));
            assertThat(size % 64).isZero();
            assertThat(CpuMemory.sizeClass(size)).isEqualTo(size);
        }
    }

    @Test
    void anIdOutOfRangeIsNamedWithItsPlaceAndBound() {
        try (CpuBackend backend = CpuBackend.open();
                Scope scope = Scope.root(backend, "test")) {
            Tensor table = scope.tensor(Shape.of(3, 1), new float[] {1, 2, 3});
            Tensor ids = scope.tensor(Shape.of(2, 2), new int[] {0, 2, 3, 1});
            assertThatThrownBy(() -> scope.ops().gather(table, ids, 0))
                    .isInstanceOf(IndexOutOfBoundsException.class)
                    .hasMessageContaining("gather: id 3 at [1, 0]")
                    .hasMessageContaining("0..2");
        }
    }

    @Test
    void theConvolutionAndItsTwoAdjointsAgreeOnTheirInnerProducts() {
        try (CpuBackend backend = CpuBackend.open();
                Scope scope = Scope.root(backend, "test")) {
            Eager ops = scope.ops();
            ConvGeometry geometry = new ConvGeometry(2, 1, 1, 0, 2, 1, 1, 2, 2);
            Tensor x = random(scope, "x", 2, 7, 6, 4);
            Tensor w = random(scope, "w", 3, 2, 2, 6);
            Tensor y = ops.conv2d(x, w, geometry);
            Tensor dy = random(scope, "dy", y.shape().dims());
            Tensor dx = ops.apply(new Conv2dInput(geometry, 7, 6), List.of(dy, w));
            Tensor dw = ops.apply(new Conv2dWeight(geometry, 3, 2), List.of(x, dy));
            double expected = ops.dot(y, dy).item();
            // sums of at most 1e3 products of size 1 in double
            assertThat(ops.dot(x, dx).item()).isCloseTo(expected, within(1e-11));
            assertThat(ops.dot(w, dw).item()).isCloseTo(expected, within(1e-11));
        }
    }

    @Test
    void reductionsSoftmaxAndPoolingMatchHandComputedValues() {
        try (CpuBackend backend = CpuBackend.open();
                Scope scope = Scope.root(backend, "test")) {
            Eager ops = scope.ops();
            Tensor x = scope.tensor(DType.F64, Shape.of(2, 3), 1, 5, 3, 4, 2, 6);
            assertThat(ops.sum(x, 0).toDoubles()).containsExactly(5, 7, 9);
            assertThat(ops.sum(ops.transpose(x, 1, 0), 0).toDoubles()).containsExactly(9, 12);
            assertThat(ops.max(x).item()).isEqualTo(6);
            assertThat(ops.argMax(x, 1).toInts()).containsExactly(1, 2);
            assertThat(ops.sum(ops.softmax(x, 1), 1).toDoubles()).containsExactly(new double[] {1, 1}, within(1e-15));
            Tensor image = ops.reshape(x, 1, 2, 3, 1);
            PoolGeometry pool = PoolGeometry.of(2, 1, 0);
            assertThat(ops.maxPool2d(image, pool).toDoubles()).containsExactly(5, 6);
            assertThat(ops.avgPool2d(image, pool, false).toDoubles()).containsExactly(3, 4);
        }
    }

    @Test
    void aBlockIsReleasedOnceOnlyAndNotToAnotherDevice() {
        try (CpuBackend backend = CpuBackend.open()) {
            Buffer block = backend.allocate(100);
            backend.release(block);
            assertThatThrownBy(() -> backend.release(block))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("released before");
            assertThatThrownBy(() -> backend.release(() -> 4)).isInstanceOf(IllegalArgumentException.class);
            assertThat(backend.liveBytes()).isZero();
        }
    }

    @Test
    void aClosedBackendGivesNoMemoryAndClosingTwiceIsHarmless() {
        CpuBackend backend = CpuBackend.open();
        Buffer block = backend.allocate(100);
        backend.close();
        backend.close();
        backend.release(block);
        assertThatThrownBy(() -> backend.allocate(8)).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void freshMemoryIsNaNWhenChecksAreOn() {
        try (CpuBackend backend = CpuBackend.open(CpuOptions.defaults(), true);
                Scope scope = Scope.root(backend, "test")) {
            for (DType dtype : List.of(DType.F32, DType.F64)) {
                Tensor x = scope.allocate(new TensorType(dtype, Shape.of(3)));
                assertThat(x.toDoubles()).containsExactly(Double.NaN, Double.NaN, Double.NaN);
            }
        }
    }

    @Test
    void idleLargeBlocksGoBackWhenMoreIsHeldThanWasEverInUse() {
        CpuMemory memory = new CpuMemory(false);
        for (int i = 1; i <= 12; i++) {
            memory.release(memory.allocate((50L + 8L * i) << 20)); // a different size class almost every time
        }
        assertThat(memory.idleBytes()).isLessThanOrEqualTo((160L + 512L) << 20); // the largest class, and the slack
        assertThat(memory.liveBytes()).isZero();
        memory.close();
    }

    @Test
    void whatAStepUsedIsKeptForTheNext() {
        CpuMemory memory = new CpuMemory(false);
        List<CpuBuffer> step =
                Stream.generate(() -> memory.allocate(256L << 20)).limit(8).toList();
        step.forEach(memory::release);
        assertThat(memory.idleBytes()).isEqualTo(2L << 30);
        memory.close();
    }

    @Test
    void theDescriptionSaysWhatComputes() {
        try (CpuBackend java =
                CpuBackend.open(CpuOptions.defaults().withThreads(1).withNativeCode(false))) {
            assertThat(java.describe())
                    .startsWith("cpu: vectors of")
                    .contains("by Java: native code was not asked for");
        }
        try (CpuBackend loops = CpuBackend.open(CpuOptions.defaults().withLevel(CpuOptions.Level.REFERENCE))) {
            assertThat(loops.describe()).contains("plain loops in double");
        }
    }

    @Test
    void withoutNativeCodeProductsAndConvolutionsAreStillThere() {
        try (CpuBackend java = CpuBackend.open(CpuOptions.defaults().withNativeCode(false));
                Scope scope = Scope.root(java, "test")) {
            Eager ops = scope.ops();
            Tensor x = scope.tensor(Shape.of(1, 2, 2, 1), new float[] {1, 2, 3, 4});
            Tensor w = scope.tensor(Shape.of(2, 2, 1, 1), new float[] {1, 10, 100, 1000});
            assertThat(ops.conv2d(x, w, ConvGeometry.of(1, 0)).item()).isEqualTo(4321);
            Tensor a = ops.reshape(x, 2, 2);
            assertThat(ops.matmul(a, a).toDoubles()).containsExactly(7, 10, 15, 22);
        }
    }

    private static Tensor random(Scope scope, String name, int... dims) {
        Shape shape = Shape.of(dims);
        double[] values = new double[(int) shape.size()];
        Rng.seed(7).fold(name).normal(values);
        return scope.tensor(DType.F64, shape, values);
    }
}
