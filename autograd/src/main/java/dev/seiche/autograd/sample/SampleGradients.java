package dev.seiche.autograd.sample;

import dev.seiche.autograd.Tape;
import dev.seiche.autograd.Trace;
import dev.seiche.autograd.Var;
import dev.seiche.autograd.rule.Factors;
import dev.seiche.tensor.DType;
import dev.seiche.tensor.Eager;
import dev.seiche.tensor.Rng;
import dev.seiche.tensor.Scope;
import dev.seiche.tensor.Tensor;
import dev.seiche.tensor.TensorType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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
    private final Scope scope;
    private final @Nullable Recorded record;
    private final List<TensorType> types;
    private final List<String> names;
    private final int samples;
    private final DType dtype;
    private final Planner planner;
    private final Map<Question, Plan> ran;
    private @Nullable List<LeafGradients> parts;

    private SampleGradients(
            Scope scope,
            @Nullable Recorded record,
            List<TensorType> types,
            List<String> names,
            int samples,
            DType dtype,
            Planner planner,
            @Nullable List<LeafGradients> parts) {
        this.scope = scope;
        this.record = record;
        this.types = List.copyOf(types);
        this.names = List.copyOf(names);
        this.samples = samples;
        this.dtype = dtype;
        this.planner = planner;
        this.ran = new EnumMap<>(Question.class);
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
        if (!(tape.inner() instanceof Eager)) {
            throw new IllegalArgumentException("sample gradients: the tape must record tensors computed at once");
        }
        if (losses.shape().rank() != 1) {
            throw new IllegalArgumentException("sample gradients: need one loss per sample [B], got "
                    + losses.describe() + "; do not average them before");
        }
        Trace<Tensor> trace = tape.trace();
        leaves.forEach(trace::leaf);
        Recorded record = new Recorded(tape, losses, leaves);
        // going over the record forward gives derivatives of the losses, which contributions are not
        boolean contribution = coupling == Coupling.CONTRIBUTION;
        return new SampleGradients(
                record.scope(),
                contribution ? null : record,
                record.types(),
                record.names(),
                losses.shape().dim(0),
                losses.dtype(),
                Planner.standard(),
                coupling == Coupling.EXACT ? null : record.factors(contribution));
    }

    /** The same gradients, questions answered as this planner says. */
    public SampleGradients with(Planner other) {
        return new SampleGradients(scope, record, types, names, samples, dtype, other, parts);
    }

    /** The gradients with respect to some of the leaves, by their place in the list: a layer, say, or one parameter. */
    public SampleGradients select(int... some) {
        Recorded whole = record;
        List<LeafGradients> all = parts;
        return new SampleGradients(
                scope,
                whole == null ? null : new Recorded(whole.tape(), whole.losses(), pick(whole.leaves(), some)),
                pick(types, some),
                pick(names, some),
                samples,
                dtype,
                planner,
                all == null ? null : pick(all, some));
    }

    private static <E> List<E> pick(List<E> all, int... some) {
        return IntStream.of(some).mapToObj(all::get).toList();
    }

    /**
     * The same gradients without the record they came from, so that its scope may close: of each leaf the factors or the
     * gradients, whichever are smaller, moved to {@code into}, or copied where they are part of something else. What a planner
     * would answer by {@link Route#JVP} is then answered from what is kept, since there is no record to go over.
     *
     * @param into lives at least as long as the record's scope
     */
    public SampleGradients keep(Scope into) {
        List<LeafGradients> kept =
                parts().stream().map(part -> part.keep(into, planner)).toList();
        return new SampleGradients(into, null, types, names, samples, dtype, planner, kept);
    }

    /** Number of samples. */
    public int samples() {
        return samples;
    }

    /** Number of leaves. */
    public int leaves() {
        return types.size();
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
        answering(Question.NORMS, samples);
        double[] sums = new double[samples];
        if (streams()) {
            rows().slices(planner, (leaf, from, slice, step) -> {
                Tensor wide = step.ops().cast(slice, DType.F64);
                sums[from] += step.ops().dot(wide, wide).item();
            });
            return sums;
        }
        for (LeafGradients part : parts()) {
            try (Scope work = scope.child("norms")) {
                add(part.squaredNorms(work, planner), sums);
            }
        }
        return Arrays.stream(sums).map(sum -> Math.max(0, sum)).toArray();
    }

    /** The inner product of each sample's gradient with a direction, which has one tensor of each leaf's type. */
    public double[] dot(List<Tensor> direction) {
        return dots(List.of(direction))[0];
    }

    /** The inner products with several directions: [directions][B]. */
    public double[][] dots(List<List<Tensor>> directions) {
        directions.forEach(this::requireDirection);
        answering(Question.DOT, samples);
        double[][] dots = new double[directions.size()][samples];
        if (leaves() == 0) {
            return dots;
        }
        if (record != null && goesForward(Question.DOT)) {
            for (int k = 0; k < dots.length; k++) {
                dots[k] = record.along(directions.get(k));
            }
            return dots;
        }
        for (int leaf = 0; leaf < leaves(); leaf++) {
            int at = leaf;
            List<Tensor> mine = directions.stream().map(d -> d.get(at)).toList();
            try (Scope work = scope.child("dots")) {
                double[][] more = parts().get(leaf).dots(work, planner, mine);
                for (int k = 0; k < dots.length; k++) {
                    add(more[k], dots[k]);
                }
            }
        }
        return dots;
    }

    /** The inner product of each sample's gradient with the batch's mean gradient. */
    public double[] dotMean() {
        try (Scope work = scope.child("mean")) {
            return dot(mean(work));
        }
    }

    /** The inner products of all pairs of samples. */
    public Gram gram() {
        return gram(this);
    }

    /** The cosines of all pairs of samples; NaN where a gradient has length 0. */
    public double[][] cosines() {
        return gram().cosines();
    }

    /** The inner products of these samples (rows) with those of another batch (columns), for leaves of the same types. */
    public Gram gram(SampleGradients other) {
        if (!types.equals(other.types)) {
            throw new IllegalArgumentException(
                    "gram: the leaves differ: " + types + " and " + other.types + "; give both batches the same");
        }
        answering(Question.GRAM, other.samples);
        Recorded mine = record;
        boolean forward = goesForward(Question.GRAM);
        double[] sums = new double[Math.multiplyExact(samples, other.samples)];
        if (streams() || other.streams() || forward) {
            other.rows().each((j, rows, step) -> {
                double[] column = mine != null && forward ? mine.along(rows) : dot(rows);
                for (int i = 0; i < column.length; i++) {
                    sums[i * other.samples + j] = column[i];
                }
            });
        } else if (sums.length > 0) {
            for (int leaf = 0; leaf < leaves(); leaf++) {
                try (Scope work = scope.child("gram")) {
                    LeafGradients columns =
                            other == this ? parts().get(leaf) : other.parts().get(leaf);
                    parts().get(leaf).addGram(work, planner, columns, sums);
                }
            }
        }
        if (other == this) {
            for (int i = 0; i < samples; i++) {
                for (int j = 0; j < i; j++) {
                    sums[i * samples + j] = sums[j * samples + i];
                }
            }
        }
        return new Gram(samples, other.samples, sums);
    }

    /** The mean gradient, one tensor of each leaf's type, born in {@code into}: the gradient of the mean loss. */
    public List<Tensor> mean(Scope into) {
        if (record != null && parts == null) {
            double[] shares = new double[samples];
            Arrays.fill(shares, 1.0 / samples);
            return record.weighted(shares, into);
        }
        return parts().stream().map(part -> part.mean(into)).toList();
    }

    /**
     * The sum of all gradients, each times a weight of its own: one tensor of each leaf's type, born in {@code into}. One
     * backward pass or less; the transpose of {@link #dot}.
     *
     * @param weights [B]
     */
    public List<Tensor> weighted(double[] weights, Scope into) {
        if (weights.length != samples) {
            throw new IllegalArgumentException(
                    "weighted: " + weights.length + " weights for " + samples + " samples; give one for each");
        }
        if (record != null && parts == null) {
            return record.weighted(weights, into);
        }
        return parts().stream().map(part -> part.weighted(weights, into)).toList();
    }

    /**
     * The mean gradient of each group of samples: classes, say. Zeros for a group without samples.
     *
     * @param group of each sample, 0 to groups - 1
     */
    public List<List<Tensor>> means(int[] group, int groups, Scope into) {
        double[][] shares = Gram.shares(group, groups, samples);
        return Arrays.stream(shares).map(share -> weighted(share, into)).toList();
    }

    /**
     * The mean over samples of the square of each element, one tensor of each leaf's type, born in {@code into}. Minus the
     * square of {@link #mean} it is the variance, but that difference cancels where the mean dominates: see {@link #elements}.
     */
    public List<Tensor> secondMoment(Scope into) {
        answering(Question.SECOND_MOMENT, samples);
        if (!streams()) {
            return parts().stream()
                    .map(part -> part.secondMoment(into, planner))
                    .toList();
        }
        return rows().secondMoment(into);
    }

    /** Mean, variance and agreement of signs of each element, signal-to-noise ratio with them; born in {@code into}. */
    public ElementStatistics elements(Scope into) {
        try (Scope work = scope.child("mean")) {
            return ElementStatistics.of(rows(), mean(work), planner, into);
        }
    }

    /**
     * A CountSketch of each gradient and its exact norm: what is left of them when even their factors are gone.
     *
     * @param size k, numbers for each sample
     * @param key the same for all sketches that shall be compared
     */
    public Sketch sketch(int size, Rng key) {
        return Sketch.of(rows(), names, planner, size, key);
    }

    /** The gradients with respect to one leaf, by its place: [B, leaf...], born in {@code into}. As large as B leaves. */
    public Tensor materialise(int leaf, Scope into) {
        if (parts == null) {
            SampleGradients one = select(leaf);
            return new GradientRows(scope, samples, one.types, one.record, null)
                    .all(into)
                    .get(0);
        }
        try (Scope work = into.child("materialise")) {
            return into.keep(parts().get(leaf).rows(work.ops(), 0, samples));
        }
    }

    /** What the cost of each leaf's gradients depends on; where they have no factors, that of whole gradients. */
    public List<LayerShape> shapes() {
        List<LeafGradients> factors = parts;
        return IntStream.range(0, leaves())
                .mapToObj(leaf -> factors == null
                        ? LayerShape.rows(
                                names.get(leaf), types.get(leaf).shape().size())
                        : factors.get(leaf).shape())
                .toList();
    }

    /** How a question will be answered, leaf by leaf. */
    public Plan plan(Question question) {
        return plan(question, samples);
    }

    /** The same for a Gram with another batch of so many samples. */
    public Plan plan(Question question, int columns) {
        boolean forward = goesForward(question);
        if (parts != null && !forward) {
            return planner.plan(question, shapes(), samples, columns, dtype);
        }
        Route route = forward ? Route.JVP : Route.BACKWARD;
        return Plan.whole(
                question, route, shapes(), samples, columns, dtype.bytes() * (forward || streams() ? 1.0 : samples));
    }

    /** Whether the record is gone over forward: where there are no factors, and where that was asked for. */
    private boolean goesForward(Question question) {
        boolean can = record != null && (question == Question.DOT || question == Question.GRAM);
        return can
                && (planner.prefers(question, Route.JVP) || (parts == null && (question == Question.DOT || streams())));
    }

    /** The plan by which a question was last answered; empty where it was not asked yet. */
    public Optional<Plan> ran(Question question) {
        return Optional.ofNullable(ran.get(question));
    }

    private void answering(Question question, int columns) {
        ran.put(question, plan(question, columns));
    }

    private GradientRows rows() {
        return new GradientRows(scope, samples, types, record, streams() ? null : parts());
    }

    /** True when gradients have no factors and do not all fit the budget, so that they are made one by one. */
    private boolean streams() {
        double bytes = types.stream()
                .mapToDouble(type -> (double) type.bytes() * samples)
                .sum();
        return parts == null && bytes > planner.budget();
    }

    private List<LeafGradients> parts() {
        List<LeafGradients> made = parts;
        if (made == null) {
            List<Tensor> rows = new GradientRows(scope, samples, types, record, null).all(scope);
            made = new ArrayList<>();
            for (int leaf = 0; leaf < leaves(); leaf++) {
                made.add(new LeafGradients(
                        scope.ops(),
                        names.get(leaf),
                        types.get(leaf),
                        samples,
                        List.of(new Factors.Rows<>(rows.get(leaf)))));
            }
            parts = made;
        }
        return made;
    }

    private void requireDirection(List<Tensor> direction) {
        List<TensorType> given = direction.stream().map(Tensor::type).toList();
        if (!given.equals(types)) {
            throw new IllegalArgumentException(
                    "sample gradients: a direction has one tensor of each leaf's type: " + types + ", got " + given);
        }
    }

    private static void add(double[] more, double[] sums) {
        for (int i = 0; i < more.length; i++) {
            sums[i] += more[i];
        }
    }

    /** How many samples and leaves. */
    @Override
    public String toString() {
        return "gradients of " + samples + " samples with respect to " + leaves() + " leaves";
    }
}
