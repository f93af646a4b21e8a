package dev.seiche.kernels.cpu.onednn;

import static org.assertj.core.api.Assertions.assertThat;

import dev.seiche.kernels.cpu.gemm.GemmShape;
import dev.seiche.kernels.cpu.gemm.GemmShapes;
import dev.seiche.kernels.cpu.gemm.NaiveGemm;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

class OneDnnSgemmTest {
    @Provide
    Arbitrary<GemmShape> shapes() {
        return GemmShapes.any();
    }

    /** Large enough to be cut into blocks, or a batch into parts. */
    @Provide
    Arbitrary<GemmShape> cutShapes() {
        return Arbitraries.of(
                        GemmShape.of(128, 512, 784),
                        GemmShape.of(128, 784, 512, false, true),
                        GemmShape.of(784, 512, 128, true, false),
                        GemmShape.of(500, 301, 203, true, true),
                        GemmShape.of(64, 3000, 200),
                        GemmShape.of(3000, 17, 400),
                        GemmShape.of(1, 9000, 1000),
                        GemmShape.of(64, 64, 100).batched(40),
                        GemmShape.of(300, 200, 150, false, true).batched(3))
                .flatMap(s -> Arbitraries.of(s, s.accumulating()));
    }

    @Property(tries = 300)
    void sgemmEqualsThreeLoopsUpToRounding(@ForAll("shapes") GemmShape shape, @ForAll long seed) {
        equalsThreeLoopsWithTheSameBits(shape, seed);
    }

    @Property(tries = 20)
    void productsThatAreCutHaveTheSameBitsForAllThreadCounts(@ForAll("cutShapes") GemmShape shape, @ForAll long seed) {
        equalsThreeLoopsWithTheSameBits(shape, seed);
    }

    private static void equalsThreeLoopsWithTheSameBits(GemmShape shape, long seed) {
        List<MemorySegment> results = new ArrayList<>();
        try (Arena arena = Arena.ofShared()) {
            OpenOneDnn.ofProperty().forEachThreadCount((threads, oneDnn) -> {
                NaiveGemm naive = new NaiveGemm(shape, true, seed, arena);
                oneDnn.sgemm(shape, naive.a(), naive.b(), naive.c());
                if (results.isEmpty()) {
                    assertThat(naive.worstError())
                            .as("error over bound: %s", shape)
                            .isLessThanOrEqualTo(1);
                    assertThat(naive.gapsAreUntouched())
                            .as("gaps untouched: %s", shape)
                            .isTrue();
                }
                results.add(naive.c());
                assertThat(results.getFirst().mismatch(naive.c()))
                        .as("first byte that differs with %d threads: %s", threads, shape)
                        .isEqualTo(-1);
            });
        }
    }
}
