package dev.seiche.study.gram;

import dev.seiche.study.report.Digits;
import dev.seiche.study.report.Figure;
import dev.seiche.study.report.Figure.Cell;
import dev.seiche.study.report.Figure.Heading;
import dev.seiche.study.report.Figure.Span;
import dev.seiche.study.report.Page;
import dev.seiche.study.report.Provenance;
import dev.seiche.study.report.RunReport;
import dev.seiche.study.run.RunDirectory;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/** The page of a Gram run: cosines in short, their histogram, class blocks. */
public final class GramReport implements RunReport {
    @Override
    public Page page(RunDirectory run) {
        Optional<GramResults> results = run.results(GramResults.class);
        List<Page.Fact> foot = new ArrayList<>(Provenance.foot(run));
        results.ifPresent(found -> foot.add(new Page.Fact("Plan", String.join("\n", found.plan()))));
        return new Page(
                "Gradients of pairs of samples",
                "How does the gradient of each sample's loss lie to that of every other: together, across, or against?",
                Provenance.head(run),
                results.map(found -> List.of(summary(found))).orElse(List.of()),
                results.map(GramReport::sections).orElse(List.of()),
                foot);
    }

    private static Figure.Table summary(GramResults found) {
        GramResults.Screening screening = found.screening();
        return screening == null ? allPairs(found) : extremes(found, screening);
    }

    private static Figure.Table extremes(GramResults found, GramResults.Screening screening) {
        return new Figure.Table(
                "extremes",
                "Extreme cosines of %d pairs of %d samples"
                        .formatted(screening.lowest().screened(), found.samples()),
                "All pairs were estimated from sketches of %d numbers, and those within %s standard deviations of an extreme computed"
                                .formatted(screening.buckets(), Digits.of(screening.deviations()))
                        + " exactly. The last column bounds the probability that another pair is more extreme.",
                Span.FULL,
                List.of(
                        new Heading("", false),
                        new Heading("cosine", true),
                        new Heading("of", false),
                        new Heading("pairs screened", true),
                        new Heading("computed exactly", true),
                        new Heading("missed", true)),
                List.of(row("lowest", screening.lowest()), row("highest", screening.highest())));
    }

    private static List<Cell> row(String name, GramResults.Extreme extreme) {
        return cells(
                name,
                Digits.of(extreme.cosine()),
                pair(extreme.pair()),
                Long.toString(extreme.screened()),
                Long.toString(extreme.computed()),
                Digits.of(extreme.failure()));
    }

    private static Figure.Table allPairs(GramResults found) {
        List<Heading> headings = List.of(
                new Heading("parameters", false),
                new Heading("mean", true),
                new Heading("lowest", true),
                new Heading("of", false),
                new Heading("1%", true),
                new Heading("median", true),
                new Heading("99%", true),
                new Heading("highest", true),
                new Heading("of", false),
                new Heading("below 0", true));
        List<List<Cell>> rows = new ArrayList<>();
        for (GramResults.Cosines layer : found.layers()) {
            rows.add(cells(
                    layer.name(),
                    Digits.of(layer.mean()),
                    Digits.of(layer.lowest()),
                    pair(layer.lowestPair()),
                    Digits.of(quantile(layer, 0.01)),
                    Digits.of(quantile(layer, 0.5)),
                    Digits.of(quantile(layer, 0.99)),
                    Digits.of(layer.highest()),
                    pair(layer.highestPair()),
                    Digits.percent(layer.negativeShare())));
        }
        long undefined = found.layers().getFirst().undefined();
        return new Figure.Table(
                "summary",
                "Cosines of %d pairs of %d samples"
                        .formatted(found.layers().getFirst().pairs(), found.samples()),
                "Exact, each pair once; the lowest is the gradient confusion. Quantiles are off by at most 0.8% of themselves."
                        + (undefined == 0 ? "" : " " + undefined + " pairs have none, because a gradient is zero."),
                Span.FULL,
                headings,
                rows);
    }

    private static String pair(List<Integer> pair) {
        return pair.isEmpty() ? "-" : pair.get(0) + ", " + pair.get(1);
    }

    private static double quantile(GramResults.Cosines layer, double share) {
        return layer.quantiles().get(GramResults.Cosines.SHARES.indexOf(share));
    }

    private static List<Page.Section> sections(GramResults found) {
        if (found.screening() != null) {
            return List.of();
        }
        List<Page.Section> sections = new ArrayList<>();
        sections.add(new Page.Section(
                "Histogram",
                "Share of pairs by cosine, of all parameters together and of each layer by itself. What lies left of 0 are pairs"
                        + " of samples of which each undoes a part of what the other learns.",
                List.of(histogram(found))));
        if (!found.classes().isEmpty()) {
            sections.add(new Page.Section(
                    "Classes",
                    "Cosines of two samples by the classes of the two. On the diagonal both are of one class.",
                    List.of(
                            blocks("class-means", "Mean cosine", "mean", found, found.classMeans()),
                            blocks("class-lowest", "Lowest cosine", "lowest", found, found.classLowest()))));
        }
        return sections;
    }

    private static Figure histogram(GramResults found) {
        List<Figure.Series> series = new ArrayList<>();
        int first = Integer.MAX_VALUE;
        int last = 0;
        for (GramResults.Cosines layer : found.layers()) {
            List<Long> counts = layer.histogram();
            for (int b = 0; b < counts.size(); b++) {
                if (counts.get(b) > 0) {
                    first = Math.min(first, b);
                    last = Math.max(last, b);
                }
            }
        }
        for (GramResults.Cosines layer : found.layers()) {
            List<Long> counts = layer.histogram();
            double width = 2.0 / counts.size();
            int from = Math.min(first, last);
            double[] x = IntStream.rangeClosed(from, last)
                    .mapToDouble(b -> -1 + (b + 0.5) * width)
                    .toArray();
            double[] y = IntStream.rangeClosed(from, last)
                    .mapToDouble(b -> (double) counts.get(b) / layer.pairs())
                    .toArray();
            int colour = series.size();
            series.add(new Figure.Series(
                    layer.name(), colour, colour == 0 ? Figure.Stroke.LINE : Figure.Stroke.DASHED, x, y));
        }
        return new Figure.LineChart(
                "histogram",
                "Cosines",
                "Bins are 0.01 wide; those without a pair are left out.",
                Span.FULL,
                Figure.Axis.linear("cosine"),
                Figure.Axis.log("share of pairs"),
                series,
                List.of());
    }

    private static Figure blocks(String id, String title, String legend, GramResults found, List<List<Double>> values) {
        double[] columns =
                IntStream.range(0, found.classes().size()).mapToDouble(b -> b).toArray();
        List<double[]> rows = values.stream()
                .map(row -> row.stream().mapToDouble(Double::doubleValue).toArray())
                .toList();
        return new Figure.HeatMap(
                id,
                title,
                "White where no two samples make a pair.",
                Span.HALF,
                Figure.Axis.linear("class"),
                "class",
                legend,
                columns,
                found.classes(),
                rows);
    }

    private static List<Cell> cells(String... texts) {
        return List.of(texts).stream().map(Cell::of).toList();
    }
}
