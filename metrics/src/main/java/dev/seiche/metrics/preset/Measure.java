package dev.seiche.metrics.preset;

import dev.seiche.metrics.BatchGradients;
import dev.seiche.metrics.LossProbe;
import dev.seiche.metrics.Metric;
import dev.seiche.metrics.MetricSink;
import dev.seiche.metrics.Need;
import dev.seiche.metrics.coherence.SampleProbe;
import dev.seiche.metrics.confusion.BatchPairs;
import dev.seiche.metrics.confusion.ConfusionProbe;
import dev.seiche.metrics.curvature.BatchSharpnessProbe;
import dev.seiche.metrics.curvature.CurvatureProbe;
import dev.seiche.metrics.curvature.Lanczos;
import dev.seiche.metrics.curvature.SharpnessProbe;
import dev.seiche.metrics.example.ExampleProbe;
import dev.seiche.metrics.example.ForgettingProbe;
import dev.seiche.metrics.example.InfluenceProbe;
import dev.seiche.metrics.example.TracInProbe;
import dev.seiche.metrics.kernel.KernelProbe;
import dev.seiche.metrics.landscape.LossChangeProbe;
import dev.seiche.metrics.landscape.StepScanProbe;
import dev.seiche.metrics.opposing.OpposingGroups;
import dev.seiche.metrics.opposing.OpposingProbe;
import dev.seiche.metrics.oscillation.OscillationProbe;
import dev.seiche.metrics.output.FeatureProbe;
import dev.seiche.metrics.output.InputProbe;
import dev.seiche.metrics.output.ProbeInputs;
import dev.seiche.metrics.output.ShatteringProbe;
import dev.seiche.metrics.tail.IterateProbe;
import dev.seiche.metrics.tail.TailProbe;
import dev.seiche.metrics.weight.WeightProbe;
import dev.seiche.nn.train.Schedule;
import dev.seiche.tensor.DType;
import dev.seiche.tensor.Rng;
import dev.seiche.tensor.Scope;
import dev.seiche.tensor.Shape;
import dev.seiche.tensor.TensorType;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** What can be measured in a training run: a probe with its usual options, its schedule, and the entries that it records. */
public enum Measure {
    /** Loss and accuracy. */
    LOSS(1, TrainingEntries.LOSS, at -> new LossProbe(at.schedule(), at.sink)),
    /** Cosines of adjacent gradients; predicted, of further steps, and of what spectrum where asked for. */
    OSCILLATION(1, OscillationEntries.OSCILLATION, Measure::oscillation),
    /** Groups of samples that swing against each other; full batches only. */
    OPPOSING(1, OscillationEntries.OPPOSING, Measure::opposing),
    /** Forgetting events; full batches only. */
    FORGETTING(1, TrainingEntries.FORGETTING, at -> new ForgettingProbe(at.sink)),
    /** Outputs for images of one colour. */
    PROBES(
            1,
            TrainingEntries.PROBES,
            at -> new InputProbe(at.source, ProbeInputs.colours(at.source.data(), at.parent), at.schedule(), at.sink)),
    /** Lengths of features. */
    FEATURES(50, TrainingEntries.FEATURES, at -> new FeatureProbe(at.source, Opening.MANY, at.schedule(), at.sink)),
    /** Confusion, stiffness, coherence and noise of a step's samples. */
    SAMPLES(50, SampleEntries.SAMPLES, at -> new SampleProbe(Opening.SOME, at.schedule(), at.sink)),
    /** How hard examples are. */
    EXAMPLES(50, SampleEntries.EXAMPLES, at -> new ExampleProbe(at.source, Opening.SOME, at.schedule(), at.sink)),
    /** Influence by following training. */
    TRACIN(50, SampleEntries.TRACIN, at -> new TracInProbe(at.source, Opening.SOME, at.every, at.sink)),
    /** Influence by the curvature. */
    INFLUENCE(
            50,
            SampleEntries.INFLUENCE,
            at -> new InfluenceProbe(at.source, InfluenceProbe.Options.defaults(), at.schedule(), at.sink)),
    /** The tangent kernel. */
    KERNEL(50, SampleEntries.KERNEL, at -> new KernelProbe(at.source, Opening.FEW, at.schedule(), at.sink)),
    /** Confusion and noise of mini-batches. */
    CONFUSION(
            50,
            SampleEntries.CONFUSION,
            at -> new ConfusionProbe(at.source, new BatchPairs(at.batch(), 100), at.schedule(), at.rng, at.sink)),
    /** Tail indices of gradient noise. */
    TAIL(
            50,
            TailEntries.TAIL,
            at -> new TailProbe(at.source, TailProbe.Options.of(at.batch()), at.schedule(), at.rng, at.sink)),
    /** Tail indices of averaged weights; the schedule is the window of the average. */
    ITERATES(
            100,
            TailEntries.ITERATES,
            at -> new IterateProbe(at.source.network().parameters(), Math.toIntExact(at.every), at.parent, at.sink)),
    /** Top Hessian eigenvalues. */
    SHARPNESS(
            50,
            CurvatureEntries.SHARPNESS,
            at -> new SharpnessProbe(
                    at.source.network().parameters(), Lanczos.largest(2), at.schedule(), at.rng, at.parent, at.sink)),
    /** Traces and densities. */
    CURVATURE(
            50,
            CurvatureEntries.CURVATURE,
            at -> new CurvatureProbe(CurvatureProbe.Options.defaults(), at.schedule(), at.rng, at.sink)),
    /** Curvature of mini-batches along their own gradients. */
    BATCH_SHARPNESS(
            50,
            CurvatureEntries.BATCH_SHARPNESS,
            at -> new BatchSharpnessProbe(at.source, at.batch(), 10, at.schedule(), at.rng, at.sink)),
    /** The loss along the gradient. */
    LANDSCAPE(50, CurvatureEntries.LANDSCAPE, at -> new StepScanProbe(at.schedule(), at.sink)),
    /** The spectrum of weight matrices. */
    WEIGHTS(50, TrainingEntries.WEIGHTS, at -> new WeightProbe(at.schedule(), at.sink)),
    /** How alike gradients of near inputs are. */
    SHATTERING(50, TrainingEntries.SHATTERING, at -> new ShatteringProbe(at.source, at.schedule(), at.sink)),
    /** The change of the loss by layer. */
    LCA(1, CurvatureEntries.LCA, at -> new LossChangeProbe(at.source.network().parameters(), at.parent, at.sink));

    /** Measures that compare adjacent steps: they see every step, and a schedule thins what is recorded. */
    private static final Set<Measure> ADJACENT = EnumSet.of(OSCILLATION, OPPOSING, FORGETTING, LCA);

    private final int usual;
    private final String lines;

    @SuppressWarnings("ImmutableEnumChecker") // functions that capture nothing
    private final Opener opener;

    @FunctionalInterface
    private interface Opener {
        Metric open(Opening at);
    }

    /**
     * What a measure is opened with.
     *
     * @param every  steps between measurements
     * @param wanted names that are to be recorded
     */
    record Opening(
            BatchGradients source, Scope parent, long every, Predicate<String> wanted, Rng rng, MetricSink sink) {
        /** Samples of a kernel, whose rows are samples times outputs. */
        static final int FEW = 16;

        /** Samples of a Gram matrix. */
        static final int SOME = 64;

        /** Samples of a forward pass. */
        static final int MANY = 1000;

        private static final int MOST_IN_A_BATCH = 128;

        Schedule schedule() {
            return Schedule.every(every);
        }

        /** Samples of a mini-batch, so that two find room. */
        int batch() {
            return Math.min(MOST_IN_A_BATCH, source.data().size() / 4);
        }
    }

    Measure(int usual, String lines, Opener opener) {
        this.usual = usual;
        this.lines = lines;
        this.opener = opener;
    }

    /** Its name on the command line: {@code batch-sharpness}. */
    public String word() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** Steps between two measurements, where nothing else is asked for. */
    public int usual() {
        return usual;
    }

    /** What it records. */
    public List<Entry> entries() {
        return Catalogue.parse(lines);
    }

    /** The costliest of what each of its entries asks a step for. */
    public Set<Need> needs() {
        Set<Need> needs = EnumSet.noneOf(Need.class);
        entries()
                .forEach(entry -> needs.add(
                        Need.valueOf(entry.need().toUpperCase(Locale.ROOT).replace('-', '_'))));
        return needs;
    }

    /** Whether it follows the same samples from step to step, and so needs full batches. */
    public boolean fullBatchOnly() {
        return this == OPPOSING || this == FORGETTING;
    }

    /** Why it says nothing about these data or this network; null where it does. */
    public @Nullable String misfit(BatchGradients source) {
        return switch (this) {
            case CONFUSION, TAIL, BATCH_SHARPNESS ->
                source.data().size() < 4
                        ? "two mini-batches need 4 samples, there are "
                                + source.data().size()
                        : null;
            case PROBES -> source.data().inputs().dtype(DType.F64).floating() ? null : "whole numbers have no colour";
            case SHATTERING -> {
                boolean line = source.data().inputs().dtype(DType.F64).floating()
                        && source.data().size() > 1;
                yield line ? null : "a line needs two examples of floating numbers";
            }
            case KERNEL -> {
                Shape one = Shape.of(1).concat(source.data().inputs().shape());
                TensorType in = new TensorType(source.data().inputs().dtype(DType.F32), one);
                int rank = source.network().outputType(in).shape().rank();
                yield rank == 2 ? null : "it needs outputs [B, C], these have " + rank + " axes";
            }
            default -> null;
        };
    }

    Metric open(Opening at) {
        if (!ADJACENT.contains(this)) {
            return opener.open(at);
        }
        MetricSink thinned = (step, name, value) -> {
            if (step % at.every == 0) {
                at.sink.put(step, name, value);
            }
        };
        return opener.open(new Opening(at.source, at.parent, at.every, at.wanted, at.rng, thinned));
    }

    private static Metric oscillation(Opening at) {
        boolean lags = at.wanted.test("grad/cos_lag/2");
        boolean spectral = at.wanted.test("grad/spectral");
        boolean predicted = at.wanted.test("grad/cos_predicted") || at.wanted.test("sharpness/gradient");
        OscillationProbe.Options options =
                new OscillationProbe.Options(lags ? 4 : 1, spectral ? 4 : 0, predicted ? Schedule.everyStep() : null);
        return new OscillationProbe(
                at.source.network().parameters(), options, at.rng.fold("oscillation"), at.parent, at.sink);
    }

    private static Metric opposing(Opening at) {
        boolean gradients = at.wanted.test("opposing/gradient_cos")
                || at.wanted.test("opposing/along_rising")
                || at.wanted.test("opposing/random_norm")
                || at.wanted.test("opposing/jaccard_norm")
                || at.wanted.test("opposing/feature_norm");
        OpposingProbe.Options options = new OpposingProbe.Options(
                OpposingGroups.size(at.source.data().size()),
                20,
                gradients ? Schedule.every(at.every == 1 ? 50 : at.every) : step -> false);
        return new OpposingProbe(at.source, options, at.rng, at.sink);
    }
}
