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
import java.util.function.UnaryOperator;

/** The figures of a confusion run. */
final class ConfusionCharts {
    static final List<Shown> SHOWN = List.of(
            new Shown("loss after", "loss@end"),
            new Shown("pairs: smallest cosine, before", "batch/min_cos@init"),
            new Shown("pairs: smallest, after", "batch/min_cos@end"),
            new Shown("pairs: deviation, after", "batch/sd_cos@end"),
            new Shown("pairs: share below 0, after", "batch/negative@end"),
            new Shown("samples: smallest, after", "sample/min_cos@end"),
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
                new Page.Section(
                        "Over training",
                        "Means over seeds; bands go from the smallest to the largest seed. Of convolutional nets the deeper ones"
                                + " are dashed.",
                        training(plots)),
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
                                    Axis.log("depth"),
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
        curves(
                        plots,
                        "over-min",
                        "Smallest cosine, perceptrons",
                        "pairs/min_cos",
                        Axis.linear("cosine"),
                        arm -> !arm.contains(":"))
                .forEach(figures::add);
        curves(
                        plots,
                        "over-loss",
                        "Loss of the mini-batch, perceptrons",
                        "loss",
                        Axis.log("loss"),
                        arm -> !arm.contains(":"))
                .forEach(figures::add);
        curves(
                        plots,
                        "over-min-cnn",
                        "Smallest cosine, convolutional nets",
                        "pairs/min_cos",
                        Axis.linear("cosine"),
                        arm -> arm.startsWith("cnn"))
                .forEach(figures::add);
        curves(
                        plots,
                        "over-loss-cnn",
                        "Loss of the mini-batch, convolutional nets",
                        "loss",
                        Axis.log("loss"),
                        arm -> arm.startsWith("cnn"))
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
        plots.curves(
                        frame(id, title, Span.HALF, Axis.linear("step"), y),
                        curves(plots, metric, arms, arm -> arm),
                        step -> step)
                .ifPresent(figures::add);
        return figures;
    }

    /** A curve for each arm; of convolutional nets the colour tells the parts and the stroke the depth. */
    private static List<Plots.Curve> curves(
            Plots plots, String metric, Predicate<String> wanted, UnaryOperator<String> name) {
        List<String> arms = plots.arms().stream().filter(wanted).toList();
        List<Plots.Curve> curves = new ArrayList<>();
        for (String arm : arms) {
            boolean convolutional = arm.startsWith("cnn:");
            boolean deeper = convolutional && !depth(arm).equals(depth(arms.get(0)));
            int colour = convolutional ? ConfusionClaims.PARTS.indexOf(arm.split(":", -1)[1]) : curves.size();
            curves.add(new Plots.Curve(arm, metric, name.apply(arm), colour, deeper ? Stroke.DASHED : Stroke.LINE));
        }
        return curves;
    }

    private static String depth(String arm) {
        return arm.substring(arm.lastIndexOf('=') + 1);
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
        List<Figure> figures = new ArrayList<>();
        plots.curves(
                        frame(id, title, Span.HALF, Axis.linear("cosine"), Axis.linear("density")),
                        curves(plots, "density/" + of, wanted, arm -> arm.substring(arm.indexOf(':') + 1)),
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
