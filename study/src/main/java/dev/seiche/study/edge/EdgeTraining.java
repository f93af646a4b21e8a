package dev.seiche.study.edge;

import dev.seiche.metrics.curvature.Lanczos;
import dev.seiche.metrics.curvature.SharpnessProbe;
import dev.seiche.metrics.oscillation.OscillationNames;
import dev.seiche.metrics.oscillation.OscillationProbe;
import dev.seiche.metrics.statistics.Summary;
import dev.seiche.nn.Network;
import dev.seiche.nn.data.Dataset;
import dev.seiche.nn.optim.Optimizer;
import dev.seiche.nn.train.Probe;
import dev.seiche.nn.train.Schedule;
import dev.seiche.nn.train.Trainer;
import dev.seiche.nn.train.Training;
import dev.seiche.study.trial.Recorder;
import dev.seiche.study.trial.Workbench;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import org.jspecify.annotations.Nullable;

/**
 * One training on the full batch with the cosine of adjacent gradients at every step and the sharpness at some, recorded and
 * kept. Owns the probes' memory.
 */
public final class EdgeTraining implements AutoCloseable {
    /** A cosine below this begins the oscillation. */
    private static final double ONSET = -0.5;

    private final FullBatch config;
    private final Workbench bench;
    private final Recorder recorder;
    private final OscillationProbe oscillation;
    private final SharpnessProbe sharpness;
    private Training recipe;

    /**
     * What to train.
     *
     * @param optimizer {@link Optimizer#gradientDescent}, or one with momentum
     */
    public EdgeTraining(
            FullBatch config, Network network, Dataset data, double rate, Optimizer optimizer, Workbench bench) {
        this.config = config;
        this.bench = bench;
        this.recorder = new Recorder(bench);
        var options = new OscillationProbe.Options(1, 0, null);
        this.oscillation =
                new OscillationProbe(network.parameters(), options, bench.rng().fold("probe"), bench.scope(), recorder);
        this.sharpness = new SharpnessProbe(
                network.parameters(),
                Lanczos.largest(2).withTolerance(1e-3),
                config.sharpnessEvery() == 0 ? step -> false : Schedule.every(config.sharpnessEvery()),
                bench.rng().fold("probe"),
                bench.scope(),
                recorder);
        config.require(network, data.size());
        Training cut = Training.of(network, config.lossOfSample(), data)
                .microBatches(Math.min(config.microBatch(), data.size()));
        this.recipe = (config.ghostNorm() ? cut.normalisingPerMicroBatch() : cut)
                .optimizer(optimizer)
                .learningRate(rate)
                .probe(oscillation)
                .probe(sharpness);
    }

    /** Another observer, which may emit into {@link #recorder}. */
    public EdgeTraining probe(Probe probe) {
        recipe = recipe.probe(probe);
        return this;
    }

    /** Keeps what probes emit. */
    public Recorder recorder() {
        return recorder;
    }

    /** Trains for all steps, or as long as the time allows. */
    public Trainer run() {
        Trainer trainer = recipe.probe(recorder)
                .probe(bench.watch(Schedule.everyStep(), config.steps()))
                .start(bench.scope(), config.type(), bench.rng());
        bench.train(trainer, config.steps(), config.checkpointEvery(), config.minutes());
        return trainer;
    }

    /** Steps that were trained: fewer than were asked for where the time was over. */
    public long steps() {
        return recorder.table().column("loss").size();
    }

    /** The first step whose gradient points against the one before by a cosine below -0.5, or null. */
    public @Nullable Long onset() {
        return recorder.table().column(OscillationNames.COS).entrySet().stream()
                .filter(entry -> entry.getValue() < ONSET)
                .map(Map.Entry::getKey)
                .findFirst()
                .orElse(null);
    }

    /**
     * What was measured while gradients oscillated, at steps whose cosine is below -0.5, NaN left out.
     *
     * @param lag of which the cosine so many steps before was too
     */
    public Summary oscillating(String name, long lag) {
        NavigableMap<Long, Double> cosines = recorder.table().column(OscillationNames.COS);
        return Summary.of(recorder.table().column(name).entrySet().stream()
                .filter(entry -> cosines.getOrDefault(entry.getKey(), 1.0) < ONSET
                        && cosines.getOrDefault(entry.getKey() - lag, 1.0) < ONSET)
                .mapToDouble(Map.Entry::getValue)
                .toArray());
    }

    /** The step whose cosine is below -0.5 and that is nearest to another; that one itself where there is none. */
    public long oscillatingNear(long step) {
        return recorder.table().column(OscillationNames.COS).entrySet().stream()
                .filter(entry -> entry.getValue() < ONSET)
                .map(Map.Entry::getKey)
                .min(Comparator.comparingLong(t -> Math.abs(t - step)))
                .orElse(step);
    }

    /** What was measured at steps {@code from} (included) to {@code to} (excluded), NaN left out. */
    public Summary between(String name, long from, long to) {
        if (to <= from) {
            return Summary.of();
        }
        return Summary.of(recorder.table().column(name).subMap(from, true, to, false).values().stream()
                .mapToDouble(Double::doubleValue)
                .toArray());
    }

    /**
     * Numbers of the trial: losses, cosines, onset and sharpness.
     *
     * @param limit eta times sharpness beyond which the optimizer is unstable: 2 for gradient descent
     */
    public void numbers(double limit) {
        NavigableMap<Long, Double> losses = recorder.table().column("loss");
        NavigableMap<Long, Double> scaled = recorder.table().column(OscillationNames.ETA_SHARPNESS);
        long steps = steps();
        Long onset = onset();
        if (config.minutes() > 0) {
            bench.number("steps", (double) steps);
        }
        bench.number("first_loss", losses.firstEntry().getValue());
        bench.number("last_loss", losses.lastEntry().getValue());
        bench.number("rising", rising(List.copyOf(losses.values())));
        bench.number("min_cos", between(OscillationNames.COS, 1, steps).min());
        bench.number("onset", onset == null ? Double.NaN : onset.doubleValue());
        bench.number(
                "stability_first",
                scaled.isEmpty() ? Double.NaN : scaled.firstEntry().getValue());
        bench.number(
                "stability_peak",
                between(OscillationNames.ETA_SHARPNESS, 0, steps).max());
        bench.number(
                "stability_late",
                between(OscillationNames.ETA_SHARPNESS, steps / 2, steps).median());
        bench.number(
                "stability_last",
                scaled.isEmpty() ? Double.NaN : scaled.lastEntry().getValue());
        bench.number(
                "crossing",
                scaled.entrySet().stream()
                        .filter(entry -> entry.getValue() >= limit)
                        .mapToDouble(Map.Entry::getKey)
                        .findFirst()
                        .orElse(Double.NaN));
        bench.number("limit", limit);
        bench.number(
                "sharpness_first", between(OscillationNames.SHARPNESS, 0, 1).median());
        bench.number(
                "sharpness_peak", between(OscillationNames.SHARPNESS, 0, steps).max());
        bench.number(
                "oscillating",
                onset == null
                        ? 0
                        : recorder.table().column(OscillationNames.COS).tailMap(onset, true).values().stream()
                                        .filter(c -> c < -0.9)
                                        .count()
                                / (double) (steps - onset));
    }

    private static double rising(List<Double> losses) {
        int rises = 0;
        for (int t = 1; t < losses.size(); t++) {
            rises += losses.get(t) > losses.get(t - 1) ? 1 : 0;
        }
        return rises / (double) Math.max(1, losses.size() - 1);
    }

    @Override
    public void close() {
        sharpness.close();
        oscillation.close();
    }
}
