package dev.seiche.study.confusion;

import dev.seiche.metrics.Finding;
import dev.seiche.metrics.confusion.Confusion;
import dev.seiche.nn.Loss;
import dev.seiche.nn.Network;
import dev.seiche.nn.ParameterVector;
import dev.seiche.study.RunContext;
import dev.seiche.study.UserException;
import dev.seiche.study.report.Figure;
import dev.seiche.study.report.Page;
import dev.seiche.study.setup.NetworkChoice;
import dev.seiche.study.setup.TrainingData;
import dev.seiche.study.trial.Experiment;
import dev.seiche.study.trial.Outcomes;
import dev.seiche.study.trial.Plots;
import dev.seiche.study.trial.Trial;
import dev.seiche.study.trial.Workbench;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Do gradients of different samples pull against each other, and how does that depend on depth, width, batch norm and skip
 * paths? Sankararaman, De, Xu, Huang, Goldstein, ICML 2020.
 */
public final class ConfusionExperiment implements Experiment<ConfusionConfig, TrainingData> {
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
        return Trial.all(arms, firstSeed, config.seeds());
    }

    @Override
    public void measure(ConfusionConfig config, TrainingData data, Trial trial, Workbench bench) {
        Map<String, Double> settings = trial.settings();
        if (settings.containsKey("dimensions")) {
            regression(config.regression(), setting(settings, "dimensions", 1), bench);
        } else if (settings.containsKey("orthogonal_depth")) {
            atTheStart(config, data, "orthogonal", setting(settings, "orthogonal_depth", 1), bench);
        } else if (settings.containsKey("gaussian_depth")) {
            atTheStart(config, data, "gaussian", setting(settings, "gaussian_depth", 1), bench);
        } else if (trial.arm().startsWith("cnn:")) {
            String parts = trial.arm().split(":", -1)[1];
            NetworkChoice choice = config.convolutional();
            choice = choice.withDepth(setting(settings, parts + "_depth", choice.depth()))
                    .withParts(ConfusionClaims.hasNorm(parts), ConfusionClaims.hasSkip(parts));
            new ConfusionTraining(
                            config, choice.build(data), data, config.train().convolutionalEpochs(), bench)
                    .run(trial.arm(), config.train().convolutionalRates());
        } else {
            NetworkChoice choice = config.network();
            choice = choice.withDepth(setting(settings, "depth", choice.depth()))
                    .withWidth(setting(settings, "width", choice.width()));
            new ConfusionTraining(
                            config, choice.build(data), data, config.train().epochs(), bench)
                    .run(trial.arm(), config.train().rates());
        }
    }

    private static int setting(Map<String, Double> settings, String name, int other) {
        return settings.getOrDefault(name, (double) other).intValue();
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
        bench.number("loss@end", model.loss());
        ConfusionNumbers.put("end", "sample", gradients, bench);
        bench.number("cos_square_gradients", meanSquare(gradients.cosines()));
        bench.number("cos_square_inputs", meanSquare(inputs.cosines()));
        ConfusionNumbers.density("sample", gradients, bench);
    }

    private static double meanSquare(double[] values) {
        return Arrays.stream(values).map(v -> v * v).average().orElse(Double.NaN);
    }

    /** Samples of a deep linear net that was not trained. */
    private static void atTheStart(ConfusionConfig config, TrainingData data, String init, int depth, Workbench bench) {
        Network network = config.network()
                .withKind("linear")
                .withInit(init)
                .withDepth(depth)
                .build(data);
        ParameterVector weights =
                network.init(bench.scope(), config.train().type(), bench.rng().fold("init"));
        Confusion found = ConfusionNumbers.samples(
                config.measure().samples(), network, Loss.HALF_SQUARED_ERROR, data.data(), weights, bench);
        ConfusionNumbers.put("init", "sample", found, bench);
        ConfusionNumbers.density("sample", found, bench);
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
    public List<Figure.Table> tables(Outcomes outcomes) {
        return RatesTable.of(outcomes);
    }

    @Override
    public List<Page.Section> sections(Outcomes outcomes, Plots plots) {
        return ConfusionCharts.sections(outcomes, plots);
    }
}
