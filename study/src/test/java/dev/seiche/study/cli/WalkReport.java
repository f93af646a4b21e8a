package dev.seiche.study.cli;

import dev.seiche.study.report.Figure;
import dev.seiche.study.report.Page;
import dev.seiche.study.report.Provenance;
import dev.seiche.study.report.RunReport;
import dev.seiche.study.run.RunDirectory;
import java.util.List;

final class WalkReport implements RunReport {
    @Override
    public Page page(RunDirectory run) {
        List<List<Figure.Cell>> rows = List.of(List.of(
                Figure.Cell.of("x"),
                Figure.Cell.of(run.results(WalkStudy.Found.class)
                        .map(f -> Double.toString(f.last()))
                        .orElse("-"))));
        return new Page(
                "Walk",
                "A walk.",
                Provenance.head(run),
                List.of(new Figure.Table(
                        "found",
                        "Found",
                        "",
                        Figure.Span.FULL,
                        List.of(new Figure.Heading("name", false), new Figure.Heading("last", true)),
                        rows)),
                List.of(new Page.Section(
                        "Path",
                        "",
                        run.metrics().column("x").stream()
                                .<Figure>map(c -> new Figure.LineChart(
                                        "path",
                                        "Path",
                                        "",
                                        Figure.Span.FULL,
                                        Figure.Axis.linear("step"),
                                        Figure.Axis.linear("x"),
                                        List.of(new Figure.Series("x", 0, Figure.Stroke.LINE, c.steps(), c.values())),
                                        List.of()))
                                .toList())),
                Provenance.foot(run));
    }
}
