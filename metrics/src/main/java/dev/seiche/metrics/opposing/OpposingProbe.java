package dev.seiche.metrics.opposing;

import dev.seiche.metrics.BatchGradients;
import dev.seiche.metrics.Metric;
import dev.seiche.metrics.MetricSink;
import dev.seiche.metrics.Need;
import dev.seiche.metrics.curvature.Lanczos;
import dev.seiche.metrics.curvature.LinearOperator;
import dev.seiche.metrics.output.Features;
import dev.seiche.metrics.statistics.Summary;
import dev.seiche.nn.NamedTensors;
import dev.seiche.nn.ParameterVector;
import dev.seiche.nn.train.Schedule;
import dev.seiche.nn.train.Step;
import dev.seiche.tensor.DType;
import dev.seiche.tensor.Rng;
import dev.seiche.tensor.Scope;
import dev.seiche.tensor.Shape;
import dev.seiche.tensor.Tensor;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Watches for opposing signals in full-batch training, where every step sees all samples in the same order. Emits at every
 * step what the losses say, and on a schedule what the gradients of the selected groups say; the catalogue lists the names.
 * Opposition and alternation need later steps: the row of step t has them for the selection of step t - window - 3.
 *
 * <p>Keeps the loss of every sample at every step on the host, 4 bytes each: ask {@link #history} after the run.
 */
public final class OpposingProbe implements Metric {
    private static final int SAMPLES_AT_ONCE = 200;

    private final BatchGradients source;
    private final Options options;
    private final Rng rng;
    private final MetricSink sink;
    private @Nullable LossHistory history;

    /**
     * What to look at.
     *
     * @param size      samples in a group, k
     * @param window    held-out steps that opposition and alternation are evaluated on
     * @param gradients steps at which the groups' gradients are compared: four gradients, the samples' norms and about 20 products each
     */
    public record Options(int size, int window, Schedule gradients) {
        /** Groups of the usual size, 20 held-out steps, gradients at every 100th step. */
        public static Options of(int samples) {
            return new Options(OpposingGroups.size(samples), 20, Schedule.every(100));
        }
    }

    public OpposingProbe(BatchGradients source, Options options, Rng rng, MetricSink sink) {
        this.source = source;
        this.options = options;
        this.rng = rng.fold("opposing signals");
        this.sink = sink;
    }

    /** With the usual options. */
    public static OpposingProbe of(BatchGradients source, MetricSink sink) {
        return new OpposingProbe(source, Options.of(source.data().size()), Rng.seed(0), sink);
    }

    @Override
    public String name() {
        return "opposing";
    }

    @Override
    public Set<Need> needs() {
        return Set.of(Need.SAMPLE_LOSSES, Need.MORE_GRADIENTS, Need.HVP);
    }

    /** The losses of all samples so far. */
    public LossHistory history() {
        if (history == null) {
            throw new IllegalStateException("opposing signals: no step was seen yet");
        }
        return history;
    }

    @Override
    public void observe(Step step) {
        double[] losses = step.measurement().losses();
        LossHistory seen = history == null ? new LossHistory(losses.length) : history;
        history = seen;
        if (seen.steps() != step.index()) {
            throw new IllegalStateException("opposing signals: step " + step.index() + " comes after " + seen.steps()
                    + " steps; it must see every step, and a resumed run its saved state");
        }
        seen.add(losses);
        int t = seen.steps() - 1;
        if (t < 2) {
            return;
        }
        OpposingGroups now = OpposingGroups.select(seen, t, options.size());
        OpposingScores scores = OpposingScores.of(seen, now, options.window());
        sink.put(t, "opposing/outsize", scores.outsize() / scores.uniform());
        sink.put(t, "opposing/top_share", scores.topShare());
        sink.put(t, "opposing/rising", scores.rising());
        sink.put(t, "opposing/cancelling", scores.cancelling());
        OpposingGroups before = OpposingGroups.select(seen, t - 1, options.size());
        sink.put(
                t,
                "opposing/stability",
                OpposingScores.of(seen, before, options.window()).stability());
        int[] byLoss = OpposingGroups.largest(losses, 2 * options.size());
        sink.put(t, "opposing/jaccard_loss", OpposingGroups.jaccard(now.both(), byLoss));
        int selected = t - options.window() - OpposingScores.GAP - 1;
        if (selected >= 1) {
            OpposingScores old =
                    OpposingScores.of(seen, OpposingGroups.select(seen, selected, options.size()), options.window());
            sink.put(t, "opposing/opposition", old.opposition());
            sink.put(t, "opposing/alternation", old.alternation());
        }
        if (options.gradients().at(t)) {
            gradients(step, now);
        }
    }

    private void gradients(Step step, OpposingGroups groups) {
        long t = step.index();
        try (Scope scope = step.scope().child("opposing")) {
            LinearOperator hessian = (v, into) -> step.objective().hvp(step.weights(), v, into);
            ParameterVector top = Lanczos.largest(1)
                    .solve(hessian, step.weights(), rng.fold(t), scope)
                    .vectors()
                    .get(0);
            GroupGradients found = GroupGradients.of(source, step.weights(), groups, top, scope);
            sink.put(t, "opposing/gradient_cos", found.cosine());
            sink.put(t, "opposing/gradient_norm", (found.risingNorm() + found.fallingNorm()) / 2);
            sink.put(t, "opposing/along_rising", found.risingAlong());
            sink.put(t, "opposing/along_falling", found.fallingAlong());
            int[] order = rng.fold(t).fold("control").permutation(source.data().size());
            int k = groups.size();
            OpposingGroups random =
                    new OpposingGroups(groups.step(), Arrays.copyOf(order, k), Arrays.copyOfRange(order, k, 2 * k));
            GroupGradients control = GroupGradients.of(source, step.weights(), random, top, scope);
            sink.put(t, "opposing/random_cos", control.cosine());
            sink.put(t, "opposing/random_norm", (control.risingNorm() + control.fallingNorm()) / 2);
            sink.put(
                    t,
                    "opposing/random_along",
                    (Math.abs(control.risingAlong()) + Math.abs(control.fallingAlong())) / 2);
            int[] byNorm = OpposingGroups.largest(gradientNorms(step), 2 * groups.size());
            sink.put(t, "opposing/jaccard_norm", OpposingGroups.jaccard(groups.both(), byNorm));
            sink.put(t, "opposing/feature_norm", featureNorm(step, groups));
            sink.put(t, "opposing/random_feature_norm", featureNorm(step, random));
        }
    }

    /** Of every sample, some at a time: what a sample's gradient is computed from is larger than the gradient's norm. */
    private double[] gradientNorms(Step step) {
        double[] norms = new double[source.data().size()];
        for (int from = 0; from < norms.length; from += SAMPLES_AT_ONCE) {
            int[] some = IntStream.range(from, Math.min(norms.length, from + SAMPLES_AT_ONCE))
                    .toArray();
            try (Scope scope = step.scope().child("norms")) {
                double[] found = source.samples(step.weights(), scope, some).norms();
                System.arraycopy(found, 0, norms, from, some.length);
            }
        }
        return norms;
    }

    private double featureNorm(Step step, OpposingGroups groups) {
        return Summary.mean(Features.norms(source, step.weights(), step.scope(), groups.both()));
    }

    @Override
    public Map<String, Tensor> capture(Scope into) {
        if (history == null) {
            return Map.of();
        }
        double[] flat = new double[Math.multiplyExact(history.steps(), history.samples())];
        for (int t = 0; t < history.steps(); t++) {
            System.arraycopy(history.losses(t), 0, flat, t * history.samples(), history.samples());
        }
        return Map.of("losses", into.tensor(DType.F32, Shape.of(history.steps(), history.samples()), flat));
    }

    @Override
    public void restore(Map<String, Tensor> captured) {
        if (captured.isEmpty()) {
            history = null;
            return;
        }
        Tensor losses = NamedTensors.require(captured, "losses");
        double[] flat = losses.toDoubles();
        int samples = losses.shape().dim(1);
        LossHistory restored = new LossHistory(samples);
        for (int from = 0; from < flat.length; from += samples) {
            restored.add(Arrays.copyOfRange(flat, from, from + samples));
        }
        history = restored;
    }

    @Override
    public void close() {}
}
