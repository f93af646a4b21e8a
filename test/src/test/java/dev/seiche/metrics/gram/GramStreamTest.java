package dev.seiche.metrics.gram;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.seiche.autograd.sample.Coupling;
import dev.seiche.autograd.sample.Gram;
import dev.seiche.autograd.sample.Planner;
import dev.seiche.autograd.sample.SampleGradients;
import dev.seiche.kernels.cpu.CpuBackend;
import dev.seiche.nn.Loss;
import dev.seiche.nn.Network;
import dev.seiche.nn.PerSample;
import dev.seiche.tensor.DType;
import dev.seiche.tensor.MeteredBackend;
import dev.seiche.tensor.Rng;
import dev.seiche.tensor.Scope;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** The Gram matrix of a data set in tiles against that of one batch. */
class GramStreamTest {
    private static final long PLENTY = 64 << 20;

    private static Sources.Kept run(GradientSource source, GramPlan plan, Scope scope) {
        Sources.Kept tiles = new Sources.Kept();
        boolean done = new GramStream(source, plan, Planner.standard(), true)
                .run(tiles, new Sources.Until(Long.MAX_VALUE), scope);
        assertThat(done).isTrue();
        return tiles;
    }

    /** Everything that is kept of the pairs, against the cosines themselves. */
    private static void reductionsAreThoseOf(
            SampleGradients all, NetworkGradients source, GramSummary found, double tolerance) {
        Gram gram = all.gram();
        double[][] cosines = gram.cosines();
        pairsAreThoseOf(cosines, found.total(), tolerance);
        assertThat(found.layers())
                .containsOnlyKeys(
                        source.layers().stream().map(GradientSource.Layer::name).toList());
        for (GradientSource.Layer layer : source.layers()) {
            PairStatistics part = found.layers().get(layer.name());
            assertThat(part).isNotNull();
            pairsAreThoseOf(layer.of(all).cosines(), part, tolerance);
        }
        int n = source.samples();
        ClassBlocks classes = new ClassBlocks(3);
        for (int i = 0; i < n; i++) {
            double row = 0;
            for (int j = 0; j < n; j++) {
                row += i == j ? 0 : cosines[i][j];
                if (i < j) {
                    classes.add(source.label(i), source.label(j), cosines[i][j]);
                }
            }
            assertThat(found.meanCosines()[i]).isCloseTo(row / (n - 1), within(tolerance));
            assertThat(found.squaredNorms()[i]).isCloseTo(gram.get(i, i), within(tolerance * gram.get(i, i)));
        }
        for (int a = 0; a < 3; a++) {
            for (int b = a; b < 3; b++) {
                assertThat(found.classes().pairs(b, a)).isEqualTo(classes.pairs(a, b));
                assertThat(found.classes().mean(a, b)).isCloseTo(classes.mean(a, b), within(tolerance));
                assertThat(found.classes().lowest(a, b)).isCloseTo(classes.lowest(a, b), within(tolerance));
            }
        }
    }

    private static void pairsAreThoseOf(double[][] cosines, PairStatistics found, double tolerance) {
        List<Double> all = new ArrayList<>();
        long[] histogram = new long[PairStatistics.BINS];
        for (int i = 0; i < cosines.length; i++) {
            for (int j = i + 1; j < cosines.length; j++) {
                all.add(cosines[i][j]);
                histogram[Math.clamp((int) Math.floor((cosines[i][j] + 1) * 100), 0, 199)]++;
            }
        }
        Collections.sort(all);
        assertThat(found.pairs()).isEqualTo(all.size());
        assertThat(found.undefined()).isZero();
        assertThat(found.mean())
                .isCloseTo(all.stream().mapToDouble(c -> c).average().orElseThrow(), within(tolerance));
        assertThat(found.lowest()).isCloseTo(all.getFirst(), within(tolerance));
        assertThat(at(cosines, found.lowestPair())).isCloseTo(all.getFirst(), within(tolerance));
        assertThat(found.highest()).isCloseTo(all.getLast(), within(tolerance));
        assertThat(at(cosines, found.highestPair())).isCloseTo(all.getLast(), within(tolerance));
        // rounding may take a cosine over an edge
        long negative = all.stream().filter(c -> c < 0).count();
        assertThat(found.negativeShare()).isCloseTo((double) negative / all.size(), within(2.0 / all.size()));
        long moved = 0;
        for (int b = 0; b < histogram.length; b++) {
            moved += Math.abs(found.histogram()[b] - histogram[b]);
        }
        assertThat(moved).isLessThanOrEqualTo(4);
        for (double q : new double[] {0.01, 0.25, 0.5, 0.99}) {
            double exact = all.get((int) Math.floor(q * (all.size() - 1)));
            assertThat(found.quantile(q)).isCloseTo(exact, within(tolerance + Math.abs(exact) / 128));
        }
    }

    private static double at(double[][] cosines, PairStatistics.Pair pair) {
        assertThat(pair.first()).isLessThan(pair.second());
        return cosines[pair.first()][pair.second()];
    }

    @Test
    void tilesOfAnySizeMakeUpTheGramOfOneBatch() {
        Sources.onCpu(scope -> {
            for (DType dtype : List.of(DType.F64, DType.F32)) {
                // rounding of cosines of a few thousand terms
                double tolerance = dtype == DType.F64 ? 1e-12 : 2e-5;
                for (NetworkGradients source :
                        List.of(Sources.mlp(23, dtype, scope), Sources.convolutional(23, dtype, scope))) {
                    SampleGradients all =
                            source.gradients(IntStream.range(0, 23).toArray(), scope);
                    Gram gram = all.gram();
                    for (int tile : new int[] {1, 4, 7, 23, 64}) {
                        GramPlan plan = GramPlan.of(source, Planner.standard(), PLENTY, tile, scope);
                        Sources.Kept tiles = run(source, plan, scope);
                        reductionsAreThoseOf(all, source, GramSummary.of(source, plan, tiles), tolerance);
                        for (int i = 0; i < 23; i++) {
                            for (int j = i; j < 23; j++) {
                                int width = plan.block(j / plan.tile()).length;
                                double[] values = tiles.get(i / plan.tile(), j / plan.tile())
                                        .values();
                                assertThat(values).isNotNull();
                                double size = Math.sqrt(gram.get(i, i) * gram.get(j, j));
                                assertThat(values[i % plan.tile() * width + j % plan.tile()])
                                        .isCloseTo(gram.get(i, j), within(tolerance * size));
                            }
                        }
                    }
                }
            }
        });
    }

    @Test
    void aRunThatStoppedAnywhereEndsWithTheBitsOfAnUnbrokenOne() {
        Sources.onCpu(scope -> {
            NetworkGradients source = Sources.convolutional(20, DType.F32, scope);
            GramPlan plan = GramPlan.of(source, Planner.standard(), PLENTY, 4, scope);
            Sources.Kept whole = run(source, plan, scope);
            for (long stop : new long[] {0, 1, 7, 14}) {
                Sources.Kept broken = new Sources.Kept();
                GramStream stream = new GramStream(source, plan, Planner.standard(), true);
                assertThat(stream.run(broken, new Sources.Until(stop), scope)).isFalse();
                assertThat(stream.run(broken, new Sources.Until(Long.MAX_VALUE), scope))
                        .isTrue();
                for (int row = 0; row < plan.blocks(); row++) {
                    for (int column = row; column < plan.blocks(); column++) {
                        assertThat(bits(broken.get(row, column))).isEqualTo(bits(whole.get(row, column)));
                    }
                }
            }
        });
    }

    private static Map<String, List<Long>> bits(TileSummary tile) {
        Map<String, List<Long>> bits = new TreeMap<>();
        tile.numbers().forEach((name, values) -> {
            List<Long> all = new ArrayList<>();
            for (double value : values) {
                all.add(Double.doubleToRawLongBits(value));
            }
            bits.put(name, all);
        });
        tile.counts().forEach((name, values) -> {
            List<Long> all = new ArrayList<>();
            for (long value : values) {
                all.add(value);
            }
            bits.put(name, all);
        });
        return bits;
    }

    @Test
    void memoryStaysWithinEveryBudgetAndTheResultIsTheSame() {
        try (MeteredBackend device = new MeteredBackend(CpuBackend.open())) {
            try (Scope scope = Scope.root(device, "test")) {
                for (boolean convolutional : new boolean[] {false, true}) {
                    NetworkGradients source = convolutional
                            ? Sources.convolutional(160, DType.F32, scope)
                            : Sources.mlp(160, DType.F32, scope);
                    List<Long> recordings = new ArrayList<>();
                    List<Double> means = new ArrayList<>();
                    for (long budget : new long[] {200_000, 500_000, 8_000_000}) {
                        GramPlan plan = GramPlan.of(source, Planner.standard(), budget, 0, scope);
                        device.forget();
                        Sources.Kept tiles = run(source, plan, scope);
                        assertThat(device.peakBytes()).as(plan.toString()).isLessThanOrEqualTo(budget);
                        recordings.add(plan.recordings());
                        means.add(GramSummary.of(source, plan, tiles).total().mean());
                    }
                    // with more memory fewer gradients are computed twice, with plenty none
                    assertThat(recordings).isSortedAccordingTo((a, b) -> Long.compare(b, a));
                    assertThat(recordings.getLast()).isEqualTo(160);
                    assertThat(means).allSatisfy(mean -> assertThat(mean).isCloseTo(means.getLast(), within(1e-6)));
                    assertThatThrownBy(() -> GramPlan.of(source, Planner.standard(), 1000, 0, scope))
                            .hasMessageContaining("a budget of")
                            .hasMessageContaining("give at least");
                }
            }
        }
    }

    @Test
    void batchNormInItsModesIsThatOfTheTilesBatches() {
        Sources.onCpu(scope -> {
            Network network = Network.of(Sources.convolutional(true));
            NetworkGradients frozen = Sources.of(Sources.convolutional(true), 12, DType.F64, scope);
            for (Coupling coupling : List.of(Coupling.EXACT, Coupling.CONTRIBUTION)) {
                PerSample training = PerSample.of(network, Loss.CROSS_ENTROPY).training(Rng.seed(1), coupling);
                NetworkGradients source = frozen.with(training).coupling();
                GramPlan plan = GramPlan.of(source, Planner.standard(), PLENTY, 6, scope);
                Sources.Kept tiles = run(source, plan, scope);
                try (Scope step = scope.child("batches")) {
                    int[] first = plan.block(0);
                    int[] second = plan.block(1);
                    Gram expected = source.gradients(first, step).gram(source.gradients(second, step));
                    double[] values = tiles.get(0, 1).values();
                    assertThat(values).isNotNull();
                    for (int at = 0; at < values.length; at++) {
                        assertThat(values[at]).isCloseTo(expected.get(at / 6, at % 6), within(1e-12));
                    }
                }
            }
        });
    }

    @Test
    void quantilesAreOffByLessThanAHundredthOfThemselves() {
        LogBuckets whole = new LogBuckets();
        LogBuckets first = new LogBuckets();
        LogBuckets second = new LogBuckets();
        double[] values = new double[5001];
        Rng.seed(3).normal(values);
        for (int i = 0; i < values.length; i++) {
            values[i] = Math.tanh(values[i] * values[i] * values[i] / 10);
            whole.add(values[i]);
            (i % 3 == 0 ? first : second).add(values[i]);
        }
        second.merge(first);
        LogBuckets read = LogBuckets.read(second.written());
        Arrays.sort(values);
        for (double q : new double[] {0, 0.001, 0.1, 0.25, 0.5, 0.77, 0.999, 1}) {
            double exact = values[(int) Math.floor(q * (values.length - 1))];
            double tolerance = Math.max(Math.abs(exact) / 128, Math.scalb(1.0, -24));
            assertThat(whole.quantile(q)).isCloseTo(exact, within(tolerance));
            assertThat(read.quantile(q)).isEqualTo(whole.quantile(q));
        }
        assertThat(new LogBuckets().quantile(0.5)).isNaN();
        assertThatThrownBy(() -> whole.quantile(2)).hasMessageContaining("not in [0, 1]");
    }
}
