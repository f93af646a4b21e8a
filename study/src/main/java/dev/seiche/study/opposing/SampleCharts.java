package dev.seiche.study.opposing;

import dev.seiche.study.ArrayData;
import dev.seiche.study.report.Figure;
import dev.seiche.study.report.Figure.Axis;
import dev.seiche.study.report.Figure.Series;
import dev.seiche.study.report.Figure.Span;
import dev.seiche.study.report.Figure.Stroke;
import dev.seiche.study.trial.Outcomes;
import dev.seiche.study.trial.Plots;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/** Losses of single samples over the steps. */
final class SampleCharts {
    /** Samples of each group that have a row. */
    private static final int ROWS = 8;

    /** Steps on either side of the selection. */
    private static final int AROUND = 20;

    private static final List<Double> SHARES = List.of(0.01, 0.1, 0.5, 0.9, 0.99);

    private SampleCharts() {}

    static List<Figure> all(Outcomes outcomes, Plots plots, List<String> arms) {
        List<Figure> figures = new ArrayList<>();
        for (String arm : arms) {
            OpposingCharts.arrays(outcomes, plots, arm)
                    .filter(arrays -> arrays.containsKey("losses"))
                    .ifPresent(arrays -> {
                        figures.add(spread(arm, arrays));
                        int chosen = (int) outcomes.arm(arm).all().get(0).number("selected_at");
                        figures.add(changes(arm, arrays, chosen));
                    });
        }
        return figures;
    }

    /** The mean loss of all samples at each step; empty where losses were not kept. */
    static double[] means(Map<String, ArrayData> arrays) {
        return loss(arrays).stream()
                .mapToDouble(step -> Arrays.stream(step).average().orElse(Double.NaN))
                .toArray();
    }

    /** A row for each step. */
    private static List<double[]> loss(Map<String, ArrayData> arrays) {
        ArrayData losses = arrays.get("losses");
        if (losses == null) {
            return List.of();
        }
        float[] flat = losses.floats();
        int samples = (int) losses.shape()[1];
        return IntStream.range(0, (int) losses.shape()[0])
                .mapToObj(t -> IntStream.range(t * samples, (t + 1) * samples)
                        .mapToDouble(i -> flat[i])
                        .toArray())
                .toList();
    }

    private static Figure spread(String arm, Map<String, ArrayData> arrays) {
        List<double[]> sorted = loss(arrays);
        sorted.forEach(Arrays::sort);
        double[] steps = IntStream.range(0, sorted.size()).asDoubleStream().toArray();
        List<Series> series = new ArrayList<>();
        for (double share : SHARES) {
            double[] y = sorted.stream()
                    .mapToDouble(step -> step[(int) Math.round(share * (step.length - 1))])
                    .toArray();
            series.add(new Series(Math.round(100 * share) + "%", series.size(), Stroke.LINE, steps, y));
        }
        return new Figure.LineChart(
                "spread-" + id(arm),
                arm + ": quantiles of the samples' losses",
                "",
                Span.HALF,
                Axis.linear("step"),
                Axis.log("loss of a sample"),
                series,
                List.of());
    }

    private static Figure changes(String arm, Map<String, ArrayData> arrays, int chosen) {
        List<double[]> loss = loss(arrays);
        int from = Math.max(1, chosen - AROUND);
        int to = Math.min(loss.size(), chosen + AROUND + 1);
        double[] steps = IntStream.range(from, to).asDoubleStream().toArray();
        List<String> names = new ArrayList<>();
        List<double[]> rows = new ArrayList<>();
        for (String group : List.of("rising", "falling")) {
            int[] samples = ints(arrays, group);
            for (int i = 0; i < Math.min(ROWS, samples.length); i++) {
                int sample = samples[i];
                names.add(group + " " + sample);
                rows.add(IntStream.range(from, to)
                        .mapToDouble(t -> loss.get(t)[sample] - loss.get(t - 1)[sample])
                        .toArray());
            }
        }
        double largest = rows.stream()
                .flatMapToDouble(Arrays::stream)
                .map(Math::abs)
                .max()
                .orElse(1);
        rows.replaceAll(
                row -> Arrays.stream(row).map(d -> d / Math.max(largest, 1e-30)).toArray());
        return new Figure.HeatMap(
                "changes-" + id(arm),
                arm + ": changes around step " + chosen,
                "",
                Span.HALF,
                Axis.linear("step"),
                "number of the sample",
                "change / largest",
                steps,
                names,
                rows);
    }

    private static int[] ints(Map<String, ArrayData> arrays, String name) {
        ArrayData array = arrays.get(name);
        return array == null ? new int[0] : array.ints();
    }

    private static String id(String arm) {
        return arm.replaceAll("[^A-Za-z0-9]+", "-");
    }
}
