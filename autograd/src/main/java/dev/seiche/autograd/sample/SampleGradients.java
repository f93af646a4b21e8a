package dev.seiche.autograd.sample;

import dev.seiche.autograd.Tape;
import dev.seiche.autograd.Trace;
import dev.seiche.autograd.Var;
import dev.seiche.tensor.DType;
import dev.seiche.tensor.Eager;
import dev.seiche.tensor.Rng;
import dev.seiche.tensor.Scope;
import dev.seiche.tensor.Tensor;
import dev.seiche.tensor.TensorType;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

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
    private final BatchGradients batch;
    private final Planner planner;
    private final Map<Question, Plan> ran;

    private SampleGradients(BatchGradients batch, Planner planner) {
        this.batch = batch;
        this.planner = planner;
        this.ran = new EnumMap<>(Question.class);
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
        BatchGradients batch = new BatchGradients(
                record.scope(),
                contribution ? null : record,
                record.types(),
                record.names(),
                losses.shape().dim(0),
                losses.dtype(),
                coupling == Coupling.EXACT ? null : record.factors(contribution));
        return new SampleGradients(batch, Planner.standard());
    }

    /** The same gradients, questions answered as this planner says. */
    public SampleGradients with(Planner other) {
        return new SampleGradients(batch, other);
    }

    /** The gradients with respect to some of the leaves, by their place in the list: a layer, say, or one parameter. */
    public SampleGradients select(int... some) {
        return new SampleGradients(batch.select(some), planner);
    }

    /**
     * The same gradients without the record they came from, so that its scope may close: of each leaf the factors or the
     * gradients, whichever are smaller, moved to {@code into}, or copied where they are part of something else. What a planner
     * would answer by {@link Route#JVP} is then answered from what is kept, since there is no record to go over.
     *
     * @param into lives at least as long as the record's scope
     */
    public SampleGradients keep(Scope into) {
        return new SampleGradients(batch.keep(into, planner), planner);
    }

    /** Number of samples. */
    public int samples() {
        return batch.samples();
    }

    /** Number of leaves. */
    public int leaves() {
        return batch.types().size();
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
        answering(Question.NORMS, samples());
        double[] sums = new double[samples()];
        if (batch.streams(planner)) {
            batch.rows(planner).each((i, gradient, step) -> {
                for (Tensor part : gradient) {
                    Tensor wide = step.ops().cast(part, DType.F64);
                    sums[i] += step.ops().sum(step.ops().square(wide)).item();
                }
            });
            return sums;
        }
        for (LeafGradients part : batch.parts()) {
            try (Scope work = batch.scope().child("norms")) {
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
        answering(Question.DOT, directions.size());
        double[][] dots = new double[directions.size()][samples()];
        if (leaves() == 0) {
            return dots;
        }
        Recorded record = batch.record();
        if (record != null && goesForward(Question.DOT)) {
            for (int k = 0; k < dots.length; k++) {
                dots[k] = record.along(directions.get(k));
            }
            return dots;
        }
        for (int leaf = 0; leaf < leaves(); leaf++) {
            int at = leaf;
            List<Tensor> mine = directions.stream().map(d -> d.get(at)).toList();
            try (Scope work = batch.scope().child("dots")) {
                double[][] more = batch.parts().get(leaf).dots(work, planner, mine);
                for (int k = 0; k < dots.length; k++) {
                    add(more[k], dots[k]);
                }
            }
        }
        return dots;
    }

    /** The inner product of each sample's gradient with the batch's mean gradient. */
    public double[] dotMean() {
        try (Scope work = batch.scope().child("mean")) {
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
        if (!batch.types().equals(other.batch.types())) {
            throw new IllegalArgumentException("gram: the leaves differ: " + batch.types() + " and "
                    + other.batch.types() + "; give both batches the same");
        }
        Plan plan = answering(Question.GRAM, other.batch.samples());
        Recorded mine = batch.record();
        boolean forward = goesForward(Question.GRAM);
        double[] sums = new double[Math.multiplyExact(samples(), other.batch.samples())];
        if (batch.streams(planner) || other.batch.streams(other.planner) || forward) {
            other.batch.rows(other.planner).each((j, rows, step) -> {
                double[] column = mine != null && forward ? mine.along(rows) : dot(rows);
                for (int i = 0; i < column.length; i++) {
                    sums[i * other.batch.samples() + j] = column[i];
                }
            });
        } else if (sums.length > 0) {
            ran.put(Question.GRAM, LeafGram.addAll(pairs(other), plan, batch.scope(), sums));
        }
        if (other == this) {
            for (int i = 0; i < samples(); i++) {
                for (int j = 0; j < i; j++) {
                    sums[i * samples() + j] = sums[j * samples() + i];
                }
            }
        }
        return new Gram(samples(), other.batch.samples(), sums);
    }

    private List<LeafGram> pairs(SampleGradients other) {
        List<LeafGradients> rows = batch.parts();
        List<LeafGradients> columns = other == this ? rows : other.batch.parts();
        return IntStream.range(0, leaves())
                .mapToObj(leaf -> new LeafGram(rows.get(leaf), columns.get(leaf), planner))
                .toList();
    }

    /** The mean gradient, one tensor of each leaf's type, born in {@code into}: the gradient of the mean loss. */
    public List<Tensor> mean(Scope into) {
        Recorded record = batch.record();
        if (record != null && !batch.formed()) {
            double[] shares = new double[samples()];
            Arrays.fill(shares, 1.0 / samples());
            return record.weighted(shares, into);
        }
        return batch.parts().stream().map(part -> part.mean(into)).toList();
    }

    /**
     * The sum of all gradients, each times a weight of its own: one tensor of each leaf's type, born in {@code into}. One
     * backward pass or less; the transpose of {@link #dot}.
     *
     * @param weights [B]
     */
    public List<Tensor> weighted(double[] weights, Scope into) {
        if (weights.length != samples()) {
            throw new IllegalArgumentException(
                    "weighted: " + weights.length + " weights for " + samples() + " samples; give one for each");
        }
        Recorded record = batch.record();
        if (record != null && !batch.formed()) {
            return record.weighted(weights, into);
        }
        return batch.parts().stream().map(part -> part.weighted(weights, into)).toList();
    }

    /**
     * The mean gradient of each group of samples: classes, say. Zeros for a group without samples.
     *
     * @param group of each sample, 0 to groups - 1
     */
    public List<List<Tensor>> means(int[] group, int groups, Scope into) {
        double[][] shares = Gram.shares(group, groups, samples());
        return Arrays.stream(shares).map(share -> weighted(share, into)).toList();
    }

    /**
     * The mean over samples of the square of each element, one tensor of each leaf's type, born in {@code into}. Minus the
     * square of {@link #mean} it is the variance, but that difference cancels where the mean dominates: see {@link #elements}.
     */
    public List<Tensor> secondMoment(Scope into) {
        answering(Question.SECOND_MOMENT, samples());
        if (!batch.streams(planner)) {
            return batch.parts().stream()
                    .map(part -> part.secondMoment(into, planner))
                    .toList();
        }
        return batch.rows(planner).secondMoment(into);
    }

    /** Mean, variance and agreement of signs of each element, signal-to-noise ratio with them; born in {@code into}. */
    public ElementStatistics elements(Scope into) {
        try (Scope work = batch.scope().child("mean")) {
            return ElementStatistics.of(batch.rows(planner), mean(work), planner, into);
        }
    }

    /**
     * A CountSketch of each gradient and its exact norm: what is left of them when even their factors are gone.
     *
     * @param size k, numbers for each sample
     * @param key the same for all sketches that shall be compared
     */
    public Sketch sketch(int size, Rng key) {
        return Sketch.of(batch.rows(planner), batch.names(), planner, size, key);
    }

    /** The gradients with respect to one leaf, by its place: [B, leaf...], born in {@code into}. As large as B leaves. */
    public Tensor materialise(int leaf, Scope into) {
        if (!batch.formed()) {
            return batch.select(leaf).recordedRows().all(into).get(0);
        }
        try (Scope work = into.child("materialise")) {
            return into.keep(batch.parts().get(leaf).rows(work.ops(), 0, samples()));
        }
    }

    /** What the cost of each leaf's gradients depends on; where they have no factors, that of whole gradients. */
    public List<LayerShape> shapes() {
        return batch.shapes();
    }

    /** How a question will be answered, leaf by leaf. */
    public Plan plan(Question question) {
        return plan(question, question == Question.DOT ? 1 : samples());
    }

    /** The same for a Gram with another batch of so many samples, or for so many directions. */
    public Plan plan(Question question, int columns) {
        return plan(question, samples(), columns);
    }

    /** The same as if there were {@code rows} samples like these. */
    public Plan plan(Question question, int rows, int columns) {
        boolean forward = goesForward(question);
        if (batch.formed() && !forward) {
            return planner.plan(question, shapes(), batch.biases(), rows, columns, batch.dtype());
        }
        Route route = forward ? Route.JVP : Route.BACKWARD;
        return Plan.whole(
                question,
                route,
                shapes(),
                rows,
                columns,
                batch.dtype().bytes() * (forward || batch.streams(planner) ? 1.0 : rows));
    }

    /** Whether the record is gone over forward: where there are no factors, and where that was asked for. */
    private boolean goesForward(Question question) {
        boolean can = batch.record() != null && (question == Question.DOT || question == Question.GRAM);
        return can
                && (planner.prefers(question, Route.JVP)
                        || (!batch.formed() && (question == Question.DOT || batch.streams(planner))));
    }

    /**
     * How a question was last answered; empty where it was not asked yet. Differs from the plan for a Gram with another batch
     * whose gradients do not lie like these: those are formed.
     */
    public Optional<Plan> ran(Question question) {
        return Optional.ofNullable(ran.get(question));
    }

    private Plan answering(Question question, int columns) {
        Plan plan = plan(question, columns);
        ran.put(question, plan);
        return plan;
    }

    private void requireDirection(List<Tensor> direction) {
        List<TensorType> given = direction.stream().map(Tensor::type).toList();
        if (!given.equals(batch.types())) {
            throw new IllegalArgumentException("sample gradients: a direction has one tensor of each leaf's type: "
                    + batch.types() + ", got " + given);
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
        return "gradients of " + samples() + " samples with respect to " + leaves() + " leaves";
    }
}
