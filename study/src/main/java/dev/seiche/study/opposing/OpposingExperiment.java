package dev.seiche.study.opposing;

import dev.seiche.metrics.BatchGradients;
import dev.seiche.metrics.Finding;
import dev.seiche.metrics.MetricTable;
import dev.seiche.metrics.opposing.LossHistory;
import dev.seiche.metrics.opposing.OpposingGroups;
import dev.seiche.metrics.opposing.OpposingProbe;
import dev.seiche.metrics.opposing.SignalGroup;
import dev.seiche.metrics.statistics.Summary;
import dev.seiche.nn.Network;
import dev.seiche.nn.ParameterVector;
import dev.seiche.nn.data.Dataset;
import dev.seiche.nn.data.LabelledImages;
import dev.seiche.nn.optim.Optimizer;
import dev.seiche.nn.train.Schedule;
import dev.seiche.nn.train.Trainer;
import dev.seiche.nn.train.Training;
import dev.seiche.study.ArrayData;
import dev.seiche.study.RunContext;
import dev.seiche.study.UserException;
import dev.seiche.study.edge.EdgeTraining;
import dev.seiche.study.report.Page;
import dev.seiche.study.setup.TrainingData;
import dev.seiche.study.trial.Experiment;
import dev.seiche.study.trial.Outcomes;
import dev.seiche.study.trial.Plots;
import dev.seiche.study.trial.Trial;
import dev.seiche.study.trial.Workbench;
import dev.seiche.tensor.Rng;
import dev.seiche.tensor.Scope;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Are the oscillations of full-batch training carried by small groups of samples that pull against each other? Rosenfeld and
 * Risteski, ICLR 2024; the selection is mechanised, the scores are ours.
 */
public final class OpposingExperiment implements Experiment<OpposingConfig, TrainingData> {
    /** Pictures of each group on the contact sheet. */
    private static final int PICTURES = 16;

    @Override
    public String name() {
        return "opposing-signals";
    }

    @Override
    public String description() {
        return "opposing signals: groups of samples whose losses swing against each other";
    }

    @Override
    public String title() {
        return "Opposing signals";
    }

    @Override
    public String lead() {
        return "Are the oscillations of full-batch training carried by small groups of samples that pull against each other?";
    }

    @Override
    public Class<OpposingConfig> configType() {
        return OpposingConfig.class;
    }

    @Override
    public TrainingData prepare(OpposingConfig config, RunContext run) {
        TrainingData data = config.data().load(run);
        Network network = config.network().build(data);
        config.train().require(network, data.data().size());
        if (!network.couplings().isEmpty()
                && (config.groups().gradientsEvery() > 0 || config.groups().stepsWithout() > 0)) {
            throw new UserException(("groups have no gradient of their own where batch norm couples the samples (%s);"
                            + " set groups.gradientsEvery=0 groups.stepsWithout=0")
                    .formatted(network.couplings().get(0)));
        }
        if (2 * config.groups().size() > data.data().size()) {
            throw new UserException("groups.size is %d, and two such groups do not fit %d samples; use %d at most"
                    .formatted(
                            config.groups().size(),
                            data.data().size(),
                            data.data().size() / 2));
        }
        return data;
    }

    @Override
    public List<Trial> trials(OpposingConfig config, long firstSeed) {
        List<Trial> trials = new ArrayList<>();
        for (double rate : config.toy().rates()) {
            trials.add(new Trial("toy:rate=" + rate, Map.of("toy_rate", rate), firstSeed));
        }
        for (int s = 0; s < config.seeds(); s++) {
            trials.addAll(OptimizerRace.trials(config.race(), firstSeed + s));
        }
        Map<String, Map<String, Double>> arms = new LinkedHashMap<>();
        config.rates().forEach(rate -> arms.put("rate=" + rate, Map.of("rate", rate)));
        trials.addAll(Trial.all(arms, firstSeed, config.seeds()));
        return trials;
    }

    @Override
    public void measure(OpposingConfig config, TrainingData data, Trial trial, Workbench bench) {
        if (trial.settings().containsKey("toy_rate")) {
            ToyModel.run(
                    trial.settings().getOrDefault("toy_rate", Double.NaN),
                    config.toy().steps(),
                    bench);
            return;
        }
        Network network = config.network().build(data);
        Double bySign = trial.settings().get(OptimizerRace.SHARE);
        if (bySign != null) {
            OptimizerRace.run(config, network, data.data(), bySign, bench);
            return;
        }
        double rate = trial.settings().getOrDefault("rate", Double.NaN);
        BatchGradients source = BatchGradients.of(network, config.train().lossOfSample(), data.data());
        int k = config.groups().size() == 0
                ? OpposingGroups.size(data.data().size())
                : config.groups().size();
        try (EdgeTraining training =
                new EdgeTraining(config.train(), network, data.data(), rate, Optimizer.gradientDescent(), bench)) {
            OpposingProbe opposing = new OpposingProbe(
                    source,
                    new OpposingProbe.Options(
                            k,
                            config.groups().window(),
                            config.groups().gradientsEvery() == 0
                                    ? step -> false
                                    : Schedule.every(config.groups().gradientsEvery())),
                    bench.rng().fold("opposing"),
                    training.recorder());
            Trainer trainer = training.probe(opposing).run();
            training.numbers(2);
            bench.number("outsize_possible", data.data().size() / (2.0 * k));
            scores(training, config, bench);
            groups(opposing.history(), data, k, training, bench);
            if (config.groups().stepsWithout() > 0 && training.onset() != null) {
                without(config, data, network, opposing.history(), k, rate, trainer, bench);
            }
        }
    }

    /** Averages before the onset, and over the steps that oscillate. */
    private static void scores(EdgeTraining training, OpposingConfig config, Workbench bench) {
        Long onset = training.onset();
        long steps = training.steps();
        long lag = config.groups().window() + 4L; // scores of a step come that much later
        long smooth = onset == null ? steps : onset;
        for (String score : List.of("stability", "outsize", "top_share", "rising", "cancelling", "jaccard_loss")) {
            bench.number(
                    score + "@before",
                    training.between("opposing/" + score, 2, smooth).median());
            bench.number(
                    score + "@after",
                    training.oscillating("opposing/" + score, 0).median());
        }
        for (String score : List.of("opposition", "alternation")) {
            bench.number(
                    score + "@before",
                    training.between("opposing/" + score, lag, smooth).median());
            bench.number(
                    score + "@after",
                    training.oscillating("opposing/" + score, lag).median());
        }
        for (String score :
                List.of("gradient_cos", "random_cos", "jaccard_norm", "feature_norm", "random_feature_norm")) {
            bench.number(
                    score + "@after",
                    training.oscillating("opposing/" + score, 0).median());
        }
        if (onset == null) {
            return;
        }
        MetricTable table = training.recorder().table();
        List<Double> ratios = new ArrayList<>();
        List<Double> along = new ArrayList<>();
        List<Double> opposite = new ArrayList<>();
        for (long t : table.column("opposing/gradient_cos").tailMap(onset, true).keySet()) {
            double up = at(table, "opposing/along_rising", t);
            double down = at(table, "opposing/along_falling", t);
            ratios.add(at(table, "opposing/gradient_norm", t) / at(table, "opposing/random_norm", t));
            opposite.add(up * down < 0 ? 1.0 : 0.0);
            along.add((Math.abs(up) + Math.abs(down)) / 2 / at(table, "opposing/random_along", t));
        }
        bench.number("norm_ratio", median(ratios));
        bench.number("along_ratio", median(along));
        bench.number(
                "along_opposite",
                opposite.stream().mapToDouble(x -> x).average().orElse(Double.NaN));
    }

    private static double at(MetricTable table, String name, long step) {
        return table.column(name).getOrDefault(step, Double.NaN);
    }

    private static double median(List<Double> values) {
        return Summary.median(values.stream().mapToDouble(Double::doubleValue).toArray());
    }

    /** Freezes the groups of the last swing, names what they hold, and keeps their curves and pictures. */
    private static void groups(LossHistory history, TrainingData data, int k, EdgeTraining training, Workbench bench) {
        Spikes spikes = Spikes.of(history, k);
        bench.number("spikes", spikes.count());
        bench.number(
                "spikes_with_growth", spikes.count() == 0 ? Double.NaN : spikes.growth() / (double) spikes.count());
        int last = history.steps() - 1;
        Long onset = training.onset();
        int chosen = onset == null ? last / 2 : (int) Math.min(last - 1, training.oscillatingNear((onset + last) / 2));
        OpposingGroups groups = OpposingGroups.select(history, chosen, k);
        bench.number("selected_at", chosen);
        double[] up = history.meanLoss(groups.rising(), 0, history.steps());
        double[] down = history.meanLoss(groups.falling(), 0, history.steps());
        // rows beside those of training: a step has a name once
        for (int t = 0; t < history.steps(); t++) {
            training.recorder().keep(t, "groups/rising", up[t]);
            training.recorder().keep(t, "groups/falling", down[t]);
        }
        Map<String, ArrayData> arrays = new LinkedHashMap<>();
        arrays.put("rising_loss", ArrayData.of(up));
        arrays.put("falling_loss", ArrayData.of(down));
        arrays.put("rising", ArrayData.of(groups.rising()));
        arrays.put("falling", ArrayData.of(groups.falling()));
        LabelledImages images = data.images();
        if (images != null) {
            int[] labels = images.labels();
            int to = Math.min(history.steps(), chosen + 21);
            List<SignalGroup> split = to - chosen < 4
                    ? List.of()
                    : SignalGroup.bySigns(history, groups.both(), labels, Math.max(1, chosen), to, 0.5);
            bench.number("signal_groups", split.size());
            bench.number("purity", split.isEmpty() ? Double.NaN : split.get(0).purity());
            arrays.put(
                    "class_names",
                    ArrayData.ofBytes(String.join("\n", images.classNames()).getBytes(StandardCharsets.UTF_8)));
            arrays.put("rising_images", pictures(images, groups.rising()));
            arrays.put("falling_images", pictures(images, groups.falling()));
            arrays.put("rising_labels", ArrayData.of(labelsOf(labels, groups.rising())));
            arrays.put("falling_labels", ArrayData.of(labelsOf(labels, groups.falling())));
        }
        GroupWords.add(groups, data, arrays, bench);
        arrays.put("losses", losses(history));
        bench.arrays("groups", arrays);
    }

    /** Of every sample at every step, [steps, samples]. */
    private static ArrayData losses(LossHistory history) {
        int samples = history.samples();
        float[] all = new float[Math.multiplyExact(history.steps(), samples)];
        for (int i = 0; i < all.length; i++) {
            all[i] = (float) history.loss(i / samples, i % samples);
        }
        return ArrayData.of(all, history.steps(), samples);
    }

    private static int[] labelsOf(int[] labels, int[] samples) {
        return Arrays.stream(samples).map(i -> labels[i]).toArray();
    }

    private static ArrayData pictures(LabelledImages images, int[] samples) {
        int count = Math.min(PICTURES, samples.length);
        byte[] all = new byte[count * images.imageSize()];
        for (int i = 0; i < count; i++) {
            System.arraycopy(images.image(samples[i]), 0, all, i * images.imageSize(), images.imageSize());
        }
        return ArrayData.ofBytes(all, count, images.height(), images.width(), images.channels());
    }

    /** Goes on from the end without the selected samples, and without as many random ones: what becomes of the sharpness? */
    private static void without(
            OpposingConfig config,
            TrainingData data,
            Network network,
            LossHistory history,
            int k,
            double rate,
            Trainer trainer,
            Workbench bench) {
        int[] selected = OpposingGroups.select(history, history.steps() - 1, k).both();
        measureWithout("without_selected", config, data.data().without(selected), network, rate, trainer, bench);
        double[] sharpness = new double[config.groups().randomSets()];
        for (int set = 0; set < sharpness.length; set++) {
            Rng rng = bench.rng().fold("without").fold(set);
            int[] random = Arrays.copyOf(rng.permutation(data.data().size()), selected.length);
            Dataset rest = data.data().without(random);
            if (set == 0) {
                measureWithout("without_random", config, rest, network, rate, trainer, bench);
            }
            sharpness[set] = sharpness(config, rest, network, trainer.weights(), bench, bench.scope());
        }
        bench.number("without_random/sharpness_at_once", Summary.mean(sharpness));
        bench.number("without_random/sharpness_least", Summary.of(sharpness).min());
    }

    private static void measureWithout(
            String name,
            OpposingConfig config,
            Dataset rest,
            Network network,
            double rate,
            Trainer trainer,
            Workbench bench) {
        try (Scope scope = bench.scope().child(name)) {
            ParameterVector weights = trainer.weights().keep(scope);
            bench.number(name + "/sharpness_at_once", sharpness(config, rest, network, weights, bench, scope));
            Trainer further = Training.of(network, config.train().lossOfSample(), rest)
                    .microBatches(Math.min(config.train().microBatch(), rest.size()))
                    .learningRate(rate)
                    .start(scope, weights, network.initStatistics(scope, weights.dtype()), Rng.seed(0));
            further.run(config.groups().stepsWithout());
            bench.number(name + "/stability", rate * sharpness(config, rest, network, further.weights(), bench, scope));
        }
    }

    private static double sharpness(
            OpposingConfig config,
            Dataset data,
            Network network,
            ParameterVector weights,
            Workbench bench,
            Scope scope) {
        try (Scope step = scope.child("sharpness")) {
            return config.train()
                    .sharpest(network, data, weights, bench.rng().fold("lanczos"), step)
                    .top();
        }
    }

    @Override
    public List<Finding> findings(OpposingConfig config, Outcomes outcomes) {
        return new OpposingClaims(outcomes).findings();
    }

    @Override
    public List<Shown> shown() {
        return OpposingCharts.SHOWN;
    }

    @Override
    public List<Page.Section> sections(Outcomes outcomes, Plots plots) {
        return OpposingCharts.sections(outcomes, plots);
    }
}
