package dev.seiche.autograd.sample;

import dev.seiche.autograd.rule.Factors;
import dev.seiche.tensor.DType;
import dev.seiche.tensor.Eager;
import dev.seiche.tensor.Scope;
import dev.seiche.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;

/**
 * The inner products of the gradients of two batches with respect to one leaf, all pairs: a row for each sample of the one, a
 * column for each of the other, which may be the same.
 */
record LeafGram(LeafGradients rows, LeafGradients columns, Planner planner) {

    /**
     * Adds those of all leaves to [rows, columns] as a plan says.
     *
     * @return what was done: where the batches' gradients do not lie alike, those of a leaf are formed, whatever was planned
     */
    static Plan addAll(List<LeafGram> leaves, Plan plan, Scope scope, double[] sums) {
        List<Plan.Line> lines = new ArrayList<>();
        for (int leaf = 0; leaf < leaves.size(); leaf++) {
            LeafGram mine = leaves.get(leaf);
            boolean joins = leaf > 0
                    && lines.getLast().route() == Route.CONTRACT
                    && leaves.get(leaf - 1).hasBias(mine);
            lines.add(mine.possible(plan.lines().get(leaf), joins));
        }
        for (int leaf = 0; leaf < leaves.size(); leaf++) {
            Route route = lines.get(leaf).route();
            boolean joined = leaf + 1 < leaves.size() && lines.get(leaf + 1).route() == Route.JOINED;
            try (Scope work = scope.child("gram")) {
                if (joined) {
                    leaves.get(leaf).addWithBias(work, sums);
                } else if (route != Route.JOINED) {
                    leaves.get(leaf).add(work, route, sums);
                }
            }
        }
        return new Plan(plan.question(), plan.rows(), plan.columns(), lines);
    }

    /** What is planned of this leaf where both batches allow it, else what is done instead. */
    private Plan.Line possible(Plan.Line planned, boolean joins) {
        Route route = planned.route() == Route.JOINED && !joins ? Route.DIRECT : planned.route();
        boolean contracts = route == Route.CONTRACT || route == Route.SHIFT;
        if ((contracts && !liesAlike()) || (route == Route.DIRECT && columns.hasFactors())) {
            route = Route.MATERIALISE;
        }
        return route == planned.route()
                ? planned
                : planner.line(Question.GRAM, planned.layer(), route, rows.samples(), columns.samples(), dtype());
    }

    private boolean liesAlike() {
        return rows.shape().form() == columns.shape().form() && rows.grid().equals(columns.grid());
    }

    /** Whether one op reads both batches. */
    private boolean isFused() {
        return rows.fused().isPresent()
                && columns.fused().isPresent()
                && rows.fused().orElseThrow().fits(columns.fused().orElseThrow());
    }

    private boolean hasBias(LeafGram bias) {
        return isFused() && rows.hasBias(bias.rows) && columns.hasBias(bias.columns);
    }

    /** This leaf's and its bias's: (x x' + 1) times dy dy', pair by pair. */
    private void addWithBias(Scope work, double[] sums) {
        FusedFactors mine = rows.fused().orElseThrow().withBias(work.ops());
        FusedFactors others =
                rows == columns ? mine : columns.fused().orElseThrow().withBias(work.ops());
        LeafGradients.add(sums, 0, mine.gram(work.ops(), Route.CONTRACT, others));
    }

    private void add(Scope work, Route route, double[] sums) {
        if (isFused() && inOnePass(route)) {
            FusedFactors mine = rows.fused().orElseThrow();
            LeafGradients.add(
                    sums, 0, mine.gram(work.ops(), route, columns.fused().orElseThrow()));
        } else if (route == Route.CONTRACT || route == Route.SHIFT) {
            addContracted(work, route, sums);
        } else {
            addOfSlabs(work, sums);
        }
    }

    private DType dtype() {
        return rows.type().dtype();
    }

    private boolean inOnePass(Route route) {
        return planner.inOnePass(Question.GRAM, rows.shape(), route, rows.samples(), columns.samples(), dtype());
    }

    private void addContracted(Scope work, Route route, double[] sums) {
        int n = planner.samplesAtOnce(rows.shape(), route, Math.max(rows.samples(), columns.samples()), false, dtype());
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
                            double[] tile = contraction.of(a, b).toDoubles();
                            addTile(sums, i, j, jEnd - j, tile);
                            if (rows == columns && j > i) {
                                addTransposed(sums, i, j, jEnd - j, tile);
                            }
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

    /** The same pairs, those of the second batch's samples the rows. */
    private void addTransposed(double[] sums, int row, int column, int width, double[] tile) {
        for (int at = 0; at < tile.length; at++) {
            sums[(column + at % width) * columns.samples() + row + at / width] += tile[at];
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
