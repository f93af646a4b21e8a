package dev.seiche.kernels.cpu.gemm;

import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;

/** Shapes of products: empty, ragged and whole tiles, gaps between rows and matrices, all transposes. */
public final class GemmShapes {
    private GemmShapes() {}

    /** Sizes on both sides of tiles, of 8 to 64 elements, and of blocks of k, of up to 256. */
    public static Arbitrary<GemmShape> any() {
        Arbitrary<Integer> sizes = Arbitraries.of(0, 1, 2, 3, 5, 6, 7, 8, 12, 13, 16, 17, 31, 32, 33, 48, 49, 65, 100);
        Arbitrary<Integer> inner = Arbitraries.of(0, 1, 2, 3, 8, 17, 23, 24, 64, 255, 256, 257, 300);
        Arbitrary<Boolean> flags = Arbitraries.of(true, false);
        Arbitrary<Integer> gaps = Arbitraries.of(0, 0, 1, 7);
        Arbitrary<Integer> batches = Arbitraries.of(1, 1, 1, 0, 2, 5);
        Arbitrary<GemmShape> dense =
                Combinators.combine(sizes, sizes, inner, flags, flags).as(GemmShape::of);
        return Combinators.combine(dense, gaps, flags, batches, flags).as(GemmShapes::vary);
    }

    private static GemmShape vary(GemmShape s, int gap, boolean accumulate, int batch, boolean oneB) {
        GemmShape wide = s.withLeading(s.lda() + gap, s.ldb() + 2L * gap, s.ldc() + gap);
        long rowsA = s.transposeA() ? s.k() : s.m();
        long rowsB = s.transposeB() ? s.n() : s.k();
        GemmShape many = batch == 1
                ? wide
                : wide.batched(
                        batch, rowsA * wide.lda() + gap, oneB ? 0 : rowsB * wide.ldb() + gap, s.m() * wide.ldc() + gap);
        return accumulate ? many.accumulating() : many;
    }
}
