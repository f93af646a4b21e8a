package dev.seiche.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.seiche.kernels.cpu.CpuBackend;
import dev.seiche.testkit.Testbed;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** How a result leaves the scope of its temporaries. */
class AdoptionTest {
    private static void onCpu(Consumer<Scope> body) {
        Testbed.run(CpuBackend::open, body);
    }

    private static Tensor three(Scope scope) {
        return scope.tensor(DType.F32, Shape.of(3), 1, 2, 3);
    }

    @Test
    void anAdoptedTensorOutlivesItsScopeWithoutACopy() {
        onCpu(scope -> {
            Tensor result;
            try (Scope step = scope.child("step")) {
                try (Scope inner = step.child("inner")) {
                    Tensor born = three(inner);
                    result = scope.adopt(born);
                    assertThat(result).isSameAs(born);
                    assertThat(inner.liveBytes()).isZero();
                }
            }
            assertThat(result.scope()).isSameAs(scope);
            assertThat(scope.liveBytes()).isEqualTo(12);
            assertThat(result.toDoubles()).containsExactly(1, 2, 3);
            assertThat(scope.adopt(result)).isSameAs(result);
        });
    }

    @Test
    void viewsOfAnAdoptedTensorLiveOnWithIt() {
        onCpu(scope -> {
            Tensor view;
            try (Scope step = scope.child("step")) {
                Tensor whole = three(step);
                view = step.ops().slice(whole, 0, 1, 3);
                scope.adopt(whole);
            }
            assertThat(view.toDoubles()).containsExactly(2, 3);
        });
    }

    @Test
    void aViewIsCopied() {
        onCpu(scope -> {
            Tensor kept;
            try (Scope step = scope.child("step")) {
                kept = scope.adopt(step.ops().slice(three(step), 0, 1, 3));
            }
            assertThat(kept.toDoubles()).containsExactly(2, 3);
            assertThat(scope.liveBytes()).isEqualTo(8);
        });
    }

    @Test
    void aTensorOfALongerLivedScopeIsCopied() {
        onCpu(scope -> {
            Tensor weight = three(scope);
            try (Scope step = scope.child("step")) {
                Tensor copy = step.adopt(weight);
                assertThat(copy).isNotSameAs(weight);
                assertThat(copy.scope()).isSameAs(step);
            }
            assertThat(weight.isLive()).isTrue();
        });
    }

    @Test
    void aSealedScopeAdoptsNothing() {
        onCpu(scope -> {
            scope.seal();
            try (Scope step = scope.child("step")) {
                Tensor born = three(step);
                assertThatThrownBy(() -> scope.adopt(born)).isInstanceOf(ScopeException.class);
                assertThat(step.liveBytes()).isEqualTo(12);
            }
        });
    }

    @Test
    void aFreedTensorSaysByWhatItWasFreed() {
        onCpu(scope -> {
            Tensor freed;
            try (Scope step = scope.child("step")) {
                freed = three(step);
            }
            assertThatThrownBy(() -> scope.adopt(freed)).hasMessageContaining("closing scope 'test/step'");
        });
    }
}
