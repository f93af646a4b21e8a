package dev.seiche.metrics.gram;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.seiche.autograd.sample.Planner;
import dev.seiche.tensor.DType;
import dev.seiche.tensor.Rng;
import dev.seiche.tensor.Scope;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** The pairs found by screening are those that all exact pairs have. */
class PairScreenTest {
    private static final class Kept implements PairScreen.Sketches {
        private final Map<Integer, float[]> all = new HashMap<>();
        private int found;

        @Override
        public float @Nullable [] get(int tile) {
            found += all.containsKey(tile) ? 1 : 0;
            return all.get(tile);
        }

        @Override
        public void put(int tile, float[] values) {
            all.put(tile, values);
        }
    }

    private static PairScreen screen(
            NetworkGradients source, PairScreen.Search search, long key, PairScreen.Sketches kept, Scope scope) {
        return PairScreen.of(
                        source,
                        search,
                        Planner.standard(),
                        Rng.seed(key),
                        kept,
                        new Sources.Until(Long.MAX_VALUE),
                        scope)
                .orElseThrow();
    }

    private static PairStatistics all(NetworkGradients source, Scope scope) {
        PairStatistics all = new PairStatistics();
        try (Scope one = scope.child("one")) {
            double[][] cosines = Sources.whole(source, one).cosines();
            for (int i = 0; i < cosines.length; i++) {
                for (int j = i + 1; j < cosines.length; j++) {
                    all.add(cosines[i][j], i, j);
                }
            }
        }
        return all;
    }

    @Test
    void screeningFindsTheExtremeCosinesOfAllPairsByComputingFew() {
        Sources.onCpu(scope -> {
            NetworkGradients source = Sources.convolutional(120, DType.F64, scope);
            PairStatistics all = all(source, scope);
            for (int key = 0; key < 2; key++) {
                PairScreen screen = screen(source, new PairScreen.Search(4096, 6, 50), key, new Kept(), scope);
                ExtremePair lowest = screen.lowest();
                assertThat(lowest.cosine()).isCloseTo(all.lowest(), within(1e-12));
                assertThat(lowest.pair()).isEqualTo(all.lowestPair());
                assertThat(lowest.screened()).isEqualTo(all.pairs());
                assertThat(lowest.computed()).isLessThan(all.pairs());
                assertThat(lowest.failure()).isCloseTo(1 / 36.0, within(1e-15));
                ExtremePair highest = screen.highest();
                assertThat(highest.cosine()).isCloseTo(all.highest(), within(1e-12));
                assertThat(highest.pair()).isEqualTo(all.highestPair());
            }
            // a sketch that tells nothing passes nothing over
            ExtremePair found = screen(source, new PairScreen.Search(1, 1000, 50), 1, new Kept(), scope)
                    .lowest();
            assertThat(found.cosine()).isCloseTo(all.lowest(), within(1e-12));
            assertThat(found.computed()).isEqualTo(all.pairs());
            assertThat(found.failure()).isZero();
            assertThatThrownBy(() -> screen(source.coupling(), new PairScreen.Search(8, 6, 50), 1, new Kept(), scope))
                    .hasMessageContaining("depend on the batch");
        });
    }

    @Test
    void sketchesThatAreThereAreNotMadeAgainAndChangeNothing() {
        Sources.onCpu(scope -> {
            NetworkGradients source = Sources.mlp(40, DType.F32, scope);
            PairScreen.Search search = new PairScreen.Search(64, 6, 16);
            PairScreen whole = screen(source, search, 1, new Kept(), scope);
            Kept kept = new Kept();
            // asked to stop when two of three tiles are there
            assertThat(PairScreen.of(
                            source, search, Planner.standard(), Rng.seed(1), kept, new Sources.Until(2), scope))
                    .isEmpty();
            assertThat(kept.all).hasSize(2);
            kept.found = 0;
            PairScreen again = screen(source, search, 1, kept, scope);
            assertThat(kept.found).isEqualTo(2);
            assertThat(again.lowest()).isEqualTo(whole.lowest());
            assertThat(again.highest()).isEqualTo(whole.highest());
        });
    }
}
