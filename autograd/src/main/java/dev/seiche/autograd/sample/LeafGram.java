package dev.seiche.autograd.sample;

import dev.seiche.autograd.rule.Factors;
import dev.seiche.tensor.Eager;
import dev.seiche.tensor.Scope;
import dev.seiche.tensor.Tensor;
import java.util.List;

/**
 * The inner products of the gradients of two batches with respect to one leaf, all pairs: a row for each sample of the one, a
 * column for each of the other, which may be the same.
 */
record LeafGram(LeafGradients rows, LeafGradients columns, Planner planner) {

    /** Adds them to [rows, columns]. */
    void add(Scope work, double[] sums) {
        boolean contracts = rows.shape().form() == columns.shape().form()
                && rows.grid().equals(columns.grid());
        Route route = route();
        boolean alike = rows.fused().isPresent()
                && columns.fused().isPresent()
                && rows.fused().orElseThrow().fits(columns.fused().orElseThrow());
        if (alike && inOnePass(route)) {
            FusedFactors mine = rows.fused().orElseThrow();
            LeafGradients.add(
                    sums,
                    0,
                    mine.gram(work.ops(), route, columns.fused().orElseThrow()));
        } else if (contracts && (route == Route.CONTRACT || route == Route.SHIFT)) {
            addContracted(work, route, sums);
        } else {
            addOfSlabs(work, sums);
        }
    }

    /**
     * Adds those of this leaf and of a bias, at once where both are the layer's: (x x' + 1) times dy dy', pair by pair. False
     * where they are not, or the plan wants this leaf otherwise; then nothing is added.
     */
    boolean addWithBias(Scope work, LeafGram bias, double[] sums) {
        Route route = route();
        if (route != Route.CONTRACT
                || !inOnePass(route)
                || !rows.hasBias(bias.rows)
                || !columns.hasBias(bias.columns)) {
            return false;
        }
        FusedFactors mine = rows.fused().orElseThrow().withBias(work.ops());
        FusedFactors others =
                rows == columns ? mine : columns.fused().orElseThrow().withBias(work.ops());
        LeafGradients.add(sums, 0, mine.gram(work.ops(), route, others));
        return true;
    }

    private Route route() {
        return planner.line(
                        Question.GRAM,
                        rows.shape(),
                        rows.samples(),
                        columns.samples(),
                        rows.type().dtype())
                .route();
    }

    private boolean inOnePass(Route route) {
        return planner.inOnePass(
                Question.GRAM,
                rows.shape(),
                route,
                rows.samples(),
                columns.samples(),
                rows.type().dtype());
    }

    private void addContracted(Scope work, Route route, double[] sums) {
        int n = planner.samplesAtOnce(
                rows.shape(),
                route,
                Math.max(rows.samples(), columns.samples()),
                false,
                rows.type().dtype());
        for (int i = 0; i < rows.samples(); i += n) {
            for (int j = rows == columns ? i : 0; j < columns.samples(); j += n) {
                try (Scope step = work.child("tile")) {
                    Contraction contraction = new Contraction(step.ops(), false, route == Route.SHIFT);
                    int iEnd = Math.min(i + n, rows.samples());
                    int jEnd = Math.min(j + n, columns.samples());
                    List<Factors.Outer<Tensor>> mine = rows.outers(step.ops(), i, iEnd);
                    List<Factors.Outer<Tensor>> others = columns.outers(step.ops(), j, jEnd);
                    for (Factors.Outer<Tensor> a : mine) {
                        for (Factors.Outer<Tensor> b : others) {
                            addTile(sums, i, j, jEnd - j, contraction.of(a, b).toDoubles());
                        }
                    }
                }
            }
        }
    }

    private void addOfSlabs(Scope work, double[] sums) {
        Slabs.Grid common = rows.hasFactors() ? rows.grid() : columns.grid();
        boolean alike = !columns.hasFactors() || common.equals(columns.grid());
        int most = Math.max(rows.samples(), columns.samples());
        for (Slabs.Slab slab : rows.slabs(planner, most, common)) {
            try (Scope step = work.child("slab")) {
                Eager ops = step.ops();
                Tensor mine = rows.slab(ops, common, slab);
                Tensor theirs;
                if (rows == columns) {
                    theirs = mine;
                } else if (alike) {
                    theirs = columns.slab(ops, common, slab);
                } else {
                    var whole = new Factors.Rows<>(columns.rows(ops, 0, columns.samples()));
                    theirs = Slabs.of(ops, whole, common, slab);
                }
                addTile(
                        sums,
                        0,
                        0,
                        columns.samples(),
                        ops.matmul(mine, theirs, false, true).toDoubles());
            }
        }
    }

    private void addTile(double[] sums, int row, int column, int width, double[] tile) {
        for (int r = 0; r * width < tile.length; r++) {
            int to = (row + r) * columns.samples() + column;
            for (int c = 0; c < width; c++) {
                sums[to + c] += tile[r * width + c];
            }
        }
    }
}
