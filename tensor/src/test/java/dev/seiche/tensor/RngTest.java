package dev.seiche.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;

/** What the streams promise about bits; their statistics are in {@link RngStatisticsTest}. */
class RngTest {

    @Test
    void seedZeroBeginsWithThePublishedPhiloxBlockOfKeyAndCounterZero() {
        Rng rng = Rng.seed(0);
        assertThat(IntStream.range(0, 4).map(rng::uint32).toArray())
                .containsExactly(0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8);
        assertThat(rng.bits(0)).isEqualTo(0xe169c58d6627e8d5L);
        assertThat(rng.bits(1)).isEqualTo(0x9b00dbd8bc57ac4cL);
        assertThat(rng.uniform(0)).isEqualTo((0xe169c58d6627e8d5L >>> 11) * 0x1p-53);
    }

    @Property
    void everyFillIsMadeOfTheElementsOfItsStream(
            @ForAll long seed,
            @ForAll @LongRange(min = 0, max = 1L << 40) long first,
            @ForAll @IntRange(max = 37) int n) {
        Rng rng = Rng.seed(seed);
        double[] uniform = new double[n];
        double[] normal = new double[n];
        double[] coin = new double[n];
        float[] uniform32 = new float[n];
        float[] normal32 = new float[n];
        float[] coin32 = new float[n];
        rng.uniformF64(MemorySegment.ofArray(uniform), first);
        rng.normalF64(MemorySegment.ofArray(normal), first);
        rng.bernoulliF64(MemorySegment.ofArray(coin), first, 0.3);
        rng.uniformF32(MemorySegment.ofArray(uniform32), first);
        rng.normalF32(MemorySegment.ofArray(normal32), first);
        rng.bernoulliF32(MemorySegment.ofArray(coin32), first, 0.3);
        for (int i = 0; i < n; i++) {
            long element = first + i;
            assertThat(uniform[i]).isEqualTo(rng.uniform(element));
            assertThat(normal[i]).isEqualTo(rng.normal(element));
            assertThat(coin[i]).isEqualTo(rng.bernoulli(element, 0.3) ? 1 : 0);
            assertThat(uniform32[i]).isEqualTo((float) (Math.floor(uniform[i] * 0x1p24) * 0x1p-24));
            assertThat(normal32[i]).isEqualTo((float) normal[i]);
            assertThat(coin32[i]).isEqualTo((float) coin[i]);
        }
    }

    @Property
    void chunksGiveTheSameBitsAsOneFill(
            @ForAll long seed, @ForAll @IntRange(min = 1, max = 50) int n, @ForAll @IntRange(max = 50) int cut) {
        int split = Math.min(cut, n);
        double[] whole = new double[n];
        Rng rng = Rng.seed(seed);
        rng.normal(whole);
        double[] parts = new double[n];
        MemorySegment memory = MemorySegment.ofArray(parts);
        rng.normalF64(memory.asSlice(8L * split), split);
        rng.normalF64(memory.asSlice(0, 8L * split), 0);
        assertThat(parts).isEqualTo(whole);
    }

    @Test
    void streamsDoNotRepeatAfterTheFirst2To32Blocks() {
        Rng rng = Rng.seed(1);
        assertThat(rng.bits(1L << 33)).isNotEqualTo(rng.bits(0));
        assertThat(rng.bits(Long.MAX_VALUE)).isNotEqualTo(rng.bits(0));
    }

    @Property
    void permutationHoldsEveryIndexOnce(@ForAll long seed, @ForAll @IntRange(max = 300) int n) {
        int[] order = Rng.seed(seed).permutation(n);
        Arrays.sort(order);
        assertThat(order).isEqualTo(IntStream.range(0, n).toArray());
    }

    @Property
    void integersStayBelowTheirBound(
            @ForAll long seed,
            @ForAll @LongRange(min = 0) long i,
            @ForAll @IntRange(min = 1, max = Integer.MAX_VALUE) int bound) {
        assertThat(Rng.seed(seed).below(i, bound)).isBetween(0, bound - 1);
    }

    @Test
    void foldedKeysDifferFromEachOtherAndFromTheirParent() {
        Rng root = Rng.seed(7);
        Set<Long> keys = new HashSet<>();
        keys.add(root.key());
        int made = 1;
        for (int i = 0; i < 2000; i++) {
            keys.add(root.fold(i).key());
            keys.add(root.fold(-1L - i).key());
            keys.add(root.fold("layer" + i).key());
            keys.add(root.fold("a").fold(i).key());
            made += 4;
        }
        for (String name : new String[] {"", "\0", "\0\0", "weight", "weight\0", "12345678", "12345678\0", "ä"}) {
            keys.add(root.fold(name).key());
            made++;
        }
        assertThat(keys).hasSize(made);
    }

    @Test
    void theOrderOfFoldsMatters() {
        Rng root = Rng.seed(7);
        assertThat(root.fold("a").fold("b")).isNotEqualTo(root.fold("b").fold("a"));
        assertThat(root.fold("ab")).isNotEqualTo(root.fold("a").fold("b"));
    }

    /** Runs name their seed, so it has to mean the same numbers in every release; values from an independent program. */
    @Test
    void seedsKeepTheirMeaning() {
        Rng rng = Rng.seed(2026).fold("fc1.weight").fold(3);
        assertThat(rng.key()).isEqualTo(7055327032717384954L);
        assertThat(rng.uniform(0)).isEqualTo(0x1.9b3c06096e028p-4);
        assertThat(rng.normal(0)).isEqualTo(-1.3577802286545648);
        assertThat(rng.normal(1)).isEqualTo(-1.6594089674484007);
        assertThat(rng.permutation(8)).containsExactly(4, 1, 5, 3, 0, 7, 6, 2);
    }

    @Test
    void wrongArgumentsAreNamed() {
        Rng rng = Rng.seed(0);
        assertThatThrownBy(() -> rng.below(0, 0)).hasMessageContaining("bound >= 1, got 0");
        assertThatThrownBy(() -> rng.uniform(-1)).hasMessageContaining("got element -1");
        assertThatThrownBy(() -> rng.permutation(-2)).hasMessageContaining("n >= 0, got -2");
        assertThatThrownBy(() -> rng.bernoulli(0, Double.NaN)).hasMessageContaining("in [0, 1], got NaN");
        assertThatThrownBy(() -> rng.uniformF64(MemorySegment.ofArray(new byte[12]), 0))
                .hasMessageContaining("12 bytes does not hold a whole number of 8-byte elements");
    }

    @Test
    void nothingIsDrawnIntoEmptyMemory() {
        double[] none = {};
        Rng.seed(0).normal(none);
        assertThat(Rng.seed(0).permutation(0)).isEmpty();
    }
}
