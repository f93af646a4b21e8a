package dev.seiche.metrics.gram;

import dev.seiche.autograd.sample.Gram;
import java.util.List;

/** Reduces the inner products of two blocks of samples to what is kept of them. */
final class TileReduction {
    private final GradientSource source;
    private final int[] rows;
    private final int[] columns;
    private final boolean diagonal;

    TileReduction(GradientSource source, int[] rows, int[] columns, boolean diagonal) {
        this.source = source;
        this.rows = rows;
        this.columns = columns;
        this.diagonal = diagonal;
    }

    /** Of one layer. */
    PairStatistics statistics(Gram gram, double[] rowSquares, double[] columnSquares) {
        PairStatistics out = new PairStatistics();
        for (int i = 0; i < rows.length; i++) {
            for (int j = diagonal ? i + 1 : 0; j < columns.length; j++) {
                out.add(cosine(gram.get(i, j), rowSquares[i], columnSquares[j]), rows[i], columns[j]);
            }
        }
        return out;
    }

    /** Of all layers together. */
    TileSummary summary(
            double[] gram,
            double[] rowSquares,
            double[] columnSquares,
            List<PairStatistics> layers,
            boolean keepValues) {
        PairStatistics total = new PairStatistics();
        ClassBlocks classes = new ClassBlocks(source.classes());
        double[] rowSums = new double[rows.length];
        double[] columnSums = new double[columns.length];
        for (int i = 0; i < rows.length; i++) {
            for (int j = diagonal ? i + 1 : 0; j < columns.length; j++) {
                double cosine = cosine(gram[i * columns.length + j], rowSquares[i], columnSquares[j]);
                total.add(cosine, rows[i], columns[j]);
                if (!Double.isNaN(cosine)) {
                    rowSums[i] += cosine;
                    columnSums[j] += cosine;
                }
                if (source.classes() > 0) {
                    classes.add(source.label(rows[i]), source.label(columns[j]), cosine);
                }
            }
        }
        if (diagonal) {
            for (int i = 0; i < rows.length; i++) {
                rowSums[i] += columnSums[i];
            }
        }
        return new TileSummary(
                total,
                layers,
                classes,
                rowSums,
                diagonal ? new double[0] : columnSums,
                diagonal ? rowSquares : new double[0],
                keepValues ? gram : null);
    }

    private static double cosine(double inner, double squaredA, double squaredB) {
        return Gram.cosine(inner, Math.sqrt(squaredA), Math.sqrt(squaredB));
    }
}
