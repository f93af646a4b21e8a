package dev.seiche.study.oscillation;

import dev.seiche.study.report.Figure;
import dev.seiche.study.report.Figure.Axis;
import dev.seiche.study.report.Figure.Reference;
import dev.seiche.study.report.Figure.Series;
import dev.seiche.study.report.Figure.Span;
import dev.seiche.study.report.Figure.Stroke;
import dev.seiche.study.run.MetricsFile;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/** The figures that come straight from the rows: metric {@code lr=0.1/grad/cos} is arm {@code lr=0.1}, and so on. */
final class OscillationCharts {
    private static final Axis STEP = Axis.linear("step");
    private static final String LOSS = "/loss";

    private final MetricsFile metrics;
    private final List<String> arms;

    OscillationCharts(MetricsFile metrics) {
        this.metrics = metrics;
        Set<String> names = new LinkedHashSet<>();
        for (String name : metrics.names()) {
            if (name.endsWith(LOSS)) {
                names.add(name.substring(0, name.length() - LOSS.length()));
            }
        }
        this.arms = List.copyOf(names);
    }

    /** The arms of the first seed: one of each rate is enough for the large figures. */
    private List<String> firstSeeds() {
        return arms.stream().filter(arm -> !arm.contains("/seed=")).toList();
    }

    List<Figure> training() {
        List<Figure> figures = new ArrayList<>();
        perArm("loss", "Loss", Axis.log("loss"), "loss", List.of()).ifPresent(figures::add);
        perArm("gradient-norm", "Gradient norm", Axis.log("norm of the gradient"), "grad/norm", List.of())
                .ifPresent(figures::add);
        return figures;
    }

    List<Figure> cosineMaps() {
        List<Figure> figures = new ArrayList<>();
        for (String arm : firstSeeds()) {
            String prefix = arm + "/grad/cos/";
            List<String> layers = new ArrayList<>(metrics.names().stream()
                    .filter(n -> n.startsWith(prefix))
                    .map(n -> n.substring(prefix.length()))
                    .toList());
            List<double[]> values = new ArrayList<>();
            Optional<MetricsFile.Column> total = metrics.column(arm + "/grad/cos");
            if (total.isEmpty()) {
                continue;
            }
            double[] steps = total.get().steps();
            layers.forEach(layer -> values.add(
                    metrics.column(prefix + layer).map(c -> at(steps, c)).orElseThrow()));
            layers.add("all");
            values.add(total.get().values());
            figures.add(new Figure.HeatMap(
                    "cosine-" + id(arm), arm, "", Span.FULL, STEP, "layer", "cosine", steps, layers, values));
        }
        return figures;
    }

    List<Figure> predictions() {
        List<Figure> figures = new ArrayList<>();
        for (String arm : firstSeeds()) {
            int a = arms.indexOf(arm);
            Optional<MetricsFile.Column> measured = metrics.column(arm + "/grad/cos");
            Optional<MetricsFile.Column> predicted = metrics.column(arm + "/grad/cos_predicted");
            Optional<MetricsFile.Column> error = metrics.column(arm + "/grad/cos_error");
            if (measured.isEmpty() || predicted.isEmpty()) {
                continue;
            }
            figures.add(new Figure.LineChart(
                    "prediction-" + id(arm),
                    arm + ": cosine",
                    "",
                    error.isPresent() ? Span.HALF : Span.FULL,
                    STEP,
                    Axis.range("cosine", -1.08, 1.08),
                    List.of(
                            series("measured", a, Stroke.LINE, measured.get()),
                            series("predicted", 5, Stroke.DOTS, predicted.get())),
                    List.of()));
            error.ifPresent(column -> figures.add(new Figure.LineChart(
                    "prediction-error-" + id(arm),
                    arm + ": error of the prediction",
                    "",
                    Span.HALF,
                    STEP,
                    Axis.linear("predicted minus measured"),
                    List.of(series("error", arms.indexOf(arm), Stroke.LINE, column)),
                    List.of())));
        }
        return figures;
    }

    /** Cosine, and rate times sharpness, from each restart of the first seed. */
    List<Figure> restarts() {
        List<Figure> figures = new ArrayList<>();
        for (String arm : firstSeeds()) {
            List<Series> cosines = new ArrayList<>();
            List<Series> scaled = new ArrayList<>();
            for (int divisor : Restarts.DIVISORS) {
                String prefix = arm + "/" + Restarts.prefix(divisor);
                int colour = cosines.size();
                metrics.column(prefix + "grad/cos")
                        .ifPresent(c -> cosines.add(series("rate / " + divisor, colour, Stroke.LINE, c)));
                metrics.column(prefix + "eta_sharpness")
                        .ifPresent(c -> scaled.add(series("rate / " + divisor, colour, Stroke.LINE, c)));
            }
            if (!cosines.isEmpty()) {
                figures.add(new Figure.LineChart(
                        "restart-cosine-" + id(arm),
                        arm + ": cosine after the restart",
                        "",
                        Span.HALF,
                        Axis.linear("step from the restart"),
                        Axis.range("cosine", -1.08, 1.08),
                        cosines,
                        List.of()));
                figures.add(new Figure.LineChart(
                        "restart-stability-" + id(arm),
                        arm + ": the new rate times sharpness",
                        "",
                        Span.HALF,
                        Axis.linear("step from the restart"),
                        Axis.linear("learning rate x largest eigenvalue"),
                        scaled,
                        List.of(new Reference("2", -1, 2))));
            }
        }
        return figures;
    }

    List<Figure> sharpness() {
        List<Figure> figures = new ArrayList<>();
        List<Reference> limits = new ArrayList<>();
        for (int a = 0; a < arms.size(); a++) {
            double rate = rate(arms.get(a));
            if (rate > 0) {
                limits.add(new Reference("2 / " + rate, a, 2 / rate));
            }
        }
        perArm("sharpness", "Sharpness", Axis.log("largest eigenvalue of the Hessian"), "sharpness", limits)
                .ifPresent(figures::add);
        perArm(
                        "stability",
                        "Learning rate times sharpness",
                        Axis.linear("learning rate x largest eigenvalue"),
                        "eta_sharpness",
                        List.of(new Reference("2", -1, 2)))
                .ifPresent(figures::add);
        return figures;
    }

    /** The step size in the name of an arm, or NaN. */
    private static double rate(String arm) {
        String text = arm.substring(arm.indexOf('=') + 1);
        try {
            return Double.parseDouble(text);
        } catch (NumberFormatException e) {
            return Double.NaN;
        }
    }

    static List<Figure> progress(List<OscillationResults.Arm> arms) {
        List<Figure> figures = new ArrayList<>();
        List<String> names = arms.stream().map(OscillationResults.Arm::name).toList();
        List<Double> taus = arms.stream()
                .flatMap(arm -> arm.thresholds().stream())
                .map(OscillationResults.Threshold::tau)
                .distinct()
                .toList();
        for (double tau : taus) {
            String below = tau == 0 ? "0" : Double.toString(-tau);
            figures.add(new Figure.BarChart(
                    "progress-" + id(below),
                    "Cosine below " + below,
                    "",
                    Span.THIRD,
                    Axis.linear("share [%]"),
                    names,
                    List.of(
                            bars("steps", 5, arms, tau, OscillationResults.Threshold::share),
                            bars("step by step", 0, arms, tau, OscillationResults.Threshold::oneStep),
                            bars("by segments", 2, arms, tau, OscillationResults.Threshold::segments),
                            bars("log", 1, arms, tau, OscillationResults.Threshold::log)),
                    List.of()));
        }
        return figures;
    }

    private static Figure.Bars bars(
            String name,
            int colour,
            List<OscillationResults.Arm> arms,
            double tau,
            Function<OscillationResults.Threshold, Double> share) {
        List<Double> heights = arms.stream()
                .map(arm -> arm.thresholds().stream()
                        .filter(t -> t.tau() == tau)
                        .map(t -> 100 * share.apply(t))
                        .findFirst()
                        .orElse(Double.NaN))
                .toList();
        return new Figure.Bars(name, colour, heights);
    }

    private Optional<Figure> perArm(String id, String title, Axis y, String metric, List<Reference> references) {
        List<Series> all = new ArrayList<>();
        for (int a = 0; a < arms.size(); a++) {
            int colour = a;
            String arm = arms.get(a);
            metrics.column(arm + "/" + metric).ifPresent(c -> all.add(series(arm, colour, Stroke.LINE, c)));
        }
        return all.isEmpty()
                ? Optional.empty()
                : Optional.of(new Figure.LineChart(id, title, "", Span.HALF, STEP, y, all, references));
    }

    private static Series series(String name, int colour, Stroke stroke, MetricsFile.Column column) {
        return new Series(name, colour, stroke, column.steps(), column.values());
    }

    /** A column at the given steps, with holes where it was not measured. Both run upwards. */
    private static double[] at(double[] steps, MetricsFile.Column column) {
        double[] values = new double[steps.length];
        Arrays.fill(values, Double.NaN);
        int from = 0;
        for (int i = 0; i < steps.length; i++) {
            while (from < column.steps().length && column.steps()[from] < steps[i]) {
                from++;
            }
            if (from < column.steps().length && column.steps()[from] == steps[i]) {
                values[i] = column.values()[from];
            }
        }
        return values;
    }

    private static String id(String text) {
        return text.replaceAll("[^A-Za-z0-9]+", "-");
    }
}
