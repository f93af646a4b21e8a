package dev.seiche.study.edge;

import dev.seiche.metrics.Finding;
import dev.seiche.nn.Network;
import dev.seiche.nn.optim.Optimizer;
import dev.seiche.study.RunContext;
import dev.seiche.study.report.Figure;
import dev.seiche.study.report.Page;
import dev.seiche.study.setup.TrainingData;
import dev.seiche.study.trial.Experiment;
import dev.seiche.study.trial.Judgement;
import dev.seiche.study.trial.Outcomes;
import dev.seiche.study.trial.Plots;
import dev.seiche.study.trial.Trial;
import dev.seiche.study.trial.Workbench;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/**
 * Does training on the full batch drive the sharpness up to where the optimizer becomes unstable, and keep it there? Cohen,
 * Kaur, Li, Kolter, Talwalkar, ICLR 2021.
 */
public final class EdgeExperiment implements Experiment<EdgeConfig, TrainingData> {
    private static Map<String, String> titles() {
        Map<String, String> titles = new LinkedHashMap<>();
        titles.put("gd", "Gradient descent");
        titles.put("polyak", "Polyak's momentum");
        titles.put("nesterov", "Nesterov's momentum");
        titles.put("cross-entropy", "Gradient descent on cross-entropy");
        return titles;
    }

    @Override
    public String name() {
        return "edge-of-stability";
    }

    @Override
    public String description() {
        return "edge of stability: sharpness against the limit of gradient descent, Polyak and Nesterov";
    }

    @Override
    public String title() {
        return "Edge of stability";
    }

    @Override
    public String lead() {
        return "Does training on the full batch drive the largest eigenvalue of the Hessian up to the limit beyond which the"
                + " optimizer is unstable, and does it stay there?";
    }

    @Override
    public Class<EdgeConfig> configType() {
        return EdgeConfig.class;
    }

    @Override
    public TrainingData prepare(EdgeConfig config, RunContext run) {
        return config.data().load(run);
    }

    @Override
    public List<Trial> trials(EdgeConfig config, long firstSeed) {
        Map<String, Map<String, Double>> arms = new LinkedHashMap<>();
        config.arms().rates().forEach(rate -> arms.put("gd:rate=" + rate, Map.of("rate", rate, "gd", 1.0)));
        config.arms().polyak().forEach(rate -> arms.put("polyak:rate=" + rate, Map.of("rate", rate, "polyak", 1.0)));
        config.arms()
                .nesterov()
                .forEach(rate -> arms.put("nesterov:rate=" + rate, Map.of("rate", rate, "nesterov", 1.0)));
        config.arms()
                .crossEntropy()
                .forEach(rate -> arms.put("cross-entropy:rate=" + rate, Map.of("rate", rate, "cross_entropy", 1.0)));
        return Trial.all(arms, firstSeed, config.seeds());
    }

    @Override
    public void measure(EdgeConfig config, TrainingData data, Trial trial, Workbench bench) {
        Network network = config.network().build(data);
        double momentum = config.arms().momentum();
        Optimizer optimizer = Optimizer.gradientDescent();
        double limit = 2;
        if (trial.settings().containsKey("polyak")) {
            optimizer = Optimizer.heavyBall(momentum);
            limit = 2 + 2 * momentum;
        } else if (trial.settings().containsKey("nesterov")) {
            optimizer = Optimizer.nesterov(momentum);
            limit = (2 + 2 * momentum) / (1 + 2 * momentum);
        }
        FullBatch train = trial.settings().containsKey("cross_entropy")
                ? config.train().withLoss("cross-entropy")
                : config.train();
        double rate = trial.settings().getOrDefault("rate", Double.NaN);
        try (EdgeTraining training = new EdgeTraining(train, network, data.data(), rate, optimizer, bench)) {
            training.run();
            training.numbers(limit);
        }
    }

    @Override
    public List<Finding> findings(EdgeConfig config, Outcomes outcomes) {
        Outcomes squared = outcomes.where(o -> !o.settings().containsKey("cross_entropy"));
        return List.of(
                sharpening(squared.having("gd")),
                rateDecides(squared.having("gd")),
                hovers(
                        "P1.2",
                        "Gradient descent: eta times sharpness reaches 2 before the gradients oscillate, and its median over"
                                + " the second half of training lies in [1.8, 2.5].",
                        squared.having("gd")),
                falls(squared.having("gd")),
                hovers(
                        "E2",
                        "Polyak's momentum: the same with the limit 2 + 2 momentum (median within 10% below and 25% above).",
                        squared.having("polyak")),
                hovers(
                        "E3",
                        "Nesterov's momentum: the same with the limit (2 + 2 momentum) / (1 + 2 momentum).",
                        squared.having("nesterov")),
                decays(outcomes.having("cross_entropy")));
    }

    private static Finding sharpening(Outcomes gd) {
        Judgement claim = Judgement.of(
                        "E1",
                        "Progressive sharpening: where training starts below the limit, the sharpness grows to more than 1.2"
                                + " times its first value.")
                .needing("a rate below 2 / first sharpness");
        return claim.with(gd, "sharpness_first", "sharpness_peak")
                .byOutcome(
                        gd,
                        o -> o.number("stability_first") < 2
                                ? o.number("sharpness_peak") > 1.2 * o.number("sharpness_first")
                                : null);
    }

    private static Finding rateDecides(Outcomes gd) {
        Judgement claim = Judgement.of(
                        "P1.1",
                        "A rate divides the runs: those that never reach the limit keep every cosine above 0, those that reach"
                                + " it oscillate (more than half of the cosines below -0.9 after the onset).")
                .needing("rates on both sides");
        return claim.with(gd, "min_cos", "oscillating", "crossing").bySeed(gd, seed -> {
            boolean smooth = false;
            boolean oscillating = false;
            boolean clean = true;
            for (var outcome : seed.all()) {
                if (Double.isNaN(outcome.number("crossing"))) {
                    smooth = true;
                    clean &= outcome.number("min_cos") > 0;
                } else {
                    oscillating = true;
                    clean &= outcome.number("oscillating") > 0.5;
                }
            }
            return smooth && oscillating ? clean : null;
        });
    }

    private static Finding hovers(String id, String statement, Outcomes of) {
        Judgement claim = Judgement.of(id, statement).needing("no arm reached the limit");
        return claim.with(of, "limit", "crossing", "onset", "stability_peak", "stability_late")
                .byOutcome(of, o -> {
                    double late = o.number("stability_late") / o.number("limit");
                    boolean crossedFirst = !(o.number("crossing") > o.number("onset"));
                    return Double.isNaN(o.number("crossing") + late)
                            ? null
                            : crossedFirst && late >= 0.9 && late <= 1.25;
                });
    }

    private static Finding falls(Outcomes gd) {
        Judgement claim = Judgement.of(
                        "P1.3", "While it oscillates single steps raise the loss, and it still falls in all.")
                .needing("no arm oscillated");
        return claim.with(gd, "rising", "first_loss", "last_loss")
                .byOutcome(
                        gd,
                        o -> Double.isNaN(o.number("onset"))
                                ? null
                                : o.number("rising") > 0 && o.number("last_loss") < o.number("first_loss"));
    }

    private static Finding decays(Outcomes entropy) {
        Judgement claim = Judgement.of(
                        "P1.7",
                        "Under cross-entropy the sharpness peaks and then decays: last value below 0.9 of the peak.")
                .needing("arms.crossEntropy is empty");
        return claim.with(entropy, "stability_peak", "stability_last", "min_cos")
                .byOutcome(entropy, o -> {
                    double share = o.number("stability_last") / o.number("stability_peak");
                    return Double.isNaN(share) ? null : share < 0.9;
                });
    }

    @Override
    public List<Shown> shown() {
        return List.of(
                new Shown("loss, first", "first_loss"),
                new Shown("loss, last", "last_loss"),
                new Shown("rate x sharpness, first", "stability_first"),
                new Shown("limit", "limit"),
                new Shown("reached at step", "crossing"),
                new Shown("rate x sharpness, late", "stability_late"),
                new Shown("oscillates from step", "onset"),
                new Shown("lowest cosine", "min_cos"));
    }

    @Override
    public List<Page.Section> sections(Outcomes outcomes, Plots plots) {
        return List.of(
                new Page.Section(
                        "Learning rate times sharpness",
                        "Dashed: the limit beyond which the optimizer is unstable on a quadratic. Means over seeds; bands go from the"
                                + " smallest to the largest seed.",
                        charts(plots, "stability", EdgeChart.STABILITY)),
                new Page.Section(
                        "Cosine of adjacent gradients",
                        "Below 0 a gradient points against the one before.",
                        charts(plots, "cosine", EdgeChart.COSINE)),
                new Page.Section("Loss", "", charts(plots, "loss", EdgeChart.LOSS)));
    }

    private static List<Figure> charts(Plots plots, String id, EdgeChart chart) {
        List<Figure> figures = new ArrayList<>();
        titles().forEach((kind, title) -> {
            Predicate<String> mine = arm -> arm.startsWith(kind + ":");
            double limit = plots.outcomes().where(o -> mine.test(o.arm())).mean("limit");
            Double[] limits =
                    chart.equals(EdgeChart.STABILITY) && !Double.isNaN(limit) ? new Double[] {limit} : new Double[0];
            chart.of(
                            plots,
                            id + "-" + kind,
                            title,
                            plots.arms().stream().filter(mine).toList(),
                            limits)
                    .ifPresent(figures::add);
        });
        return figures;
    }
}
