package dev.seiche.metrics.gram;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.seiche.tensor.DType;
import dev.seiche.tensor.Rng;
import dev.seiche.tensor.Scope;
import org.junit.jupiter.api.Test;

/** The pair found by screening is the one that all exact pairs have. */
class ExtremePairTest {
    @Test
    void screeningFindsTheSmallestCosineOfAllPairsByComputingFew() {
        Sources.onCpu(scope -> {
            NetworkGradients source = Sources.convolutional(120, DType.F64, scope);
            PairStatistics all = new PairStatistics();
            try (Scope one = scope.child("one")) {
                double[][] cosines = Sources.whole(source, one).cosines();
                for (int i = 0; i < cosines.length; i++) {
                    for (int j = i + 1; j < cosines.length; j++) {
                        all.add(cosines[i][j], i, j);
                    }
                }
            }
            for (int key = 0; key < 5; key++) {
                ExtremePair found =
                        ExtremePair.smallest(source, new ExtremePair.Search(4096, 6, 50), Rng.seed(key), scope);
                assertThat(found.cosine()).isCloseTo(all.lowest(), within(1e-12));
                assertThat(found.pair()).isEqualTo(all.lowestPair());
                assertThat(found.candidates()).isLessThan(all.pairs());
                assertThat(found.failure()).isCloseTo(1 / 36.0, within(1e-15));
            }
            // a sketch that tells nothing passes nothing over
            ExtremePair found = ExtremePair.smallest(source, new ExtremePair.Search(1, 1000, 50), Rng.seed(1), scope);
            assertThat(found.cosine()).isCloseTo(all.lowest(), within(1e-12));
            assertThat(found.candidates()).isEqualTo(all.pairs());
            assertThat(found.failure()).isZero();
            assertThatThrownBy(() -> ExtremePair.smallest(
                            source.coupling(), new ExtremePair.Search(8, 6, 50), Rng.seed(1), scope))
                    .hasMessageContaining("depend on the batch");
        });
    }
}
