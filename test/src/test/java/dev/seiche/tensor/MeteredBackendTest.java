package dev.seiche.tensor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.seiche.kernels.cpu.CpuBackend;
import org.junit.jupiter.api.Test;

class MeteredBackendTest {
    @Test
    void theMostThatWasLiveAtATimeIsRemembered() {
        try (MeteredBackend device = new MeteredBackend(CpuBackend.open());
                Scope scope = Scope.root(device, "test")) {
            TensorType type = new TensorType(DType.F64, Shape.of(1000));
            for (int i = 0; i < 3; i++) {
                try (Scope step = scope.child("step")) {
                    step.allocate(type);
                    step.allocate(type);
                }
            }
            assertThat(device.liveBytes()).isZero();
            assertThat(device.peakBytes()).isEqualTo(2 * type.bytes());
        }
    }

    @Test
    void meteringBeginsAnewFromWhatIsLive() {
        try (MeteredBackend device = new MeteredBackend(CpuBackend.open());
                Scope scope = Scope.root(device, "test")) {
            TensorType type = new TensorType(DType.F32, Shape.of(100));
            scope.allocate(type);
            scope.free(scope.allocate(new TensorType(DType.F32, Shape.of(1 << 20))));
            device.forget();
            assertThat(device.peakBytes()).isEqualTo(type.bytes());
            scope.allocate(type);
            assertThat(device.peakBytes()).isEqualTo(2 * type.bytes());
        }
    }

    @Test
    void itComputesAsTheDeviceBehindItUnderTheSameName() {
        try (MeteredBackend device = new MeteredBackend(CpuBackend.open());
                Scope scope = Scope.root(device, "test")) {
            Tensor x = scope.tensor(DType.F32, Shape.of(2), 1, 2);
            assertThat(scope.ops().add(x, x).toDoubles()).containsExactly(2, 4);
            assertThat(device.name()).isEqualTo("cpu");
        }
    }
}
