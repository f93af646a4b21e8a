package dev.seiche.study.confusion;

import dev.seiche.study.report.Figure;
import dev.seiche.study.report.Figure.Axis;
import dev.seiche.study.report.Figure.Span;
import dev.seiche.study.report.Figure.Stroke;
import dev.seiche.study.report.Page;
import dev.seiche.study.trial.Experiment.Shown;
import dev.seiche.study.trial.Outcomes;
import dev.seiche.study.trial.Plots;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/** The figures of a confusion run. */
final class ConfusionCharts {
    static final List<Shown> SHOWN = List.of(
            new Shown("loss after", "loss@end"),
            new Shown("pairs: smallest cosine, before", "batch/min_cos@init"),
            new Shown("pairs: smallest, after", "batch/min_cos@end"),
            new Shown("pairs: deviation, after", "batch/sd_cos@end"),
            new Shown("pairs: share below 0, after", "batch/negative@end"),
            new Shown("samples: smallest, after", "sample/min_cos@end"),
            new Shown("samples: deviation, before", "sample/sd_cos@init"),
            new Shown("samples: bound, after", "sample/bound@end"));

    private ConfusionCharts() {}

    static List<Page.Section> sections(Outcomes outcomes, Plots plots) {
        return List.of(
                new Page.Section(
                        "Depth and width",
                        "Cosines of the gradients of pairs of disjoint mini-batches at the end of training. The smallest of"
                                + " many cosines is an extreme value: compare it between equal numbers of pairs only.",
                        sizes(outcomes, plots)),
                new Page.Section(
                        "Batch norm and skip paths",
                        "The same convolutional network with and without these parts.",
                        parts(outcomes, plots)),
                new Page.Section("Over training", "", training(plots)),
                new Page.Section(
                        "Densities of cosines",
                        "Gaussian kernels with Scott's bandwidth; bands go over the seeds.",
                        densities(plots)),
                new Page.Section(
                        "First weights of deep linear nets",
                        "Cosines of all pairs of samples before training.",
                        linear(outcomes, plots)));
    }

    private static Plots.Frame frame(String id, String title, Span span, Axis x, Axis y) {
        return new Plots.Frame(id, title, "", span, x, y);
    }

    private static List<Figure> sizes(Outcomes outcomes, Plots plots) {
        List<Figure> figures = new ArrayList<>();
        for (String setting : List.of("depth", "width")) {
            Map<String, String> cosines = new LinkedHashMap<>();
            cosines.put("batch/min_cos@end", "smallest, after");
            cosines.put("batch/min_cos@init", "smallest, before");
            cosines.put("batch/median_cos@end", "median, after");
            cosines.put("batch/min_cos@matched", "smallest, at matched loss");
            plots.overSetting(
                            frame(
                                    setting + "-cos",
                                    "Cosine over " + setting,
                                    Span.HALF,
                                    Axis.log(setting),
                                    Axis.linear("cosine")),
                            outcomes,
                            setting,
                            cosines)
                    .ifPresent(figures::add);
            plots.overSetting(
                            frame(
                                    setting + "-loss",
                                    "Loss over " + setting,
                                    Span.HALF,
                                    Axis.log(setting),
                                    Axis.log("training loss")),
                            outcomes,
                            setting,
                            Map.of("loss@end", "after training"))
                    .ifPresent(figures::add);
        }
        return figures;
    }

    private static List<Figure> parts(Outcomes outcomes, Plots plots) {
        List<Figure> figures = new ArrayList<>();
        for (String parts : ConfusionClaims.PARTS) {
            Map<String, String> cosines = new LinkedHashMap<>();
            cosines.put("batch/min_cos@end", "smallest, after");
            cosines.put("batch/min_cos@init", "smallest, before");
            plots.overSetting(
                            frame(
                                    "parts-" + parts.replace('+', '-'),
                                    parts.replace("+", " and "),
                                    Span.HALF,
                                    Axis.linear("depth"),
                                    Axis.range("cosine", -1, 1)),
                            outcomes,
                            parts + "_depth",
                            cosines)
                    .ifPresent(figures::add);
        }
        return figures;
    }

    private static List<Figure> training(Plots plots) {
        List<Figure> figures = new ArrayList<>();
        curves(plots, "over-min", "Smallest cosine", "pairs/min_cos", Axis.linear("cosine"), arm -> !arm.contains(":"))
                .forEach(figures::add);
        curves(plots, "over-loss", "Loss of the mini-batch", "loss", Axis.log("loss"), arm -> !arm.contains(":"))
                .forEach(figures::add);
        curves(
                        plots,
                        "over-min-cnn",
                        "Smallest cosine",
                        "pairs/min_cos",
                        Axis.linear("cosine"),
                        arm -> arm.startsWith("cnn"))
                .forEach(figures::add);
        curves(plots, "over-loss-cnn", "Loss of the mini-batch", "loss", Axis.log("loss"), arm -> arm.startsWith("cnn"))
                .forEach(figures::add);
        curves(
                        plots,
                        "over-loss-regression",
                        "Linear regression",
                        "loss",
                        Axis.log("loss"),
                        arm -> arm.startsWith("regression"))
                .forEach(figures::add);
        return figures;
    }

    private static List<Figure> curves(
            Plots plots, String id, String title, String metric, Axis y, Predicate<String> arms) {
        List<Figure> figures = new ArrayList<>();
        plots.overSteps(
                        frame(id, title, Span.HALF, Axis.linear("step"), y),
                        metric,
                        plots.arms().stream().filter(arms).toList())
                .ifPresent(figures::add);
        return figures;
    }

    private static List<Figure> densities(Plots plots) {
        List<Figure> figures = new ArrayList<>();
        density(plots, "density-width", "Over width", "batch", arm -> arm.startsWith("width"))
                .forEach(figures::add);
        density(plots, "density-depth", "Over depth", "batch", arm -> arm.startsWith("depth"))
                .forEach(figures::add);
        density(plots, "density-cnn", "Convolutional", "batch", arm -> arm.startsWith("cnn"))
                .forEach(figures::add);
        density(
                        plots,
                        "density-regression",
                        "Linear regression, samples",
                        "sample",
                        arm -> arm.startsWith("regression"))
                .forEach(figures::add);
        return figures;
    }

    private static List<Figure> density(Plots plots, String id, String title, String of, Predicate<String> wanted) {
        List<Plots.Curve> curves = new ArrayList<>();
        for (String arm : plots.arms()) {
            if (wanted.test(arm)) {
                String name = arm.substring(arm.indexOf(':') + 1);
                curves.add(new Plots.Curve(arm, "density/" + of, name, curves.size(), Stroke.LINE));
            }
        }
        List<Figure> figures = new ArrayList<>();
        plots.curves(
                        frame(id, title, Span.HALF, Axis.linear("cosine"), Axis.linear("density")),
                        curves,
                        step -> -1 + 2 * step / (ConfusionNumbers.GRID - 1))
                .ifPresent(figures::add);
        return figures;
    }

    private static List<Figure> linear(Outcomes outcomes, Plots plots) {
        List<Figure> figures = new ArrayList<>();
        for (String init : List.of("orthogonal", "gaussian")) {
            plots.overSetting(
                            frame(
                                    "linear-" + init,
                                    init.equals("gaussian") ? "Gaussian weights" : "Orthogonal weights",
                                    Span.HALF,
                                    Axis.log("linear layers"),
                                    Axis.linear("deviation of cosines")),
                            outcomes,
                            init + "_depth",
                            Map.of("sample/sd_cos@init", "all pairs of samples"))
                    .ifPresent(figures::add);
        }
        return figures;
    }
}
