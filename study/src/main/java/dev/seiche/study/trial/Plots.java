package dev.seiche.study.trial;

import dev.seiche.study.report.Figure;
import dev.seiche.study.report.Figure.Axis;
import dev.seiche.study.report.Figure.Band;
import dev.seiche.study.report.Figure.Reference;
import dev.seiche.study.report.Figure.Series;
import dev.seiche.study.report.Figure.Span;
import dev.seiche.study.report.Figure.Stroke;
import dev.seiche.study.run.MetricsFile;
import dev.seiche.study.run.RunDirectory;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.DoubleUnaryOperator;

/**
 * Charts of trials: a curve for each arm is the mean over seeds, the band behind it goes from the smallest to the largest
 * seed.
 *
 * @param run      whose rows are drawn
 * @param outcomes of its trials; empty before its end
 */
public record Plots(RunDirectory run, Outcomes outcomes) {
    private static final String SEED = "/seed=";

    /**
     * What goes on a chart of arms.
     *
     * @param metric name of the values within a trial
     * @param name   in the legend
     * @param arm    whose
     * @param colour index into the palette
     * @param stroke how it is drawn
     */
    public record Curve(String arm, String metric, String name, int colour, Stroke stroke) {}

    /** How a chart is labelled. */
    public record Frame(String id, String title, String caption, Span span, Axis x, Axis y) {}

    /** The arms that have rows, in order: also of a run that did not come to its end. */
    public List<String> arms() {
        return run.metrics().names().stream()
                .filter(name -> name.contains(SEED))
                .map(name -> name.substring(0, name.indexOf(SEED)))
                .distinct()
                .toList();
    }

    private List<MetricsFile.Column> columns(String arm, String metric) {
        return run.metrics().names().stream()
                .filter(name -> name.startsWith(arm + SEED) && name.endsWith("/" + metric))
                .filter(name -> name.indexOf('/', arm.length() + SEED.length()) == name.length() - metric.length() - 1)
                .flatMap(name -> run.metrics().column(name).stream())
                .toList();
    }

    /** One metric over steps, a curve for each of these arms; nothing where none was measured. */
    public Optional<Figure> overSteps(Frame frame, String metric, List<String> arms, Reference... references) {
        List<Curve> curves = new ArrayList<>();
        for (String arm : arms) {
            curves.add(new Curve(arm, metric, arm, curves.size(), Stroke.LINE));
        }
        return curves(frame, curves, x -> x, references);
    }

    /**
     * Curves over steps.
     *
     * @param x the horizontal place of a step
     */
    public Optional<Figure> curves(Frame frame, List<Curve> curves, DoubleUnaryOperator x, Reference... references) {
        List<Series> series = new ArrayList<>();
        List<Band> bands = new ArrayList<>();
        for (Curve curve : curves) {
            Map<Double, List<Double>> columns = new TreeMap<>();
            for (MetricsFile.Column column : columns(curve.arm(), curve.metric())) {
                for (int i = 0; i < column.steps().length; i++) {
                    columns.computeIfAbsent(column.steps()[i], step -> new ArrayList<>())
                            .add(column.values()[i]);
                }
            }
            Map<Double, List<Double>> placed = new TreeMap<>();
            columns.forEach((step, values) -> placed.put(x.applyAsDouble(step), values));
            add(placed, curve.name(), curve.colour(), curve.stroke(), series, bands);
        }
        return chart(frame, series, bands, references);
    }

    /**
     * Numbers of trials over a setting of their arms.
     *
     * @param setting on the horizontal axis
     * @param lines   number to name, a curve each
     */
    public Optional<Figure> overSetting(
            Frame frame, Outcomes of, String setting, Map<String, String> lines, Reference... references) {
        List<Series> series = new ArrayList<>();
        List<Band> bands = new ArrayList<>();
        lines.forEach((number, name) -> {
            Map<Double, List<Double>> columns = new TreeMap<>();
            of.having(setting).all().forEach(outcome -> {
                Double place = outcome.settings().get(setting);
                if (place != null && !Double.isNaN(outcome.number(number))) {
                    columns.computeIfAbsent(place, p -> new ArrayList<>()).add(outcome.number(number));
                }
            });
            add(columns, name, series.size(), Stroke.LINE, series, bands);
        });
        return chart(frame, series, bands, references);
    }

    private static Optional<Figure> chart(Frame frame, List<Series> series, List<Band> bands, Reference... references) {
        return series.isEmpty()
                ? Optional.empty()
                : Optional.of(new Figure.LineChart(
                        frame.id(),
                        frame.title(),
                        frame.caption(),
                        frame.span(),
                        frame.x(),
                        frame.y(),
                        series,
                        bands,
                        Arrays.asList(references)));
    }

    private static void add(
            Map<Double, List<Double>> columns,
            String name,
            int colour,
            Stroke stroke,
            List<Series> series,
            List<Band> bands) {
        if (columns.isEmpty()) {
            return;
        }
        double[] x = columns.keySet().stream().mapToDouble(Double::doubleValue).toArray();
        double[] mean = new double[x.length];
        double[] low = new double[x.length];
        double[] high = new double[x.length];
        int seeds = 0;
        int i = 0;
        for (List<Double> values : columns.values()) {
            mean[i] = values.stream().mapToDouble(Double::doubleValue).average().orElse(Double.NaN);
            low[i] = values.stream().mapToDouble(Double::doubleValue).min().orElse(Double.NaN);
            high[i] = values.stream().mapToDouble(Double::doubleValue).max().orElse(Double.NaN);
            seeds = Math.max(seeds, values.size());
            i++;
        }
        series.add(new Series(name, colour, stroke, x, mean));
        if (seeds > 1) {
            bands.add(new Band(colour, x, low, high));
        }
    }
}
