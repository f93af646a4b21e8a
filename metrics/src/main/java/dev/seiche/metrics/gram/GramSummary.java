package dev.seiche.metrics.gram;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * What is kept of all pairs of a data set, from the tiles in their order: so it has the same bits however often the run was
 * interrupted. Memory grows with N, not with N^2.
 *
 * @param layers by name, in the network's order
 * @param squaredNorms of each sample's gradient
 * @param meanCosines of each sample with all others whose gradient is not of length 0
 */
@SuppressWarnings("ArrayRecordComponent") // columns of numbers that are handed on, never compared
public record GramSummary(
        PairStatistics total,
        Map<String, PairStatistics> layers,
        ClassBlocks classes,
        double[] squaredNorms,
        double[] meanCosines) {

    /** Merges the tiles, which are all there. */
    public static GramSummary of(GradientSource source, GramPlan plan, GramStream.Tiles tiles) {
        PairStatistics total = new PairStatistics();
        List<PairStatistics> layers = new ArrayList<>();
        source.layers().forEach(layer -> layers.add(new PairStatistics()));
        ClassBlocks classes = new ClassBlocks(source.classes());
        double[] squares = new double[plan.samples()];
        double[] sums = new double[plan.samples()];
        for (int row = 0; row < plan.blocks(); row++) {
            for (int column = row; column < plan.blocks(); column++) {
                TileSummary tile = tiles.get(row, column);
                total.merge(tile.total());
                for (int l = 0; l < layers.size(); l++) {
                    layers.get(l).merge(tile.layers().get(l));
                }
                classes.merge(tile.classes());
                add(sums, row * plan.tile(), tile.rowSums());
                add(sums, column * plan.tile(), tile.columnSums());
                add(squares, row * plan.tile(), tile.squaredNorms());
            }
        }
        long defined =
                IntStream.range(0, squares.length).filter(i -> squares[i] > 0).count();
        for (int i = 0; i < sums.length; i++) {
            sums[i] = squares[i] > 0 ? sums[i] / (defined - 1) : Double.NaN;
        }
        Map<String, PairStatistics> named = new LinkedHashMap<>();
        for (int l = 0; l < layers.size(); l++) {
            named.put(source.layers().get(l).name(), layers.get(l));
        }
        return new GramSummary(total, named, classes, squares, sums);
    }

    private static void add(double[] sums, int from, double[] more) {
        for (int i = 0; i < more.length; i++) {
            sums[from + i] += more[i];
        }
    }
}
