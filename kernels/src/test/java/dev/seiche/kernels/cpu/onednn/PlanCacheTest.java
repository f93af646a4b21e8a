package dev.seiche.kernels.cpu.onednn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class PlanCacheTest {
    private final List<String> made = new ArrayList<>();
    private final List<String> closed = new ArrayList<>();
    private final PlanCache<Integer, String> cache = new PlanCache<>(2, closed::add);

    private void use(int key, Runnable work) {
        cache.use(
                key,
                k -> {
                    made.add("plan " + k);
                    return "plan " + k;
                },
                plan -> work.run());
    }

    private void use(int key) {
        use(key, () -> {});
    }

    @Test
    void theLeastRecentlyUsedPlanIsClosedWhenThereAreTooMany() {
        use(1);
        use(2);
        use(1);
        use(3);
        assertThat(made).containsExactly("plan 1", "plan 2", "plan 3");
        assertThat(closed).containsExactly("plan 2");
        assertThat(cache.size()).isEqualTo(2);
    }

    @Test
    void aPlanInUseIsClosedWhenItsUserIsDone() {
        use(1, () -> {
            use(2);
            use(3);
            assertThat(closed).isEmpty();
        });
        assertThat(closed).containsExactly("plan 1");
    }

    @Test
    void closingClosesAllAndEndsUse() {
        use(1);
        use(2);
        cache.close();
        assertThat(closed).containsExactlyInAnyOrder("plan 1", "plan 2");
        assertThatIllegalStateException().isThrownBy(() -> use(1)).withMessage("oneDNN: closed");
    }
}
