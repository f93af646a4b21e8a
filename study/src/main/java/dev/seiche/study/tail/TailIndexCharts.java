package dev.seiche.study.tail;

import dev.seiche.study.report.Figure;
import dev.seiche.study.report.Figure.Axis;
import dev.seiche.study.report.Figure.Reference;
import dev.seiche.study.report.Figure.Span;
import dev.seiche.study.report.Figure.Stroke;
import dev.seiche.study.report.Page;
import dev.seiche.study.trial.Experiment.Shown;
import dev.seiche.study.trial.Outcomes;
import dev.seiche.study.trial.Plots;
import dev.seiche.study.trial.TrialResults.Outcome;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The figures of a tail index run. */
final class TailIndexCharts {
    private static final Axis ALPHA = Axis.linear("tail index");
    private static final Reference GAUSSIAN = new Reference("2", -1, 2);
    private static final Pattern SIZE = Pattern.compile("b=(\\d+)/official@init");

    static final List<Shown> SHOWN = List.of(
            new Shown("weights", "weights"),
            new Shown("accuracy", "accuracy"),
            new Shown("published, b=10, before", "b=10/official@init"),
            new Shown("published, b=10, after", "b=10/official@end"),
            new Shown("corrected, b=10, before", "b=10/corrected@init"),
            new Shown("corrected, b=10, after", "b=10/corrected@end"),
            new Shown("exact zeros, b=10, after", "b=10/zeros@end"),
            new Shown("of iterates", "iterate_tail"));

    private TailIndexCharts() {}

    static List<Page.Section> sections(Outcomes outcomes, Plots plots) {
        return List.of(
                new Page.Section(
                        "Published and corrected over training",
                        "The published estimate pools all coordinates as if they were draws of one law; the corrected one"
                                + " divides each by its deviation over mini-batches, leaves exact zeros out and shuffles."
                                + " On Gaussian noise of the same covariance (dashed) the corrected one reads 2 and the"
                                + " published one what its pooling makes of it.",
                        overTraining(plots)),
                new Page.Section(
                        "Over batch size",
                        "At the same weights. By the central limit theorem noise of larger batches is closer to Gaussian.",
                        overBatch(outcomes, plots)),
                new Page.Section("Over width and depth", "", overSize(outcomes, plots)),
                new Page.Section(
                        "Iterates of SGD on linear regression",
                        "Late iterates of many runs: the tail index of their law over the ratio of rate to batch size."
                                + " Ratios at which a run diverged are left out.",
                        iterates(outcomes, plots)),
                new Page.Section("Training", "", training(plots)));
    }

    private static List<Integer> sizes(Plots plots) {
        TreeSet<Integer> sizes = new TreeSet<>();
        for (String name : plots.run().metrics().names()) {
            Matcher m = Pattern.compile("b=(\\d+)/corrected$").matcher(name);
            if (m.find()) {
                sizes.add(Integer.valueOf(m.group(1)));
            }
        }
        return List.copyOf(sizes);
    }

    private static List<Figure> overTraining(Plots plots) {
        List<Figure> figures = new ArrayList<>();
        for (int size : sizes(plots)) {
            List<Plots.Curve> curves = List.of(
                    new Plots.Curve("base", "b=" + size + "/official_random", "published", 1, Stroke.LINE),
                    new Plots.Curve(
                            "base", "b=" + size + "/official_gaussian", "published, Gaussian", 1, Stroke.DASHED),
                    new Plots.Curve("base", "b=" + size + "/corrected", "corrected", 0, Stroke.LINE),
                    new Plots.Curve(
                            "base", "b=" + size + "/corrected_gaussian", "corrected, Gaussian", 0, Stroke.DASHED));
            plots.curves(
                            new Plots.Frame(
                                    "training-b" + size,
                                    "Batches of " + size,
                                    "",
                                    Span.HALF,
                                    Axis.linear("step"),
                                    Axis.range("tail index", 0.5, 2.3)),
                            curves,
                            x -> x)
                    .ifPresent(figures::add);
        }
        return figures;
    }

    private static List<Figure> overBatch(Outcomes outcomes, Plots plots) {
        List<Figure> figures = new ArrayList<>();
        for (String when : List.of("init", "end")) {
            // each measured size becomes an arm of its own, so that the size is on the axis
            List<Outcome> split = new ArrayList<>();
            outcomes.arm("base")
                    .all()
                    .forEach(outcome -> outcome.numbers().keySet().forEach(number -> {
                        Matcher m = SIZE.matcher(number);
                        if (m.matches()) {
                            Map<String, Double> numbers = new LinkedHashMap<>();
                            for (String name : List.of(
                                    "official_random", "corrected", "rejected_projections", "rejected_coordinates")) {
                                numbers.put(name, outcome.number("b=" + m.group(1) + "/" + name + "@" + when));
                            }
                            split.add(new Outcome(
                                    number, Map.of("size", Double.valueOf(m.group(1))), outcome.seed(), numbers, null));
                        }
                    }));
            Outcomes sizes = new Outcomes(split);
            String title = when.equals("init") ? "Before training" : "After training";
            Map<String, String> alphas = new LinkedHashMap<>();
            alphas.put("corrected", "corrected");
            alphas.put("official_random", "published");
            plots.overSetting(
                            new Plots.Frame("size-" + when, title, "", Span.HALF, Axis.log("batch size"), ALPHA),
                            sizes,
                            "size",
                            alphas,
                            GAUSSIAN)
                    .ifPresent(figures::add);
            Map<String, String> shares = new LinkedHashMap<>();
            shares.put("rejected_projections", "random projections");
            shares.put("rejected_coordinates", "single coordinates");
            plots.overSetting(
                            new Plots.Frame(
                                    "rejected-" + when,
                                    title + ": rejected as Gaussian",
                                    "Share of directions that Shapiro and Wilk reject at 5%.",
                                    Span.HALF,
                                    Axis.log("batch size"),
                                    Axis.range("share", 0, 1)),
                            sizes,
                            "size",
                            shares,
                            new Reference("5%", -1, 0.05))
                    .ifPresent(figures::add);
        }
        return figures;
    }

    private static List<Figure> overSize(Outcomes outcomes, Plots plots) {
        List<Figure> figures = new ArrayList<>();
        for (String setting : List.of("width", "depth")) {
            for (String when : List.of("init", "end")) {
                Map<String, String> lines = new LinkedHashMap<>();
                for (int size : sizes(plots)) {
                    lines.put("b=" + size + "/corrected@" + when, "corrected, b=" + size);
                    lines.put("b=" + size + "/official_random@" + when, "published, b=" + size);
                }
                plots.overSetting(
                                new Plots.Frame(
                                        setting + "-" + when,
                                        (when.equals("init") ? "Before training" : "After training") + ", over "
                                                + setting,
                                        "",
                                        Span.HALF,
                                        Axis.log(setting),
                                        ALPHA),
                                outcomes,
                                setting,
                                lines,
                                GAUSSIAN)
                        .ifPresent(figures::add);
            }
        }
        return figures;
    }

    private static List<Figure> iterates(Outcomes outcomes, Plots plots) {
        List<Figure> figures = new ArrayList<>();
        // a curve for each batch size: whether the ratio alone decides is the question
        Map<String, String> lines = new LinkedHashMap<>();
        List<Outcome> split = new ArrayList<>();
        outcomes.having("ratio").all().forEach(outcome -> {
            String batch = "batches of "
                    + outcome.settings().getOrDefault("iterate_batch", 0.0).intValue();
            lines.put(batch, batch);
            split.add(new Outcome(
                    outcome.arm(),
                    outcome.settings(),
                    outcome.seed(),
                    Map.of(batch, outcome.number("iterate_tail")),
                    null));
        });
        plots.overSetting(
                        new Plots.Frame("iterates", "", "", Span.FULL, Axis.log("rate / batch size"), ALPHA),
                        new Outcomes(split),
                        "ratio",
                        lines,
                        GAUSSIAN)
                .ifPresent(figures::add);
        return figures;
    }

    private static List<Figure> training(Plots plots) {
        List<Figure> figures = new ArrayList<>();
        List<String> arms =
                plots.arms().stream().filter(arm -> !arm.startsWith("iterates")).toList();
        plots.overSteps(
                        new Plots.Frame(
                                "loss", "Loss of the mini-batch", "", Span.FULL, Axis.linear("step"), Axis.log("loss")),
                        "loss",
                        arms)
                .ifPresent(figures::add);
        return figures;
    }
}
