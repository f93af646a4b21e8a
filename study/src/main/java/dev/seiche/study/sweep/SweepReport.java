package dev.seiche.study.sweep;

import dev.seiche.metrics.statistics.Summary;
import dev.seiche.study.report.Figure;
import dev.seiche.study.report.Figure.Axis;
import dev.seiche.study.report.Figure.Band;
import dev.seiche.study.report.Figure.Cell;
import dev.seiche.study.report.Figure.Heading;
import dev.seiche.study.report.Figure.Mark;
import dev.seiche.study.report.Figure.Series;
import dev.seiche.study.report.Figure.Span;
import dev.seiche.study.report.Figure.Stroke;
import dev.seiche.study.report.Page;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The page of a sweep: how the verdicts fall, every trial, and the numbers over the swept settings with their spread. */
public final class SweepReport {
    /** More charts than anybody reads. */
    private static final int CHARTS = 24;

    private SweepReport() {}

    /** Describes it. */
    public static Page page(SweepPlan plan, SweepTable table) {
        long done = table.rows().stream()
                .filter(row -> row.status().equals("completed"))
                .count();
        List<Page.Fact> facts = new ArrayList<>();
        facts.add(new Page.Fact("Study", plan.study()));
        facts.add(new Page.Fact("Trials", done + " of " + table.rows().size() + " completed"));
        plan.axes().forEach(axis -> facts.add(new Page.Fact(axis.key(), String.join(", ", axis.values()))));
        List<Figure.Table> tables = new ArrayList<>();
        if (table.rows().stream().anyMatch(row -> !row.verdicts().isEmpty())) {
            tables.add(verdicts(table));
        }
        tables.add(trials(table));
        List<Figure> charts = charts(plan, table);
        return new Page(
                "Sweep of " + plan.study(),
                "The same study for every combination of some settings.",
                facts,
                tables,
                charts.isEmpty()
                        ? List.of()
                        : List.of(new Page.Section(
                                "Numbers over settings",
                                "Means over the other settings' repetitions; bands go from the smallest to the largest. Numbers"
                                        + " that do not differ between trials are left out; all of them are in table.csv.",
                                charts)),
                List.of());
    }

    private static Figure.Table verdicts(SweepTable table) {
        Map<String, Map<String, Integer>> counts = new LinkedHashMap<>();
        table.rows()
                .forEach(row -> row.verdicts()
                        .forEach((claim, verdict) -> counts.computeIfAbsent(claim, c -> new TreeMap<>())
                                .merge(verdict, 1, Integer::sum)));
        List<List<Cell>> rows = new ArrayList<>();
        counts.forEach((claim, each) -> {
            int holds = each.getOrDefault("holds", 0);
            int not = each.getOrDefault("does not hold", 0);
            int open = each.getOrDefault("not tested", 0);
            Mark mark = holds + not == 0 ? Mark.OPEN : not == 0 ? Mark.GOOD : Mark.BAD;
            rows.add(List.of(
                    Cell.of(claim),
                    Cell.marked(holds + " of " + (holds + not), mark),
                    Cell.of(Integer.toString(open))));
        });
        return new Figure.Table(
                "verdicts",
                "In how many trials each claim holds",
                "",
                Span.FULL,
                List.of(new Heading("claim", false), new Heading("holds", false), new Heading("not tested", true)),
                rows);
    }

    private static Figure.Table trials(SweepTable table) {
        List<Heading> headings = new ArrayList<>();
        headings.add(new Heading("trial", true));
        if (!table.rows().isEmpty()) {
            table.rows().get(0).settings().keySet().forEach(key -> headings.add(new Heading(key, false)));
        }
        headings.add(new Heading("status", false));
        List<List<Cell>> rows = new ArrayList<>();
        for (SweepTable.Row row : table.rows()) {
            List<Cell> cells = new ArrayList<>();
            cells.add(Cell.of(Integer.toString(rows.size())));
            row.settings().values().forEach(value -> cells.add(Cell.of(value)));
            boolean good = row.status().equals("completed");
            cells.add(Cell.marked(row.status(), good ? Mark.GOOD : Mark.BAD));
            rows.add(cells);
        }
        return new Figure.Table("trials", "Trials", "", Span.FULL, headings, rows);
    }

    /** Over the first axis of numbers that is not the seed; a curve for each combination of the others but the seed. */
    private static List<Figure> charts(SweepPlan plan, SweepTable table) {
        String over = plan.varied().stream()
                .filter(axis -> !axis.key().equals(SweepAxis.SEED))
                .filter(axis -> axis.values().stream().allMatch(SweepReport::isNumber))
                .map(SweepAxis::key)
                .findFirst()
                .orElse(null);
        List<Figure> figures = new ArrayList<>();
        if (over == null) {
            return figures;
        }
        for (String name : table.numberNames()) {
            double[] all = table.rows().stream()
                    .mapToDouble(row -> row.numbers().getOrDefault(name, Double.NaN))
                    .toArray();
            Summary spread = Summary.of(all);
            if (spread.count() > 1 && spread.max() > spread.min() && figures.size() < CHARTS) {
                figures.add(chart(name, over, table));
            }
        }
        return figures;
    }

    private static boolean isNumber(String text) {
        return text.matches("[-+]?(\\d+\\.?\\d*|\\.\\d+)([eE][-+]?\\d+)?");
    }

    private static Figure chart(String name, String over, SweepTable table) {
        Map<String, Map<Double, List<Double>>> curves = new LinkedHashMap<>();
        for (SweepTable.Row row : table.rows()) {
            Double value = row.numbers().get(name);
            String place = row.settings().get(over);
            if (value == null || Double.isNaN(value) || place == null) {
                continue;
            }
            List<String> others = new ArrayList<>();
            row.settings().forEach((key, setting) -> {
                boolean varied = table.rows().stream()
                                .map(r -> r.settings().get(key))
                                .distinct()
                                .count()
                        > 1;
                if (varied && !key.equals(over) && !key.equals(SweepAxis.SEED)) {
                    others.add(key + "=" + setting);
                }
            });
            curves.computeIfAbsent(others.isEmpty() ? name : String.join(", ", others), c -> new TreeMap<>())
                    .computeIfAbsent(Double.valueOf(place), p -> new ArrayList<>())
                    .add(value);
        }
        List<Series> series = new ArrayList<>();
        List<Band> bands = new ArrayList<>();
        curves.forEach((curve, points) -> {
            double[] x =
                    points.keySet().stream().mapToDouble(Double::doubleValue).toArray();
            List<Summary> spreads = points.values().stream()
                    .map(values -> Summary.of(
                            values.stream().mapToDouble(Double::doubleValue).toArray()))
                    .toList();
            bands.add(new Band(
                    series.size(),
                    x,
                    spreads.stream().mapToDouble(Summary::min).toArray(),
                    spreads.stream().mapToDouble(Summary::max).toArray()));
            series.add(new Series(
                    curve,
                    series.size(),
                    Stroke.LINE,
                    x,
                    spreads.stream().mapToDouble(Summary::mean).toArray()));
        });
        return new Figure.LineChart(
                "over-" + name.replaceAll("[^A-Za-z0-9]+", "-"),
                name,
                "",
                Span.HALF,
                Axis.linear(over),
                Axis.linear(name.substring(name.lastIndexOf('/') + 1)),
                series,
                bands,
                List.of());
    }
}
