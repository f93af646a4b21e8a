package dev.seiche.study.four;

import dev.seiche.metrics.BatchGradients;
import dev.seiche.metrics.Finding;
import dev.seiche.metrics.confusion.BatchPairs;
import dev.seiche.metrics.confusion.Confusion;
import dev.seiche.metrics.curvature.Spectrum;
import dev.seiche.metrics.opposing.GroupGradients;
import dev.seiche.metrics.opposing.LossHistory;
import dev.seiche.metrics.opposing.OpposingGroups;
import dev.seiche.metrics.opposing.OpposingProbe;
import dev.seiche.metrics.opposing.OpposingScores;
import dev.seiche.metrics.oscillation.OscillationNames;
import dev.seiche.metrics.statistics.Summary;
import dev.seiche.metrics.tail.GradientNoise;
import dev.seiche.metrics.tail.NoiseSampling;
import dev.seiche.metrics.tail.TailReading;
import dev.seiche.nn.Network;
import dev.seiche.nn.ParameterVector;
import dev.seiche.nn.data.Dataset;
import dev.seiche.nn.optim.Optimizer;
import dev.seiche.nn.train.Trainer;
import dev.seiche.study.RunContext;
import dev.seiche.study.UserException;
import dev.seiche.study.edge.EdgeChart;
import dev.seiche.study.edge.EdgeTraining;
import dev.seiche.study.report.Figure;
import dev.seiche.study.report.Figure.Axis;
import dev.seiche.study.report.Figure.Span;
import dev.seiche.study.report.Page;
import dev.seiche.study.setup.TrainingData;
import dev.seiche.study.trial.Experiment;
import dev.seiche.study.trial.Judgement;
import dev.seiche.study.trial.Outcomes;
import dev.seiche.study.trial.Plots;
import dev.seiche.study.trial.Trial;
import dev.seiche.study.trial.Workbench;
import dev.seiche.tensor.Scope;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.NavigableMap;

/**
 * One checkpoint, four readings: freezes training while its gradients oscillate and measures there the oscillation, the
 * opposing groups, confusion of mini-batches and the tails of their noise; then the last two and the sharpness again without
 * the selected samples, and without as many random ones.
 */
public final class FourExperiment implements Experiment<FourConfig, TrainingData> {
    private static final List<String> SETS = List.of("all", "without_selected", "without_random");

    @Override
    public String name() {
        return "four-in-one";
    }

    @Override
    public String description() {
        return "all four metrics at one oscillating checkpoint, with and without the opposing samples";
    }

    @Override
    public String title() {
        return "Four readings of one moment";
    }

    @Override
    public String lead() {
        return "Are oscillating gradients, opposing samples, confused mini-batches and heavy-tailed noise four views of the same"
                + " thing? If so, taking the opposing samples away should change the other three.";
    }

    @Override
    public Class<FourConfig> configType() {
        return FourConfig.class;
    }

    @Override
    public TrainingData prepare(FourConfig config, RunContext run) {
        TrainingData data = config.data().load(run);
        if (2 * config.measure().batch() > data.data().size() / 2) {
            throw new UserException("measure.batch is %d, too large for pairs among %d samples; use a quarter at most"
                    .formatted(config.measure().batch(), data.data().size()));
        }
        return data;
    }

    @Override
    public List<Trial> trials(FourConfig config, long firstSeed) {
        Map<String, Map<String, Double>> arms = new LinkedHashMap<>();
        config.rates().forEach(rate -> arms.put("rate=" + rate, Map.of("rate", rate)));
        return Trial.all(arms, firstSeed, config.seeds());
    }

    @Override
    public void measure(FourConfig config, TrainingData data, Trial trial, Workbench bench) {
        double rate = trial.settings().getOrDefault("rate", Double.NaN);
        Network network = config.network().build(data);
        BatchGradients source = BatchGradients.of(network, config.train().lossOfSample(), data.data());
        int k = config.measure().groupSize() == 0
                ? OpposingGroups.size(data.data().size())
                : config.measure().groupSize();
        try (EdgeTraining training =
                new EdgeTraining(config.train(), network, data.data(), rate, Optimizer.gradientDescent(), bench)) {
            OpposingProbe opposing = new OpposingProbe(
                    source,
                    new OpposingProbe.Options(k, 8, step -> false),
                    bench.rng().fold("opposing"),
                    training.recorder());
            Trainer trainer = training.probe(opposing).run();
            training.numbers(2);
            NavigableMap<Long, Double> cosines = training.recorder().table().column(OscillationNames.COS);
            bench.number("cos_now", cosines.lastEntry().getValue());
            atCheckpoint(config, data.data(), network, source, opposing.history(), k, trainer.weights(), bench);
        }
    }

    private static void atCheckpoint(
            FourConfig config,
            Dataset data,
            Network network,
            BatchGradients source,
            LossHistory history,
            int k,
            ParameterVector weights,
            Workbench bench) {
        // the changes of the last step that was taken, and J of the one before, whose next step is known
        OpposingGroups groups = OpposingGroups.select(history, history.steps() - 1, k);
        OpposingScores last = OpposingScores.of(history, groups, 8);
        OpposingScores before = OpposingScores.of(history, OpposingGroups.select(history, history.steps() - 2, k), 8);
        OpposingScores earlier = OpposingScores.of(history, OpposingGroups.select(history, history.steps() - 13, k), 8);
        bench.number("J", before.stability());
        bench.number("R", earlier.opposition());
        bench.number("A", earlier.alternation());
        bench.number("Z", last.outsize() / last.uniform());
        try (Scope scope = bench.scope().child("checkpoint")) {
            Spectrum all =
                    config.train().sharpest(network, data, weights, bench.rng().fold("lanczos"), scope);
            GroupGradients found =
                    GroupGradients.of(source, weights, groups, all.vectors().get(0), scope);
            bench.number("C", found.cosine());
            bench.number("V_rising", found.risingAlong());
            bench.number("V_falling", found.fallingAlong());
            read(config, network, data, weights, bench, scope)
                    .forEach((name, value) -> bench.number("all/" + name, value));
            read(config, network, data.without(groups.both()), weights, bench, scope)
                    .forEach((name, value) -> bench.number("without_selected/" + name, value));
            Map<String, double[]> random = new LinkedHashMap<>();
            int sets = config.measure().randomSets();
            for (int set = 0; set < sets; set++) {
                int[] some = Arrays.copyOf(bench.rng().fold("random").fold(set).permutation(data.size()), 2 * k);
                for (var one : read(config, network, data.without(some), weights, bench, scope)
                        .entrySet()) {
                    random.computeIfAbsent(one.getKey(), name -> new double[sets])[set] = one.getValue();
                }
            }
            random.forEach((name, values) -> {
                Summary spread = Summary.of(values);
                bench.number("without_random/" + name, spread.mean());
                bench.number("lowest_random/" + name, spread.min());
                bench.number("highest_random/" + name, spread.max());
            });
        }
    }

    /** Sharpness, confusion and tails on some samples. */
    private static Map<String, Double> read(
            FourConfig config, Network network, Dataset data, ParameterVector weights, Workbench bench, Scope parent) {
        FourConfig.Measure measure = config.measure();
        BatchGradients source = BatchGradients.of(network, config.train().lossOfSample(), data);
        Map<String, Double> found = new LinkedHashMap<>();
        try (Scope scope = parent.child("reading")) {
            found.put(
                    "sharpness",
                    config.train()
                            .sharpest(network, data, weights, bench.rng().fold("lanczos"), scope)
                            .top());
            // the same keys for all sets: what differs is the samples
            Confusion pairs = new BatchPairs(measure.batch(), measure.pairs())
                    .measure(source, weights, bench.rng().fold("pairs"), scope);
            found.put("min_cos", pairs.summary().min());
            found.put("median_cos", pairs.summary().median());
            found.put("negative", pairs.negative());
            GradientNoise noise = new NoiseSampling(measure.batch(), measure.coordinates())
                    .random(source, measure.draws(), weights, bench.rng().fold("noise"), scope);
            TailReading tails =
                    TailReading.of(noise, measure.nulls(), bench.rng().fold("tails"));
            found.put("official", tails.official());
            found.put("corrected", tails.corrected());
            found.put("corrected_gaussian", tails.correctedNull());
            found.put("kurtosis", tails.kurtosis());
        }
        return found;
    }

    @Override
    public List<Finding> findings(FourConfig config, Outcomes outcomes) {
        Outcomes moving = outcomes.where(o -> o.number("cos_now") < -0.5);
        return List.of(
                coincide(moving),
                removal(
                        "P6.1",
                        "Without the selected samples the smallest cosine of pairs of mini-batches is higher than without any of several"
                                + " sets of as many random ones.",
                        "min_cos",
                        1,
                        moving),
                removal(
                        "P6.2",
                        "Without the selected samples the corrected tail index is higher (lighter tails) than without any"
                                + " of several sets of as many random ones.",
                        "corrected",
                        1,
                        moving),
                removal(
                        "P6.3",
                        "Without the selected samples the sharpness is lower than without any of several sets of as many"
                                + " random ones.",
                        "sharpness",
                        -1,
                        moving));
    }

    private static Finding coincide(Outcomes moving) {
        Judgement claim = Judgement.of(
                        "P6.0",
                        "At a checkpoint whose gradients oscillate, the groups swing (J > 0.7), their gradients oppose each other"
                                + " (C < 0) and lie along the sharpest direction with opposite signs.")
                .needing("no arm oscillates at its last step; choose a larger rate or more steps");
        return claim.with(moving, "cos_now", "J", "R", "A", "Z", "C", "V_rising", "V_falling")
                .byOutcome(
                        moving,
                        o -> o.number("J") > 0.7
                                && o.number("C") < 0
                                && o.number("V_rising") * o.number("V_falling") < 0);
    }

    private static Finding removal(String id, String statement, String number, int sign, Outcomes moving) {
        Judgement claim = Judgement.of(id, statement)
                .needing("no arm oscillates at its last step; choose a larger rate or more steps");
        String beaten = sign > 0 ? "highest_random" : "lowest_random";
        for (String arm : moving.arms()) {
            for (String set : List.of("all", "without_selected", "without_random", beaten)) {
                claim.with(arm + "/" + set + " " + number, moving.arm(arm).spread(set + "/" + number));
            }
        }
        return claim.byOutcome(moving, o -> {
            double difference = o.number("without_selected/" + number) - o.number(beaten + "/" + number);
            return Double.isNaN(difference) ? null : sign * difference > 0;
        });
    }

    @Override
    public List<Shown> shown() {
        return List.of(
                new Shown("cosine at the checkpoint", "cos_now"),
                new Shown("J", "J"),
                new Shown("R", "R"),
                new Shown("Z", "Z"),
                new Shown("C", "C"),
                new Shown("smallest cosine of pairs", "all/min_cos"),
                new Shown("tail index, published", "all/official"),
                new Shown("corrected", "all/corrected"),
                new Shown("sharpness", "all/sharpness"));
    }

    @Override
    public List<Page.Section> sections(Outcomes outcomes, Plots plots) {
        return List.of(
                new Page.Section(
                        "With and without the selected samples",
                        "The same weights, measured on all samples, without the two selected groups, and without as many random"
                                + " samples (the mean over several such sets). Means over seeds; lines are one standard deviation over seeds up and down.",
                        removals(outcomes)),
                new Page.Section("The way there", "", way(plots)));
    }

    private static List<Figure> removals(Outcomes outcomes) {
        Map<String, String> names = new LinkedHashMap<>();
        names.put("sharpness", "Sharpness");
        names.put("min_cos", "Smallest cosine of pairs");
        names.put("median_cos", "Median cosine of pairs");
        names.put("corrected", "Corrected tail index");
        names.put("official", "Published tail index");
        names.put("kurtosis", "Mean excess kurtosis");
        List<Figure> figures = new ArrayList<>();
        if (outcomes.all().isEmpty()) {
            return figures;
        }
        names.forEach((number, title) -> {
            List<Figure.Bars> bars = new ArrayList<>();
            for (String set : SETS) {
                List<Summary> found = outcomes.arms().stream()
                        .map(arm -> outcomes.arm(arm).spread(set + "/" + number))
                        .toList();
                bars.add(new Figure.Bars(
                        set.replace('_', ' '),
                        bars.size(),
                        found.stream().map(Summary::mean).toList(),
                        found.stream().map(Summary::deviation).toList()));
            }
            figures.add(new Figure.BarChart(
                    "removal-" + number.replace('_', '-'),
                    title,
                    "",
                    Span.THIRD,
                    Axis.linear(title.toLowerCase(Locale.ROOT)),
                    outcomes.arms(),
                    bars,
                    List.of()));
        });
        return figures;
    }

    private static List<Figure> way(Plots plots) {
        List<Figure> figures = new ArrayList<>();
        EdgeChart.COSINE
                .of(plots, "cosine", "Cosine of adjacent gradients", plots.arms())
                .ifPresent(figures::add);
        EdgeChart.STABILITY
                .of(plots, "stability", "Rate times sharpness", plots.arms(), 2.0)
                .ifPresent(figures::add);
        EdgeChart.LOSS.of(plots, "loss", "Loss", plots.arms()).ifPresent(figures::add);
        EdgeChart.GROUPS
                .of(plots, "swing", "Stability J of the groups", plots.arms())
                .ifPresent(figures::add);
        return figures;
    }
}
