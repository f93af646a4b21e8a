package dev.seiche.metrics.gram;

import dev.seiche.autograd.sample.Gram;
import dev.seiche.autograd.sample.Planner;
import dev.seiche.autograd.sample.SampleGradients;
import dev.seiche.tensor.Scope;
import java.util.ArrayList;
import java.util.List;

/**
 * The Gram matrix of a data set, tile by tile: the half at and above the diagonal, each tile reduced as soon as it is there
 * and handed on. A group of blocks of samples stays in memory, later blocks pass by it, one at a time; then the next group.
 * Tiles that are there already are not computed again, and each has the same bits whatever was there before.
 */
public final class GramStream {
    private final GradientSource source;
    private final GramPlan plan;
    private final Planner planner;
    private final List<GradientSource.Layer> layers;
    private final boolean keepValues;

    /** Where tiles go, and where those of an interrupted run are. */
    public interface Tiles {
        /** Whether the tile of these blocks is there. */
        boolean has(int row, int column);

        /** Takes a tile; after that it is there. */
        void put(int row, int column, TileSummary tile);

        /** A tile that is there. */
        TileSummary get(int row, int column);
    }

    /** Hears how far a run is. */
    public interface Progress {
        /** So many tiles of all are there. */
        void tiles(long done, long all);

        /** Asked between tiles; true ends the run early. */
        boolean stop();
    }

    /**
     * @param planner of the products; its budget is replaced by the plan's
     * @param keepValues hand on the tiles of the matrix too, not their reductions only
     */
    public GramStream(GradientSource source, GramPlan plan, Planner planner, boolean keepValues) {
        this.source = source;
        this.plan = plan;
        this.planner = planner.withBudget(plan.working());
        this.layers = source.layers();
        this.keepValues = keepValues;
    }

    /** A block of samples in memory: the gradients of each layer, and their squared norms by layer. */
    private record Block(int[] samples, List<SampleGradients> layers, double[][] squares) {
        double[] total() {
            double[] sum = new double[samples.length];
            for (double[] layer : squares) {
                for (int i = 0; i < sum.length; i++) {
                    sum[i] += layer[i];
                }
            }
            return sum;
        }
    }

    /**
     * Computes the tiles that are not there yet.
     *
     * @return false when it was asked to stop before the last
     */
    public boolean run(Tiles tiles, Progress progress, Scope scope) {
        long done = 0;
        for (int row = 0; row < plan.blocks(); row++) {
            for (int column = row; column < plan.blocks(); column++) {
                done += tiles.has(row, column) ? 1 : 0;
            }
        }
        progress.tiles(done, plan.tiles());
        for (int first = 0; first < plan.blocks(); first += plan.resident()) {
            int last = Math.min(plan.blocks(), first + plan.resident());
            if (complete(tiles, first, last)) {
                continue;
            }
            try (Scope rows = scope.child("rows")) {
                List<Block> kept = new ArrayList<>();
                for (int column = first; column < plan.blocks(); column++) {
                    // the blocks that stay are computed when they first pass by
                    try (Scope passing = rows.child("column")) {
                        Block block = block(column, column < last ? rows : passing);
                        if (column < last) {
                            kept.add(block);
                        }
                        for (int row = first; row < Math.min(last, column + 1); row++) {
                            if (tiles.has(row, column)) {
                                continue;
                            }
                            if (progress.stop()) {
                                return false;
                            }
                            tiles.put(row, column, tile(kept.get(row - first), block, row == column));
                            progress.tiles(++done, plan.tiles());
                        }
                    }
                }
            }
        }
        return true;
    }

    private boolean complete(Tiles tiles, int first, int last) {
        for (int row = first; row < last; row++) {
            for (int column = row; column < plan.blocks(); column++) {
                if (!tiles.has(row, column)) {
                    return false;
                }
            }
        }
        return true;
    }

    private Block block(int number, Scope into) {
        int[] samples = plan.block(number);
        SampleGradients gradients = gradients(samples, into);
        List<SampleGradients> parts =
                layers.stream().map(layer -> layer.of(gradients)).toList();
        double[][] squares = parts.stream().map(SampleGradients::squaredNorms).toArray(double[][]::new);
        return new Block(samples, parts, squares);
    }

    private SampleGradients gradients(int[] samples, Scope into) {
        try (Scope record = into.child("record")) {
            return source.gradients(samples, record).with(planner).keep(into);
        }
    }

    private TileSummary tile(Block rows, Block columns, boolean diagonal) {
        TileReduction reduction = new TileReduction(source, rows.samples, columns.samples, diagonal);
        double[] sum = new double[rows.samples.length * columns.samples.length];
        List<PairStatistics> statistics = new ArrayList<>();
        for (int layer = 0; layer < layers.size(); layer++) {
            Gram gram = rows.layers.get(layer).gram(columns.layers.get(layer));
            statistics.add(reduction.statistics(gram, rows.squares[layer], columns.squares[layer]));
            gram.addTo(sum);
        }
        return reduction.summary(sum, rows.total(), columns.total(), statistics, keepValues);
    }
}
