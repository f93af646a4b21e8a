package dev.seiche.study.opposing;

import dev.seiche.study.ArrayData;
import dev.seiche.study.UserException;
import dev.seiche.study.edge.EdgeChart;
import dev.seiche.study.report.Figure;
import dev.seiche.study.report.Figure.Axis;
import dev.seiche.study.report.Figure.Reference;
import dev.seiche.study.report.Figure.Series;
import dev.seiche.study.report.Figure.Span;
import dev.seiche.study.report.Figure.Stroke;
import dev.seiche.study.report.Page;
import dev.seiche.study.trial.Experiment.Shown;
import dev.seiche.study.trial.Outcomes;
import dev.seiche.study.trial.Plots;
import dev.seiche.study.trial.TrialResults.Outcome;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

/** The figures of an opposing signals run. */
final class OpposingCharts {
    static final List<Shown> SHOWN = List.of(
            new Shown("steps", "steps"),
            new Shown("minutes", "minutes"),
            new Shown("oscillates from step", "onset"),
            new Shown("late rate x sharpness", "stability_late"),
            new Shown("J", "stability@after"),
            new Shown("R", "opposition@after"),
            new Shown("A", "alternation@after"),
            new Shown("Z / uniform", "outsize@after"),
            new Shown("cosine of group gradients", "gradient_cos@after"),
            new Shown("Jaccard, top losses", "jaccard_loss@after"),
            new Shown("Jaccard, top gradients", "jaccard_norm@after"),
            new Shown("loss after mini-batches", "race_loss/" + OptimizerRace.PLACES),
            new Shown("swing of the groups", "race_swing"));

    private OpposingCharts() {}

    static List<Page.Section> sections(Outcomes outcomes, Plots plots) {
        List<Page.Section> sections = new ArrayList<>();
        sections.add(new Page.Section(
                "Losses of the groups",
                "The two groups are selected once, at the step in the title, by the largest rise and the largest fall of their losses"
                        + " in that step, and then followed over the whole training. First seed.",
                groupLosses(outcomes, plots)));
        sections.add(new Page.Section(
                "Losses of single samples",
                "Left: how the losses of all samples are spread at each step. Right: the change of loss of single samples of the"
                        + " groups in each step around the selection, over the largest of them: blue where it rises, orange"
                        + " where it falls. First seed.",
                SampleCharts.all(outcomes, plots, nets(plots))));
        sections.add(new Page.Section(
                "What is in the groups",
                "The samples of the largest change first. First seed.",
                sheets(outcomes, plots)));
        sections.add(new Page.Section(
                "Scores over training",
                "Stability: share of the falling group that rises in the next step. Opposition: correlation of the groups' later"
                        + " changes of loss; a group that only rises beside one that only falls has -1 too. Alternation:"
                        + " correlation of the rising group's change with the one before; -1 is period two. Outsize: the groups' share of all changes over the share they would have if all"
                        + " samples changed alike.",
                scores(plots)));
        sections.add(new Page.Section(
                "Gradients of the groups",
                "Beside those of random groups of the same size, at some steps. Samples of a large loss change it most: the last"
                        + " chart says how far the groups are just those.",
                gradients(plots)));
        sections.add(new Page.Section(
                "SGD, Adam and SplitSGD",
                "The same mini-batches from the same first weights. Swing: mean change of loss in the groups since the look before,"
                        + " by the mean loss. Large: share of the gradient's coordinates above a threshold that 1% exceeded at the"
                        + " first look.",
                race(plots)));
        sections.add(new Page.Section(
                "Two-layer linear model",
                "Outliers of both signs, whose gradients along the outlier's direction cancel in the mean.",
                toy(plots)));
        return sections;
    }

    private static Plots.Frame frame(String id, String title, Span span, Axis y) {
        return new Plots.Frame(id, title, "", span, Axis.linear("step"), y);
    }

    private static List<String> nets(Plots plots) {
        return plots.arms().stream().filter(arm -> arm.startsWith("rate=")).toList();
    }

    /** The arrays of the first seed of an arm, where it came to its end. */
    static Optional<Map<String, ArrayData>> arrays(Outcomes outcomes, Plots plots, String arm) {
        Optional<Outcome> first =
                outcomes.arm(arm).all().stream().filter(o -> o.failed() == null).findFirst();
        if (first.isEmpty()) {
            return Optional.empty();
        }
        String file = (arm + "/seed=" + first.get().seed()).replaceAll("[^A-Za-z0-9.]+", "-") + "-groups";
        try {
            return Optional.of(plots.run().arrays(file));
        } catch (UserException e) {
            return Optional.empty(); // a report without these arrays is still a report
        }
    }

    private static List<Figure> groupLosses(Outcomes outcomes, Plots plots) {
        List<Figure> figures = new ArrayList<>();
        for (String arm : nets(plots)) {
            arrays(outcomes, plots, arm).ifPresent(arrays -> {
                double[] up = doubles(arrays, "rising_loss");
                double[] down = doubles(arrays, "falling_loss");
                double[] steps = IntStream.range(0, up.length).asDoubleStream().toArray();
                int chosen = (int) outcomes.arm(arm).all().get(0).number("selected_at");
                double[] all = SampleCharts.means(arrays);
                List<double[]> curves = List.of(up, down, all);
                figures.add(
                        lossChart(arm, "whole", arm + ", selected at step " + chosen, steps, curves, 0, steps.length));
                int from = Math.max(0, chosen - 30);
                int to = Math.min(steps.length, chosen + 31);
                if (to - from < steps.length) {
                    figures.add(lossChart(
                            arm, "near", arm + ", around step " + chosen + " of selection", steps, curves, from, to));
                }
            });
        }
        return figures;
    }

    private static Figure lossChart(
            String arm, String part, String title, double[] steps, List<double[]> curves, int from, int to) {
        double[] x = Arrays.copyOfRange(steps, from, to);
        return new Figure.LineChart(
                "groups-" + part + "-" + arm.replaceAll("[^A-Za-z0-9]+", "-"),
                title,
                "",
                Span.HALF,
                Axis.linear("step"),
                Axis.log("mean loss of the group"),
                List.of(
                        new Series(
                                "rises at selection", 1, Stroke.LINE, x, Arrays.copyOfRange(curves.get(0), from, to)),
                        new Series(
                                "falls at selection", 0, Stroke.LINE, x, Arrays.copyOfRange(curves.get(1), from, to)),
                        new Series("all samples", 5, Stroke.DASHED, x, Arrays.copyOfRange(curves.get(2), from, to))),
                List.of());
    }

    static double[] doubles(Map<String, ArrayData> arrays, String name) {
        ArrayData array = arrays.get(name);
        return array == null ? new double[0] : array.doubles();
    }

    private static List<Figure> sheets(Outcomes outcomes, Plots plots) {
        List<Figure> figures = new ArrayList<>();
        for (String arm : nets(plots)) {
            arrays(outcomes, plots, arm).ifPresent(arrays -> {
                sheet(arm, "rising", "rises at selection", arrays).ifPresent(figures::add);
                sheet(arm, "falling", "falls at selection", arrays).ifPresent(figures::add);
                words(arm, arrays).ifPresent(figures::add);
            });
        }
        return figures;
    }

    private static Optional<Figure> words(String arm, Map<String, ArrayData> arrays) {
        ArrayData rising = arrays.get("rising_words");
        ArrayData falling = arrays.get("falling_words");
        if (rising == null || falling == null) {
            return Optional.empty();
        }
        String[] up = lines(rising);
        String[] down = lines(falling);
        List<List<Figure.Cell>> rows = new ArrayList<>();
        for (int i = 0; i < up.length; i++) {
            rows.add(List.of(Figure.Cell.of(up[i]), Figure.Cell.of(down[i])));
        }
        return Optional.of(new Figure.Table(
                "words-" + arm.replaceAll("[^A-Za-z0-9]+", "-"),
                arm,
                "",
                Span.HALF,
                List.of(
                        new Figure.Heading("rises at selection", false),
                        new Figure.Heading("falls at selection", false)),
                rows));
    }

    private static String[] lines(ArrayData text) {
        return new String(text.bytes().toArray(ValueLayout.JAVA_BYTE), StandardCharsets.UTF_8).split("\n", -1);
    }

    private static Optional<Figure> sheet(String arm, String group, String title, Map<String, ArrayData> arrays) {
        ArrayData images = arrays.get(group + "_images");
        ArrayData labels = arrays.get(group + "_labels");
        ArrayData names = arrays.get("class_names");
        if (images == null || labels == null || names == null) {
            return Optional.empty();
        }
        String[] classes = lines(names);
        long[] shape = images.shape();
        int bytes = (int) (shape[1] * shape[2] * shape[3]);
        byte[] all = images.bytes().toArray(ValueLayout.JAVA_BYTE);
        List<byte[]> pictures = new ArrayList<>();
        List<String> words = new ArrayList<>();
        for (int i = 0; i < shape[0]; i++) {
            pictures.add(Arrays.copyOfRange(all, i * bytes, (i + 1) * bytes));
            words.add(classes[labels.ints()[i]]);
        }
        return Optional.of(new Figure.Contacts(
                "sheet-" + group + "-" + arm.replaceAll("[^A-Za-z0-9]+", "-"),
                arm + ": " + title,
                "",
                Span.HALF,
                (int) shape[1],
                (int) shape[2],
                (int) shape[3],
                pictures,
                words));
    }

    private static List<Figure> scores(Plots plots) {
        List<Figure> figures = new ArrayList<>();
        EdgeChart.COSINE
                .of(plots, "cosine", "Cosine of adjacent gradients", nets(plots))
                .ifPresent(figures::add);
        EdgeChart.GROUPS.of(plots, "stability", "Stability J", nets(plots)).ifPresent(figures::add);
        plots.overSteps(
                        frame("opposition", "Opposition R", Span.HALF, Axis.range("correlation", -1.05, 1.05)),
                        "opposing/opposition",
                        nets(plots))
                .ifPresent(figures::add);
        plots.overSteps(
                        frame("alternation", "Alternation A", Span.HALF, Axis.range("correlation", -1.05, 1.05)),
                        "opposing/alternation",
                        nets(plots))
                .ifPresent(figures::add);
        plots.overSteps(
                        frame("outsize", "Outsize Z over uniform", Span.HALF, Axis.linear("ratio")),
                        "opposing/outsize",
                        nets(plots),
                        new Reference("1", -1, 1))
                .ifPresent(figures::add);
        return figures;
    }

    private static List<Figure> gradients(Plots plots) {
        List<Figure> figures = new ArrayList<>();
        for (String arm : nets(plots)) {
            String id = arm.replaceAll("[^A-Za-z0-9]+", "-");
            plots.curves(
                            frame(
                                    "gradients-" + id,
                                    arm + ": cosine of the groups' gradients",
                                    Span.HALF,
                                    Axis.range("cosine", -1.05, 1.05)),
                            List.of(
                                    new Plots.Curve(arm, "opposing/gradient_cos", "selected", 1, Stroke.LINE),
                                    new Plots.Curve(arm, "opposing/random_cos", "random", 5, Stroke.DASHED)),
                            x -> x)
                    .ifPresent(figures::add);
            plots.curves(
                            frame(
                                    "along-" + id,
                                    arm + ": along the sharpest direction",
                                    Span.HALF,
                                    Axis.range("cosine", -1.05, 1.05)),
                            List.of(
                                    new Plots.Curve(arm, "opposing/along_rising", "rising", 1, Stroke.LINE),
                                    new Plots.Curve(arm, "opposing/along_falling", "falling", 0, Stroke.LINE),
                                    new Plots.Curve(arm, "opposing/random_along", "random, size", 5, Stroke.DASHED)),
                            x -> x)
                    .ifPresent(figures::add);
            plots.curves(
                            frame(
                                    "features-" + id,
                                    arm + ": norm of what the last layer is given",
                                    Span.HALF,
                                    Axis.linear("mean norm of features")),
                            List.of(
                                    new Plots.Curve(arm, "opposing/feature_norm", "selected", 1, Stroke.LINE),
                                    new Plots.Curve(arm, "opposing/random_feature_norm", "random", 5, Stroke.DASHED)),
                            x -> x)
                    .ifPresent(figures::add);
            plots.curves(
                            frame(
                                    "jaccard-" + id,
                                    arm + ": are they the samples of the largest loss or gradient?",
                                    Span.HALF,
                                    Axis.range("Jaccard index", 0, 1)),
                            List.of(
                                    new Plots.Curve(arm, "opposing/jaccard_loss", "largest losses", 1, Stroke.LINE),
                                    new Plots.Curve(arm, "opposing/jaccard_norm", "largest gradients", 0, Stroke.LINE)),
                            x -> x)
                    .ifPresent(figures::add);
        }
        return figures;
    }

    private static List<Figure> race(Plots plots) {
        List<String> arms =
                plots.arms().stream().filter(arm -> arm.startsWith("race")).toList();
        List<Figure> figures = new ArrayList<>();
        plots.overSteps(frame("race-loss", "Loss of all samples", Span.HALF, Axis.log("loss")), "race/loss", arms)
                .ifPresent(figures::add);
        plots.overSteps(frame("race-swing", "Swing of the groups", Span.HALF, Axis.log("swing")), "race/swing", arms)
                .ifPresent(figures::add);
        plots.overSteps(frame("race-large", "Large coordinates", Span.HALF, Axis.linear("share")), "race/large", arms)
                .ifPresent(figures::add);
        return figures;
    }

    private static List<Figure> toy(Plots plots) {
        List<Figure> figures = new ArrayList<>();
        List<String> toys =
                plots.arms().stream().filter(arm -> arm.startsWith("toy")).toList();
        plots.overSteps(frame("toy-loss", "Loss", Span.HALF, Axis.log("loss")), "loss", toys)
                .ifPresent(figures::add);
        plots.overSteps(
                        frame("toy-stability", "Rate times sharpness", Span.HALF, Axis.linear("rate x sharpness")),
                        "eta_sharpness",
                        toys,
                        new Reference("2", -1, 2))
                .ifPresent(figures::add);
        return figures;
    }
}
