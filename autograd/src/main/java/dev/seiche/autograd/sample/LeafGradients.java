package dev.seiche.autograd.sample;

import dev.seiche.autograd.rule.Factors;
import dev.seiche.autograd.rule.Side;
import dev.seiche.tensor.DType;
import dev.seiche.tensor.Eager;
import dev.seiche.tensor.Scope;
import dev.seiche.tensor.Shape;
import dev.seiche.tensor.Tensor;
import dev.seiche.tensor.TensorType;
import dev.seiche.tensor.op.Add;
import dev.seiche.tensor.op.Copy;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The gradients of all samples with respect to one leaf: the sum over its uses, each in factors. Inner products take all
 * pairs of uses, so the cross terms of a shared weight are exact. Answers are in f64, summed up in f64 over tiles and slabs.
 */
final class LeafGradients {
    private final TensorType type;
    private final int samples;
    private final List<Factors<Tensor>> uses;
    private final List<Factors.Outer<Tensor>> outers;
    private final Slabs.Grid grid;
    private final Optional<FusedFactors> fused;
    private final LayerShape shape;

    /** @param ops joins what has to be joined; its results live as long as the factors */
    LeafGradients(Eager ops, String name, TensorType type, int samples, List<Factors<Tensor>> uses) {
        this.type = type;
        this.samples = samples;
        this.uses = joined(ops, uses);
        this.outers = this.uses.stream()
                .filter(use -> use instanceof Factors.Outer)
                .map(use -> (Factors.Outer<Tensor>) use)
                .toList();
        this.grid = outers.isEmpty()
                ? new Slabs.Grid(1, 1, Math.toIntExact(type.shape().size()))
                : Slabs.grid(outers.get(0));
        this.fused = FusedFactors.of(ops.scope(), this.uses);
        this.shape = shape(name);
    }

    /** Rows added up into one; factors of which no two cut the leaf alike made into rows. */
    private static List<Factors<Tensor>> joined(Eager ops, List<Factors<Tensor>> uses) {
        List<Factors<Tensor>> kept = new ArrayList<>();
        Slabs.Grid grid = null;
        Tensor rows = null;
        for (Factors<Tensor> use : uses) {
            if (use instanceof Factors.Outer<Tensor> outer && (grid == null || grid.equals(Slabs.grid(outer)))) {
                grid = Slabs.grid(outer);
                kept.add(outer);
            } else {
                Tensor more = Slabs.rows(ops, use, 0, use.samples());
                rows = rows == null ? more : ops.add(rows, more);
            }
        }
        if (rows != null) {
            kept.add(new Factors.Rows<>(rows));
        }
        return List.copyOf(kept);
    }

    private LayerShape shape(String name) {
        long size = type.shape().size();
        if (outers.isEmpty()) {
            return LayerShape.rows(name, size);
        }
        int positions = outers.stream().mapToInt(Factors.Outer::positions).sum();
        Side<Tensor> first = outers.get(0).left();
        LayerShape.Form form = LayerShape.Form.VECTORS;
        int pixels = 0;
        int channels = 0;
        int taps = 0;
        boolean dense = true;
        if (uses.size() > outers.size()) {
            form = LayerShape.Form.MIXED;
        } else if (outers.stream().allMatch(use -> use.left() instanceof Side.Ids)) {
            form = LayerShape.Form.IDS;
        } else if (first instanceof Side.Patches<Tensor> p) {
            form = LayerShape.Form.PATCHES;
            channels = p.channels();
            taps = p.kernelH() * p.kernelW();
            for (Factors.Outer<Tensor> use : outers) {
                Side.Patches<Tensor> patches = (Side.Patches<Tensor>) use.left();
                pixels += patches.x().shape().dim(1) * patches.x().shape().dim(2);
                dense &= patches.geometry().strideH() == 1 && patches.geometry().strideW() == 1;
            }
        }
        return new LayerShape(
                name,
                form,
                size,
                positions,
                grid.left(),
                grid.right(),
                grid.groups(),
                pixels,
                channels,
                taps,
                dense,
                fused.isPresent());
    }

    LayerShape shape() {
        return shape;
    }

    TensorType type() {
        return type;
    }

    int samples() {
        return samples;
    }

    /** How factors cut the leaf; without any, into single elements of one row. */
    Slabs.Grid grid() {
        return grid;
    }

    /** Whether some use has factors. */
    boolean hasFactors() {
        return !outers.isEmpty();
    }

    /** The one use that ops of their own read, where there are such. */
    Optional<FusedFactors> fused() {
        return fused;
    }

    double[] squaredNorms(Scope work, Planner planner) {
        double[] sums = new double[samples];
        Route route = planner.line(Question.NORMS, shape, samples, samples, type.dtype())
                .route();
        if (inOnePass(planner, Question.NORMS, route, samples)) {
            return fused.orElseThrow().squaredNorms(work.ops(), route);
        }
        if (route != Route.CONTRACT && route != Route.SHIFT) {
            for (Slabs.Slab slab : slabs(planner, samples, grid)) {
                try (Scope step = work.child("slab")) {
                    Eager ops = step.ops();
                    add(sums, 0, ops.sum(ops.square(slab(ops, grid, slab)), 1).toDoubles());
                }
            }
            return sums;
        }
        int n = planner.samplesAtOnce(shape, route, samples, true, type.dtype());
        for (int from = 0; from < samples; from += n) {
            try (Scope step = work.child("samples")) {
                Contraction contraction = new Contraction(step.ops(), true, route == Route.SHIFT);
                List<Factors.Outer<Tensor>> some = outers(step.ops(), from, Math.min(from + n, samples));
                for (Factors.Outer<Tensor> a : some) {
                    for (Factors.Outer<Tensor> b : some) {
                        add(sums, from, contraction.of(a, b).toDoubles());
                    }
                }
            }
        }
        return sums;
    }

    /** [directions][B]. */
    double[][] dots(Scope work, Planner planner, List<Tensor> directions) {
        double[][] dots = new double[directions.size()][samples];
        Route route = planner.line(Question.DOT, shape, samples, dots.length, type.dtype())
                .route();
        if (dots.length > 0 && inOnePass(planner, Question.DOT, route, dots.length)) {
            return fused.orElseThrow().dots(work.ops(), directions);
        }
        for (int k = 0; k < dots.length; k++) {
            if (route == Route.MATERIALISE) {
                int n = planner.gradientsAtOnce(shape, samples, type.dtype());
                for (int from = 0; from < samples; from += n) {
                    try (Scope step = work.child("samples")) {
                        var rows = new Factors.Rows<>(rows(step.ops(), from, Math.min(from + n, samples)));
                        add(
                                dots[k],
                                from,
                                Directions.dot(step.ops(), rows, directions.get(k))
                                        .toDoubles());
                    }
                }
            } else {
                for (Factors<Tensor> use : uses) {
                    try (Scope step = work.child("direction")) {
                        add(
                                dots[k],
                                0,
                                Directions.dot(step.ops(), use, directions.get(k))
                                        .toDoubles());
                    }
                }
            }
        }
        return dots;
    }

    /** True where that leaf is the bias of the layer of one position whose weight this is. */
    boolean hasBias(LeafGradients bias) {
        return fused.isPresent()
                && bias.uses.size() == 1
                && bias.uses.get(0) instanceof Factors.Rows<Tensor> rows
                && fused.orElseThrow().hasBias(rows.value());
    }

    /** The mean of the squares of each element, of the leaf's type; born in {@code into}. */
    Tensor secondMoment(Scope into, Planner planner) {
        Route route = planner.line(Question.SECOND_MOMENT, shape, samples, samples, type.dtype())
                .route();
        try (Scope work = into.child("second moment")) {
            Tensor sum = work.ops().fill(new TensorType(DType.F64, type.shape()), 0.0);
            if (route == Route.CONTRACT) {
                // at one position the square of the product is the product of the squares
                Factors.Outer<Tensor> only = outers.get(0);
                Eager ops = work.ops();
                Tensor left = ops.square(((Side.Dense<Tensor>) only.left()).value());
                Tensor right = ops.square(only.right().value());
                var squares = new Factors.Outer<>(new Side.Dense<>(left, 1), new Side.Dense<>(right, 1), type.shape());
                sum = Directions.sum(ops, squares);
            } else if (inOnePass(planner, Question.SECOND_MOMENT, route, samples)) {
                Tensor moments = fused.orElseThrow().moments(work.ops(), Optional.empty());
                sum = work.ops().reshape(work.ops().slice(moments, 0, 1, 2), type.shape());
            } else {
                int n = planner.gradientsAtOnce(shape, samples, type.dtype());
                for (int from = 0; from < samples; from += n) {
                    try (Scope step = work.child("samples")) {
                        Eager ops = step.ops();
                        Tensor rows = rows(ops, from, Math.min(from + n, samples));
                        Tensor part = ops.cast(ops.sum(ops.square(rows), 0), DType.F64);
                        ops.applyInto(new Add(), List.of(sum, part), sum);
                    }
                }
            }
            Tensor mean = work.ops().scale(sum, 1.0 / samples);
            return into.keep(work.ops().cast(mean, type.dtype()));
        }
    }

    private boolean inOnePass(Planner planner, Question question, Route route, int columns) {
        return planner.inOnePass(question, shape, route, samples, columns, type.dtype());
    }

    /** What reads whole gradients in one pass, where there is something that does. */
    Optional<FusedFactors> readInOnePass(Planner planner) {
        return inOnePass(planner, Question.SECOND_MOMENT, Route.MATERIALISE, samples) ? fused : Optional.empty();
    }

    /** The mean gradient, of the leaf's type; born in {@code into}. */
    Tensor mean(Scope into) {
        try (Scope work = into.child("mean")) {
            Eager ops = work.ops();
            Tensor sum = ops.fill(type, 0.0);
            for (Factors<Tensor> use : uses) {
                sum = ops.add(sum, Directions.sum(ops, use));
            }
            return into.ops().scale(sum, 1.0 / samples);
        }
    }

    /** The sum of the gradients, each times its weight; of the leaf's type, born in {@code into}. */
    Tensor weighted(double[] weights, Scope into) {
        try (Scope work = into.child("weighted")) {
            Eager ops = work.ops();
            Tensor factors = work.tensor(type.dtype(), Shape.of(samples), weights);
            Tensor sum = ops.fill(type, 0.0);
            for (Factors<Tensor> use : uses) {
                sum = ops.add(sum, Directions.sum(ops, Directions.scaled(ops, use, factors)));
            }
            return into.keep(sum);
        }
    }

    /** The same, kept in {@code into}: factors or gradients, whichever are smaller; factors are moved there where possible. */
    LeafGradients keep(Scope into, Planner planner) {
        if (shape.keptElements() < shape.factorElements()) {
            Tensor rows = into.allocate(type.withShape(Shape.of(samples).concat(type.shape())));
            int n = planner.gradientsAtOnce(shape, samples, type.dtype());
            for (int from = 0; from < samples; from += n) {
                int to = Math.min(from + n, samples);
                try (Scope step = into.child("keep")) {
                    Tensor place = into.ops().slice(rows, 0, from, to);
                    step.ops().applyInto(new Copy(), List.of(rows(step.ops(), from, to)), place);
                }
            }
            return new LeafGradients(into.ops(), shape.name(), type, samples, List.of(new Factors.Rows<>(rows)));
        }
        List<Factors<Tensor>> kept = new ArrayList<>();
        for (Factors<Tensor> use : uses) {
            kept.add(
                    use instanceof Factors.Outer<Tensor> outer
                            ? new Factors.Outer<>(
                                    Sides.keep(into, outer.left()), Sides.keep(into, outer.right()), outer.shape())
                            : new Factors.Rows<>(into.adopt(((Factors.Rows<Tensor>) use).value())));
        }
        return new LeafGradients(into.ops(), shape.name(), type, samples, kept);
    }

    /** Whole gradients of some samples: [to - from, leaf...]. */
    Tensor rows(Eager ops, int from, int to) {
        Tensor sum = null;
        for (Factors<Tensor> use : uses) {
            Tensor rows = Slabs.rows(ops, use, from, to);
            sum = sum == null ? rows : ops.add(sum, rows);
        }
        Shape rows = Shape.of(to - from).concat(type.shape());
        return sum != null ? sum : ops.fill(type.withShape(rows), 0.0);
    }

    /** The coordinates of a slab of all samples' gradients: [B, slab size]. */
    Tensor slab(Eager ops, Slabs.Grid cut, Slabs.Slab slab) {
        Tensor sum = null;
        for (Factors<Tensor> use : uses) {
            Tensor part = Slabs.of(ops, use, cut, slab);
            sum = sum == null ? part : ops.add(sum, part);
        }
        return sum != null ? sum : ops.fill(type.withShape(Shape.of(samples, slab.size())), 0.0);
    }

    /** Slabs of which that of so many samples fits the budget. */
    List<Slabs.Slab> slabs(Planner planner, int most, Slabs.Grid cut) {
        if (cut.size() == 0) {
            return List.of();
        }
        boolean ids = outers.stream().anyMatch(use -> use.left() instanceof Side.Ids);
        return Slabs.cut(cut, ids, planner.coordinatesAtOnce(shape, most, type.dtype()));
    }

    /** The uses that have factors, of some samples. */
    List<Factors.Outer<Tensor>> outers(Eager ops, int from, int to) {
        return outers.stream()
                .map(use -> new Factors.Outer<>(
                        Sides.samples(ops, use.left(), from, to),
                        Sides.samples(ops, use.right(), from, to),
                        use.shape()))
                .toList();
    }

    static void add(double[] sums, int from, double[] more) {
        for (int i = 0; i < more.length; i++) {
            sums[from + i] += more[i];
        }
    }
}
