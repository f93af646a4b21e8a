package dev.seiche.kernels.cpu.gemm;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.seiche.kernels.cpu.WorkerPool;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class VectorGemmTest {
    @Provide
    Arbitrary<GemmShape> shapes() {
        return GemmShapes.any();
    }

    @Property(tries = 400)
    void f32EqualsThreeLoopsUpToRounding(@ForAll("shapes") GemmShape shape, @ForAll long seed) {
        equalsThreeLoops(shape, true, seed);
    }

    @Property(tries = 400)
    void f64EqualsThreeLoopsUpToRounding(@ForAll("shapes") GemmShape shape, @ForAll long seed) {
        equalsThreeLoops(shape, false, seed);
    }

    private static void equalsThreeLoops(GemmShape shape, boolean f32, long seed) {
        try (WorkerPool pool = new WorkerPool(1);
                Arena arena = Arena.ofShared()) {
            NaiveGemm naive = new NaiveGemm(shape, f32, seed, arena);
            compute(pool, shape, f32, naive);
            assertThat(naive.worstError()).as("error over bound: %s", shape).isLessThanOrEqualTo(1);
            assertThat(naive.gapsAreUntouched()).as("gaps untouched: %s", shape).isTrue();
        }
    }

    private static void compute(WorkerPool pool, GemmShape shape, boolean f32, NaiveGemm operands) {
        VectorGemm gemm = new VectorGemm(pool);
        if (f32) {
            gemm.f32(shape, operands.a(), operands.b(), operands.c());
        } else {
            gemm.f64(shape, operands.a(), operands.b(), operands.c());
        }
    }

    /** Beyond the blocks of columns (1024) and of k packed at once (2048), which small shapes do not reach. */
    @ParameterizedTest
    @CsvSource({"7, 1100, 30", "9, 40, 2100", "500, 33, 70", "13, 1030, 2055"})
    void largeSizesAreCutIntoBlocks(int m, int n, int k) {
        for (int transposes = 0; transposes < 4; transposes++) {
            GemmShape shape = GemmShape.of(m, n, k, transposes % 2 == 1, transposes / 2 == 1);
            equalsThreeLoops(shape, true, 1);
            equalsThreeLoops(shape.accumulating(), false, 2);
        }
    }

    @Property(tries = 60)
    void theBitsDoNotDependOnTheThreads(@ForAll("shapes") GemmShape shape, @ForAll long seed, @ForAll boolean f32) {
        sameBits(shape, seed, f32);
    }

    @ParameterizedTest
    @CsvSource({"128, 512, 784", "300, 200, 300", "1000, 30, 600", "5, 1500, 700"})
    void theBitsOfSharedProductsDoNotDependOnTheThreads(int m, int n, int k) {
        sameBits(GemmShape.of(m, n, k), 3, true);
        sameBits(GemmShape.of(m, n, k, true, true).accumulating(), 4, false);
        sameBits(GemmShape.of(m / 4, n / 4, k).batched(9), 5, true);
    }

    private static void sameBits(GemmShape shape, long seed, boolean f32) {
        try (WorkerPool one = new WorkerPool(1);
                WorkerPool two = new WorkerPool(2);
                WorkerPool three = new WorkerPool(3);
                Arena arena = Arena.ofShared()) {
            NaiveGemm first = new NaiveGemm(shape, f32, seed, arena);
            compute(one, shape, f32, first);
            for (WorkerPool pool : new WorkerPool[] {two, three}) {
                NaiveGemm other = new NaiveGemm(shape, f32, seed, arena);
                compute(pool, shape, f32, other);
                assertThat(first.c().mismatch(other.c()))
                        .as("first byte that differs with %d threads: %s", pool.threads(), shape)
                        .isEqualTo(-1);
            }
        }
    }

    /** Each element is its own sum: a row has the same bits alone, in a block and in a batch. */
    @ParameterizedTest
    @ValueSource(ints = {1, 37, 256, 700})
    void aRowHasTheSameBitsAloneAndAmongOthers(int k) {
        try (WorkerPool pool = new WorkerPool(2);
                Arena arena = Arena.ofShared()) {
            GemmShape all = GemmShape.of(50, 70, k);
            NaiveGemm operands = new NaiveGemm(all, true, 6, arena);
            compute(pool, all, true, operands);
            MemorySegment row = arena.allocate(70 * 4, 4);
            VectorGemm gemm = new VectorGemm(pool);
            for (int i = 0; i < 50; i += 7) {
                gemm.f32(GemmShape.of(1, 70, k), operands.a().asSlice(4L * i * k), operands.b(), row);
                assertThat(row.mismatch(operands.c().asSlice(4L * i * 70, 4L * 70)))
                        .isEqualTo(-1);
            }
        }
    }

    /** So any processor with fused multiply-adds has the same bits, however wide its vectors are. */
    @ParameterizedTest
    @ValueSource(ints = {1, 100, 256, 257, 784})
    void anElementIsASumOfFusedMultiplyAddsInEvenBlocksOfK(int k) {
        try (WorkerPool pool = new WorkerPool(1);
                Arena arena = Arena.ofShared()) {
            GemmShape shape = GemmShape.of(9, 40, k);
            NaiveGemm operands = new NaiveGemm(shape, true, 8, arena);
            compute(pool, shape, true, operands);
            int blocks = Math.ceilDiv(k, 256);
            for (int i = 0; i < 9; i++) {
                for (int j = 0; j < 40; j++) {
                    float sum = 0;
                    for (int block = 0; block < blocks; block++) {
                        float part = 0;
                        for (long p = WorkerPool.chunkStart(k, blocks, block);
                                p < WorkerPool.chunkStart(k, blocks, block + 1);
                                p++) {
                            float x = operands.a().getAtIndex(JAVA_FLOAT, (long) i * k + p);
                            part = Math.fma(x, operands.b().getAtIndex(JAVA_FLOAT, p * 40 + j), part);
                        }
                        sum = block == 0 ? part : sum + part;
                    }
                    assertThat(operands.c().getAtIndex(JAVA_FLOAT, i * 40L + j)).isEqualTo(sum);
                }
            }
        }
    }

    @Test
    void nanAndInfinityReachOnlyTheRowsAndColumnsTheyBelongTo() {
        try (WorkerPool pool = new WorkerPool(1);
                Arena arena = Arena.ofShared()) {
            GemmShape shape = GemmShape.of(10, 20, 30);
            NaiveGemm operands = new NaiveGemm(shape, true, 7, arena);
            operands.a().setAtIndex(JAVA_FLOAT, 3 * 30 + 5, Float.NaN);
            operands.b().setAtIndex(JAVA_FLOAT, 5 * 20 + 19, Float.POSITIVE_INFINITY);
            compute(pool, shape, true, operands);
            for (int i = 0; i < 10; i++) {
                for (int j = 0; j < 20; j++) {
                    float value = operands.c().getAtIndex(JAVA_FLOAT, i * 20 + j);
                    assertThat(Float.isNaN(value)).as("NaN at %d, %d", i, j).isEqualTo(i == 3);
                    assertThat(Float.isInfinite(value))
                            .as("infinite at %d, %d", i, j)
                            .isEqualTo(i != 3 && j == 19);
                }
            }
        }
    }

    @Test
    void anOperandThatIsTooShortIsNamed() {
        try (WorkerPool pool = new WorkerPool(1);
                Arena arena = Arena.ofConfined()) {
            VectorGemm gemm = new VectorGemm(pool);
            MemorySegment fits = arena.allocate(400, 8);
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> gemm.f32(GemmShape.of(10, 10, 10), fits, arena.allocate(399), fits))
                    .withMessage("f32 gemm: b is too short: it has 399 bytes, the product reaches 400\n"
                            + "  c[10, 10] = a[10, 10] b[10, 10], ld 10 10 10");
            assertThatIllegalArgumentException()
                    .isThrownBy(
                            () -> gemm.f32(GemmShape.of(10, 10, 10), fits, MemorySegment.ofArray(new float[100]), fits))
                    .withMessageContaining("b lies on the Java heap");
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> gemm.f64(GemmShape.of(1, 1, 1), fits.asSlice(4), fits, fits))
                    .withMessageContaining("a is not aligned to 8 bytes");
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> GemmShape.of(2, 3, 4).withLeading(3, 3, 3))
                    .withMessage("gemm: leading dimension of a is 3, its rows have 4 elements");
        }
    }
}
