package dev.seiche.nn.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.seiche.tensor.Rng;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class BatchPlanTest {

    @Property
    void everyExampleIsMetOnceInAnEpoch(
            @ForAll long seed,
            @ForAll @IntRange(min = 1, max = 100) int examples,
            @ForAll @IntRange(max = 99) int size) {
        int batchSize = 1 + size % examples;
        List<int[]> batches =
                BatchPlan.shuffled(examples, batchSize, Rng.seed(seed)).epoch(2);
        assertThat(batches).hasSize(Math.ceilDiv(examples, batchSize));
        assertThat(batches.subList(0, batches.size() - 1))
                .allSatisfy(batch -> assertThat(batch).hasSize(batchSize));
        assertThat(flat(batches).sorted().toArray())
                .isEqualTo(IntStream.range(0, examples).toArray());
    }

    @Test
    void fixedBatchesKeepTheOrderInEveryEpoch() {
        BatchPlan plan = BatchPlan.fixed(7, 3);
        assertThat(plan.epoch(0)).containsExactly(new int[] {0, 1, 2}, new int[] {3, 4, 5}, new int[] {6});
        assertThat(flat(plan.epoch(5)).toArray()).isEqualTo(flat(plan.epoch(0)).toArray());
    }

    @Test
    void shuffledEpochsDifferFromEachOtherAndRepeatForTheSameKey() {
        BatchPlan plan = BatchPlan.shuffled(50, 10, Rng.seed(1).fold("shuffle"));
        BatchPlan again = BatchPlan.shuffled(50, 10, Rng.seed(1).fold("shuffle"));
        assertThat(flat(plan.epoch(0)).toArray()).isEqualTo(flat(again.epoch(0)).toArray());
        assertThat(flat(plan.epoch(0)).toArray())
                .isNotEqualTo(flat(plan.epoch(1)).toArray());
    }

    @Test
    void aLastBatchThatIsNotFullMayBeLeftOut() {
        BatchPlan plan = new BatchPlan(7, 3, null, true);
        assertThat(plan.batchesPerEpoch()).isEqualTo(2);
        assertThat(plan.epoch(0)).hasSize(2);
    }

    @Test
    void batchSizesThatDoNotFitAreRefused() {
        assertThatThrownBy(() -> BatchPlan.fixed(7, 0))
                .hasMessageContaining("batch size 0")
                .hasMessageContaining("1 to 7");
        assertThatThrownBy(() -> BatchPlan.fixed(7, 8)).hasMessageContaining("batch size 8 does not fit");
    }

    private static IntStream flat(List<int[]> batches) {
        return batches.stream().flatMapToInt(Arrays::stream);
    }
}
