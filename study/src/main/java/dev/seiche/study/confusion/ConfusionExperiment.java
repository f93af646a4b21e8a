package dev.seiche.study.confusion;

import dev.seiche.metrics.BatchGradients;
import dev.seiche.metrics.Finding;
import dev.seiche.metrics.confusion.BatchPairs;
import dev.seiche.metrics.confusion.Confusion;
import dev.seiche.metrics.statistics.Summary;
import dev.seiche.nn.Loss;
import dev.seiche.nn.Network;
import dev.seiche.nn.ParameterVector;
import dev.seiche.nn.PerSample;
import dev.seiche.nn.data.Batch;
import dev.seiche.nn.data.Dataset;
import dev.seiche.nn.train.History;
import dev.seiche.nn.train.Probe;
import dev.seiche.nn.train.Schedule;
import dev.seiche.nn.train.Step;
import dev.seiche.nn.train.Trainer;
import dev.seiche.nn.train.Training;
import dev.seiche.study.RunContext;
import dev.seiche.study.UserException;
import dev.seiche.study.report.Page;
import dev.seiche.study.setup.NetworkChoice;
import dev.seiche.study.setup.TrainingData;
import dev.seiche.study.trial.Experiment;
import dev.seiche.study.trial.Outcomes;
import dev.seiche.study.trial.Plots;
import dev.seiche.study.trial.Trial;
import dev.seiche.study.trial.Workbench;
import dev.seiche.tensor.DType;
import dev.seiche.tensor.Rng;
import dev.seiche.tensor.Scope;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Do gradients of different samples pull against each other, and how does that depend on depth, width, batch norm and skip
 * paths? Sankararaman, De, Xu, Huang, Goldstein, ICML 2020.
 */
public final class ConfusionExperiment implements Experiment<ConfusionConfig, TrainingData> {
    /** Places at which the density of the cosines is drawn, from -1 to 1. */
    static final int GRID = 101;

    @Override
    public String name() {
        return "confusion";
    }

    @Override
    public String description() {
        return "gradient confusion: cosines of mini-batch and sample gradients over depth, width, batch norm and skips";
    }

    @Override
    public String title() {
        return "Gradient confusion";
    }

    @Override
    public String lead() {
        return "Do gradients of different samples and mini-batches pull against each other, and how does that depend on depth,"
                + " width, batch norm, skip paths and the first weights?";
    }

    @Override
    public Class<ConfusionConfig> configType() {
        return ConfusionConfig.class;
    }

    @Override
    public TrainingData prepare(ConfusionConfig config, RunContext run) {
        TrainingData data = config.data().load(run);
        if (2 * config.measure().batch() > data.data().size()) {
            throw new UserException("measure.batch is %d and a pair needs two of them, but data.samples is %d"
                    .formatted(config.measure().batch(), data.data().size()));
        }
        run.log("data: " + data);
        return data;
    }

    @Override
    public List<Trial> trials(ConfusionConfig config, long firstSeed) {
        Map<String, Map<String, Double>> arms = new LinkedHashMap<>();
        for (int d : config.regression().dimensions()) {
            arms.put("regression:d=" + d, Map.of("dimensions", (double) d));
        }
        for (int depth : config.arms().linearDepths()) {
            arms.put("orthogonal:depth=" + depth, Map.of("orthogonal_depth", (double) depth));
            arms.put("gaussian:depth=" + depth, Map.of("gaussian_depth", (double) depth));
        }
        for (int width : config.arms().widths()) {
            arms.put("width=" + width, Map.of("width", (double) width));
        }
        for (int depth : config.arms().depths()) {
            arms.put("depth=" + depth, Map.of("depth", (double) depth));
        }
        for (int depth : config.arms().convolutionalDepths()) {
            for (String parts : ConfusionClaims.PARTS) {
                arms.put("cnn:" + parts + ":depth=" + depth, Map.of(parts + "_depth", (double) depth));
            }
        }
        List<Trial> trials = new ArrayList<>();
        arms.forEach((arm, settings) -> {
            for (int s = 0; s < config.seeds(); s++) {
                trials.add(new Trial(arm, settings, firstSeed + s));
            }
        });
        return trials;
    }

    @Override
    public void measure(ConfusionConfig config, TrainingData data, Trial trial, Workbench bench) {
        Map<String, Double> settings = trial.settings();
        if (settings.containsKey("dimensions")) {
            regression(
                    config.regression(),
                    settings.getOrDefault("dimensions", 1.0).intValue(),
                    bench);
        } else if (settings.containsKey("orthogonal_depth")) {
            atTheStart(
                    config,
                    data,
                    config.network()
                            .withKind("linear")
                            .withInit("orthogonal")
                            .withDepth(settings.getOrDefault("orthogonal_depth", 1.0)
                                    .intValue()),
                    bench);
        } else if (settings.containsKey("gaussian_depth")) {
            atTheStart(
                    config,
                    data,
                    config.network()
                            .withKind("linear")
                            .withInit("gaussian")
                            .withDepth(
                                    settings.getOrDefault("gaussian_depth", 1.0).intValue()),
                    bench);
        } else if (trial.arm().startsWith("cnn:")) {
            String parts = trial.arm().split(":", -1)[1];
            NetworkChoice choice = config.convolutional()
                    .withDepth(settings.getOrDefault(parts + "_depth", 10.0).intValue())
                    .withParts(ConfusionClaims.hasNorm(parts), ConfusionClaims.hasSkip(parts));
            train(
                    config,
                    data,
                    choice,
                    config.train().convolutionalEpochs(),
                    config.train().convolutionalRate(),
                    bench);
        } else {
            NetworkChoice choice = config.network()
                    .withDepth(settings.getOrDefault(
                                    "depth", (double) config.network().depth())
                            .intValue())
                    .withWidth(settings.getOrDefault(
                                    "width", (double) config.network().width())
                            .intValue());
            train(config, data, choice, config.train().epochs(), config.train().rate(), bench);
        }
    }

    private static void regression(ConfusionConfig.Regression config, int dimensions, Workbench bench) {
        RandomRegression model =
                new RandomRegression(config.samples(), dimensions, bench.rng().fold("data"));
        double first = model.loss();
        for (int t = 0; t < config.steps(); t++) {
            if (t % Math.max(1, config.steps() / 100) == 0) {
                bench.put(t, "loss", model.loss());
                bench.working(t, config.steps());
            }
            model.step(0.5 / dimensions, t, bench.rng().fold("samples"));
        }
        Confusion gradients = Confusion.ofSamples(model.gram());
        Confusion inputs = Confusion.ofSamples(model.inputGram());
        bench.number("first_loss", first);
        numbers("end", model.loss(), "sample", gradients, bench);
        bench.number("cos_square_gradients", meanSquare(gradients.cosines()));
        bench.number("cos_square_inputs", meanSquare(inputs.cosines()));
        density("sample", gradients, bench);
    }

    private static double meanSquare(double[] values) {
        return Arrays.stream(values).map(v -> v * v).average().orElse(Double.NaN);
    }

    /** Samples of a network that was not trained. */
    private static void atTheStart(ConfusionConfig config, TrainingData data, NetworkChoice choice, Workbench bench) {
        Network network = choice.build(data);
        ParameterVector weights =
                network.init(bench.scope(), dtype(config), bench.rng().fold("init"));
        Confusion found = samples(config, network, Loss.HALF_SQUARED_ERROR, data.data(), weights, bench);
        numbers("init", Double.NaN, "sample", found, bench);
        density("sample", found, bench);
    }

    private static void train(
            ConfusionConfig config, TrainingData data, NetworkChoice choice, int epochs, double rate, Workbench bench) {
        Network network = choice.build(data);
        int batch = Math.min(config.train().batch(), data.data().size());
        int perEpoch = data.data().size() / batch;
        int steps = epochs * perEpoch;
        History losses = History.ofLoss();
        PairProbe pairs = new PairProbe(config, network, data.data(), losses, perEpoch, steps, bench);
        Trainer trainer = Training.of(network, Loss.CROSS_ENTROPY, data.data())
                .miniBatches(batch, true)
                .learningRate(rate)
                .probe(losses)
                .probe(pairs)
                .probe(bench.watch(Schedule.every(Math.max(1, steps / 100)), steps))
                .start(bench.scope(), dtype(config), bench.rng());
        bench.train(trainer, steps, config.train().checkpointEvery());
        double loss = lastEpoch(losses, perEpoch);
        Confusion end = pairs.measure(steps, trainer.weights(), bench.scope());
        numbers("end", loss, "batch", end, bench);
        density("batch", end, bench);
        if (network.couplings().isEmpty()) {
            numbers(
                    "end",
                    loss,
                    "sample",
                    samples(config, network, Loss.CROSS_ENTROPY, data.data(), trainer.weights(), bench),
                    bench);
        }
    }

    private static double lastEpoch(History losses, int perEpoch) {
        double[] all = losses.values();
        return Summary.mean(Arrays.copyOfRange(all, Math.max(0, all.length - perEpoch), all.length));
    }

    private static DType dtype(ConfusionConfig config) {
        return DType.valueOf(config.train().dtype().toUpperCase(Locale.ROOT));
    }

    private static Confusion samples(
            ConfusionConfig config,
            Network network,
            Loss loss,
            Dataset data,
            ParameterVector weights,
            Workbench bench) {
        try (Scope scope = bench.scope().child("samples")) {
            Dataset first = data.first(Math.min(config.measure().samples(), data.size()));
            Batch batch = first.all(scope, weights.dtype());
            double[][] gram =
                    PerSample.of(network, loss).at(weights, batch, scope).gram().toArray();
            int[] labels = batch.targets().toInts();
            bench.number("cos_within", Confusion.within(gram, labels).cosineStiffness());
            bench.number("cos_between", Confusion.between(gram, labels).cosineStiffness());
            return Confusion.ofSamples(gram);
        }
    }

    private static void numbers(String when, double loss, String of, Confusion found, Workbench bench) {
        Summary cosines = found.summary();
        bench.number("loss@" + when, loss);
        bench.number(of + "/min_cos@" + when, cosines.min());
        bench.number(of + "/p5_cos@" + when, cosines.p5());
        bench.number(of + "/median_cos@" + when, cosines.median());
        bench.number(of + "/sd_cos@" + when, cosines.deviation());
        bench.number(of + "/negative@" + when, found.negative());
        bench.number(of + "/bound@" + when, found.bound());
    }

    /** The density of the cosines, as rows of a trial: step i is the cosine -1 + 2 i / (GRID - 1). */
    private static void density(String of, Confusion found, Workbench bench) {
        if (found.summary().deviation() > 0) {
            double[] density = found.density().on(-1, 1, GRID);
            for (int i = 0; i < GRID; i++) {
                bench.put(i, "density/" + of, density[i]);
            }
        }
    }

    /** Measures pairs of mini-batches at a few steps. */
    private static final class PairProbe implements Probe {
        private final ConfusionConfig config;
        private final BatchGradients source;
        private final History losses;
        private final int perEpoch;
        private final int steps;
        private final Workbench bench;

        PairProbe(
                ConfusionConfig config,
                Network network,
                Dataset data,
                History losses,
                int perEpoch,
                int steps,
                Workbench bench) {
            this.config = config;
            this.losses = losses;
            this.perEpoch = perEpoch;
            this.steps = steps;
            this.bench = bench;
            BatchGradients evaluating = BatchGradients.of(network, Loss.CROSS_ENTROPY, data);
            // batch norm with the statistics of each mini-batch: what training sees
            this.source = network.couplings().isEmpty() ? evaluating : evaluating.training(Rng.seed(0));
        }

        @Override
        public String name() {
            return "pairs";
        }

        @Override
        public Schedule schedule() {
            int every = Math.max(1, steps / (config.measure().times() - 1));
            return step -> step % every == 0 && step < steps - every / 2;
        }

        @Override
        public void observe(Step step) {
            Confusion found = measure(step.index(), step.weights(), step.scope());
            if (step.index() == 0) {
                numbers("init", step.loss(), "batch", found, bench);
                return;
            }
            double loss = lastEpoch(losses, perEpoch);
            if (loss <= config.measure().matchedLoss() && Double.isNaN(bench.number("loss@matched"))) {
                numbers("matched", loss, "batch", found, bench);
            }
        }

        Confusion measure(long step, ParameterVector weights, Scope scope) {
            BatchPairs pairs =
                    new BatchPairs(config.measure().batch(), config.measure().pairs());
            Confusion found =
                    pairs.measure(source, weights, bench.rng().fold("pairs").fold(step), scope);
            Summary cosines = found.summary();
            bench.put(step, "pairs/min_cos", cosines.min());
            bench.put(step, "pairs/median_cos", cosines.median());
            bench.put(step, "pairs/sd_cos", cosines.deviation());
            return found;
        }
    }

    @Override
    public List<Finding> findings(ConfusionConfig config, Outcomes outcomes) {
        return new ConfusionClaims(outcomes).findings();
    }

    @Override
    public List<Shown> shown() {
        return ConfusionCharts.SHOWN;
    }

    @Override
    public List<Page.Section> sections(Outcomes outcomes, Plots plots) {
        return ConfusionCharts.sections(outcomes, plots);
    }
}
