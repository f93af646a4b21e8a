package dev.seiche.autograd.sample;

import dev.seiche.autograd.Tape;
import dev.seiche.autograd.Trace;
import dev.seiche.autograd.Var;
import dev.seiche.autograd.rule.Factors;
import dev.seiche.tensor.DType;
import dev.seiche.tensor.Eager;
import dev.seiche.tensor.Scope;
import dev.seiche.tensor.Shape;
import dev.seiche.tensor.Tensor;
import dev.seiche.tensor.TensorType;
import dev.seiche.tensor.op.Add;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * The gradient of every sample's loss with respect to some leaves of a tape, kept in factors and asked questions: one
 * reverse pass, no gradient formed before a question needs it.
 *
 * <pre>{@code
 * Tape<Tensor> tape = new Tape<>(scope.ops());
 * Var<Tensor> w = tape.watch(weight);
 * Var<Tensor> losses = tape.crossEntropy(tape.linear(tape.constant(x), w), tape.constant(labels));   // [B]
 * SampleGradients gradients = SampleGradients.of(tape, losses, List.of(w));
 * double[] norms = gradients.norms();
 * double[][] cosines = gradients.gram().cosines();
 * }</pre>
 *
 * <p>Row i is the gradient of loss i itself, not divided by B. All answers are exact up to rounding, whatever route the
 * {@link Planner} takes; numbers are in f64 and are summed in f64 over leaves. Valid as long as the tape's scope is open,
 * in which the factors live; confined to its thread.
 */
public final class SampleGradients {
    private final Tape<Tensor> tape;
    private final Scope scope;
    private final Var<Tensor> losses;
    private final List<Var<Tensor>> leaves;
    private final Coupling coupling;
    private final Planner planner;
    private @Nullable List<LeafGradients> parts;

    private SampleGradients(
            Tape<Tensor> tape,
            Var<Tensor> losses,
            List<Var<Tensor>> leaves,
            Coupling coupling,
            Planner planner,
            @Nullable List<LeafGradients> parts) {
        if (!(tape.inner() instanceof Eager eager)) {
            throw new IllegalArgumentException("sample gradients: the tape must record tensors computed at once");
        }
        this.tape = tape;
        this.scope = eager.scope();
        this.losses = losses;
        this.leaves = List.copyOf(leaves);
        this.coupling = coupling;
        this.planner = planner;
        this.parts = parts;
    }

    /**
     * Of losses whose samples do not meet.
     *
     * @param losses [B], one for each sample, not yet averaged
     * @param leaves watched on the tape
     * @throws CoupledSamplesException when a loss depends on more than its own sample
     */
    public static SampleGradients of(Tape<Tensor> tape, Var<Tensor> losses, List<Var<Tensor>> leaves) {
        return of(tape, losses, leaves, Coupling.FROZEN);
    }

    /** The same, saying what a sample's gradient is where samples meet. */
    public static SampleGradients of(
            Tape<Tensor> tape, Var<Tensor> losses, List<Var<Tensor>> leaves, Coupling coupling) {
        if (losses.shape().rank() != 1) {
            throw new IllegalArgumentException("sample gradients: need one loss per sample [B], got "
                    + losses.describe() + "; do not average them before");
        }
        Trace<Tensor> trace = tape.trace();
        leaves.forEach(trace::leaf);
        SampleGradients gradients = new SampleGradients(tape, losses, leaves, coupling, Planner.standard(), null);
        if (coupling != Coupling.EXACT) {
            gradients.parts = gradients.factors(trace);
        }
        return gradients;
    }

    /** The same gradients, questions answered as this planner says. */
    public SampleGradients with(Planner other) {
        return new SampleGradients(tape, losses, leaves, coupling, other, parts);
    }

    /** The gradients with respect to some of the leaves, by their place in the list: a layer, say, or one parameter. */
    public SampleGradients select(int... some) {
        List<LeafGradients> all = parts;
        return new SampleGradients(
                tape,
                losses,
                IntStream.of(some).mapToObj(leaves::get).toList(),
                coupling,
                planner,
                all == null ? null : IntStream.of(some).mapToObj(all::get).toList());
    }

    /** Number of samples. */
    public int samples() {
        return losses.shape().dim(0);
    }

    /** Number of leaves. */
    public int leaves() {
        return leaves.size();
    }

    /** The Euclidean norm of each sample's gradient. */
    public double[] norms() {
        double[] norms = squaredNorms();
        for (int i = 0; i < norms.length; i++) {
            norms[i] = Math.sqrt(norms[i]);
        }
        return norms;
    }

    /** The squared norm of each sample's gradient; a contraction can round a norm of almost 0 to just below it: 0 then. */
    public double[] squaredNorms() {
        double[] sums = new double[samples()];
        if (streams()) {
            one().each((i, rows, step) -> {
                for (Tensor row : rows) {
                    Tensor wide = step.ops().cast(row, DType.F64);
                    sums[i] += step.ops().dot(wide, wide).item();
                }
            });
            return sums;
        }
        for (LeafGradients part : parts()) {
            try (Scope work = scope.child("norms")) {
                double[] more = part.squaredNorms(work, planner);
                for (int i = 0; i < sums.length; i++) {
                    sums[i] += more[i];
                }
            }
        }
        return IntStream.range(0, sums.length)
                .mapToDouble(i -> Math.max(0, sums[i]))
                .toArray();
    }

    /** The inner product of each sample's gradient with a direction, which has one tensor of each leaf's type. */
    public double[] dot(List<Tensor> direction) {
        return dots(List.of(direction))[0];
    }

    /** The inner products with several directions: [directions][B]. */
    public double[][] dots(List<List<Tensor>> directions) {
        directions.forEach(this::requireDirection);
        double[][] dots = new double[directions.size()][samples()];
        if (leaves.isEmpty()) {
            return dots;
        }
        if (coupling == Coupling.EXACT || planner.prefers(Question.DOT, Route.JVP)) {
            for (int k = 0; k < dots.length; k++) {
                dots[k] = alongTape(directions.get(k));
            }
            return dots;
        }
        for (int leaf = 0; leaf < leaves.size(); leaf++) {
            int at = leaf;
            List<Tensor> mine = directions.stream().map(d -> d.get(at)).toList();
            try (Scope work = scope.child("dots")) {
                double[][] more = parts().get(leaf).dots(work, planner, mine);
                for (int k = 0; k < dots.length; k++) {
                    for (int i = 0; i < more[k].length; i++) {
                        dots[k][i] += more[k][i];
                    }
                }
            }
        }
        return dots;
    }

    /** The inner products of all pairs of samples. */
    public Gram gram() {
        return gram(this);
    }

    /** The inner products of these samples (rows) with those of another batch (columns), for leaves of the same types. */
    public Gram gram(SampleGradients other) {
        if (!types().equals(other.types())) {
            throw new IllegalArgumentException(
                    "gram: the leaves differ: " + types() + " and " + other.types() + "; give both batches the same");
        }
        double[] sums = new double[Math.multiplyExact(samples(), other.samples())];
        if (streams() || other.streams() || planner.prefers(Question.GRAM, Route.JVP)) {
            other.one().each((j, rows, step) -> {
                double[] column = coupling == Coupling.EXACT || planner.prefers(Question.GRAM, Route.JVP)
                        ? alongTape(rows)
                        : dot(rows);
                for (int i = 0; i < column.length; i++) {
                    sums[i * other.samples() + j] = column[i];
                }
            });
        } else if (sums.length > 0) {
            for (int leaf = 0; leaf < leaves.size(); leaf++) {
                try (Scope work = scope.child("gram")) {
                    LeafGradients columns =
                            other == this ? parts().get(leaf) : other.parts().get(leaf);
                    parts().get(leaf).addGram(work, planner, columns, sums);
                }
            }
        }
        if (other == this) {
            for (int i = 0; i < samples(); i++) {
                for (int j = 0; j < i; j++) {
                    sums[i * samples() + j] = sums[j * samples() + i];
                }
            }
        }
        return new Gram(samples(), other.samples(), sums);
    }

    /** The mean gradient, one tensor of each leaf's type, born in {@code into}: the gradient of the mean loss. */
    public List<Tensor> mean(Scope into) {
        if (coupling == Coupling.EXACT) {
            try (Scope work = into.child("mean")) {
                Tensor share = work.ops().fill(losses.type(), 1.0 / samples());
                var gradients = tape.backward(losses, share, work.ops());
                return leaves.stream()
                        .map(leaf -> into.keep(gradients.of(leaf)))
                        .toList();
            }
        }
        return parts().stream().map(part -> part.mean(into)).toList();
    }

    /**
     * The mean over samples of the square of each element, one tensor of each leaf's type, born in {@code into}. Minus the
     * square of {@link #mean} it is the variance; the difference cancels where the mean dominates.
     */
    public List<Tensor> secondMoment(Scope into) {
        if (!streams()) {
            return parts().stream()
                    .map(part -> part.secondMoment(into, planner))
                    .toList();
        }
        try (Scope work = into.child("second moment")) {
            List<Tensor> sums = leaves.stream()
                    .map(leaf -> work.ops().fill(new TensorType(DType.F64, leaf.shape()), 0.0))
                    .toList();
            one().each((i, rows, step) -> {
                for (int leaf = 0; leaf < rows.size(); leaf++) {
                    Tensor square = step.ops().cast(step.ops().square(rows.get(leaf)), DType.F64);
                    step.ops().applyInto(new Add(), List.of(sums.get(leaf), square), sums.get(leaf));
                }
            });
            List<Tensor> means = new ArrayList<>();
            for (int leaf = 0; leaf < leaves.size(); leaf++) {
                Tensor mean = work.ops().scale(sums.get(leaf), 1.0 / samples());
                means.add(into.keep(work.ops().cast(mean, leaves.get(leaf).dtype())));
            }
            return means;
        }
    }

    /** The gradients with respect to one leaf, by its place: [B, leaf...], born in {@code into}. As large as B leaves. */
    public Tensor materialise(int leaf, Scope into) {
        if (coupling == Coupling.EXACT && parts == null) {
            return select(leaf).one().all(into).get(0);
        }
        try (Scope work = into.child("materialise")) {
            return into.keep(parts().get(leaf).rows(work.ops(), 0, samples()));
        }
    }

    /** How a question will be answered, leaf by leaf. */
    public Plan plan(Question question) {
        DType dtype = losses.dtype();
        if (coupling == Coupling.EXACT && parts == null) {
            Route route =
                    question == Question.DOT || (question == Question.GRAM && streams()) ? Route.JVP : Route.BACKWARD;
            List<Plan.Line> lines = new ArrayList<>();
            for (int leaf = 0; leaf < leaves.size(); leaf++) {
                long size = leaves.get(leaf).shape().size();
                double bytes = (double) dtype.bytes() * size * (streams() ? 1 : samples());
                lines.add(new Plan.Line(LayerShape.rows(name(leaf), size), route, Double.NaN, bytes));
            }
            return new Plan(question, samples(), samples(), lines);
        }
        List<LayerShape> shapes = parts().stream().map(LeafGradients::shape).toList();
        return planner.plan(question, shapes, samples(), dtype);
    }

    private String name(int leaf) {
        String name = leaves.get(leaf).value().name();
        return name == null ? "leaf " + leaf : name;
    }

    private List<TensorType> types() {
        return leaves.stream().map(Var::type).toList();
    }

    private List<LeafGradients> factors(Trace<Tensor> trace) {
        Eager ops = scope.ops();
        int number = trace.number(losses);
        Map<Integer, List<Factors<Tensor>>> found = Map.of();
        if (samples() <= 1) {
            return ofOne(ops);
        }
        if (number != Trace.CONSTANT) {
            Set<Integer> wanted = new HashSet<>();
            leaves.forEach(leaf -> wanted.add(trace.leaf(leaf)));
            Dependence dependence = new Dependence(trace, number, wanted, samples(), coupling == Coupling.CONTRIBUTION);
            found = new SamplePass(trace, ops, dependence).run(number, ops.fill(losses.type(), 1.0));
        }
        List<LeafGradients> out = new ArrayList<>();
        for (int leaf = 0; leaf < leaves.size(); leaf++) {
            List<Factors<Tensor>> uses = found.getOrDefault(trace.leaf(leaves.get(leaf)), List.of());
            out.add(new LeafGradients(ops, name(leaf), leaves.get(leaf).type(), samples(), uses));
        }
        return out;
    }

    /** One sample meets nobody: its gradient is that of the batch. None has none. */
    private List<LeafGradients> ofOne(Eager ops) {
        var gradients = tape.backward(losses, ops.fill(losses.type(), 1.0));
        List<LeafGradients> out = new ArrayList<>();
        for (int leaf = 0; leaf < leaves.size(); leaf++) {
            TensorType type = leaves.get(leaf).type();
            Shape rows = Shape.of(samples()).concat(type.shape());
            Tensor value = samples() == 1
                    ? ops.reshape(gradients.of(leaves.get(leaf)), rows)
                    : ops.fill(type.withShape(rows), 0.0);
            out.add(new LeafGradients(ops, name(leaf), type, samples(), List.of(new Factors.Rows<>(value))));
        }
        return out;
    }

    private OneByOne one() {
        return new OneByOne(tape, losses, leaves, parts);
    }

    /** The derivative of each loss along a direction, by going over the record forward. */
    private double[] alongTape(List<Tensor> direction) {
        try (Scope work = scope.child("jvp")) {
            return tape.forward(losses, leaves, direction, work.ops()).toDoubles();
        }
    }

    /** True when gradients have no factors and do not all fit the budget, so that they are made one by one. */
    private boolean streams() {
        double bytes = leaves.stream()
                .mapToDouble(leaf -> (double) leaf.type().bytes() * samples())
                .sum();
        return parts == null && bytes > planner.budget();
    }

    private List<LeafGradients> parts() {
        List<LeafGradients> made = parts;
        if (made == null) {
            List<Tensor> rows = one().all(scope);
            made = new ArrayList<>();
            for (int leaf = 0; leaf < leaves.size(); leaf++) {
                made.add(new LeafGradients(
                        scope.ops(),
                        name(leaf),
                        leaves.get(leaf).type(),
                        samples(),
                        List.of(new Factors.Rows<>(rows.get(leaf)))));
            }
            parts = made;
        }
        return made;
    }

    private void requireDirection(List<Tensor> direction) {
        List<TensorType> given = direction.stream().map(Tensor::type).toList();
        if (!given.equals(types())) {
            throw new IllegalArgumentException(
                    "sample gradients: a direction has one tensor of each leaf's type: " + types() + ", got " + given);
        }
    }

    /** How many samples and leaves. */
    @Override
    public String toString() {
        return "gradients of " + samples() + " samples with respect to " + leaves.size() + " leaves";
    }
}
