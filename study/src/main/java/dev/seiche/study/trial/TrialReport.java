package dev.seiche.study.trial;

import dev.seiche.metrics.Finding;
import dev.seiche.metrics.Verdict;
import dev.seiche.metrics.statistics.Summary;
import dev.seiche.study.report.Digits;
import dev.seiche.study.report.Figure;
import dev.seiche.study.report.Figure.Cell;
import dev.seiche.study.report.Figure.Heading;
import dev.seiche.study.report.Figure.Mark;
import dev.seiche.study.report.Figure.Span;
import dev.seiche.study.report.Page;
import dev.seiche.study.report.Provenance;
import dev.seiche.study.report.RunReport;
import dev.seiche.study.run.RunDirectory;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The page of a study of trials: the verdicts, the arms in numbers, then the experiment's own figures. */
public final class TrialReport implements RunReport {
    private final Experiment<?, ?> experiment;

    public TrialReport(Experiment<?, ?> experiment) {
        this.experiment = experiment;
    }

    @Override
    public Page page(RunDirectory run) {
        TrialResults results = run.results(TrialResults.class).orElseGet(() -> new TrialResults(List.of(), List.of()));
        Outcomes outcomes = new Outcomes(results.outcomes());
        List<Figure.Table> tables = new ArrayList<>();
        if (!results.findings().isEmpty()) {
            // what was tested comes first
            tables.add(verdicts(results.findings().stream()
                    .sorted(Comparator.comparing(finding -> finding.verdict() == Verdict.NOT_TESTED))
                    .toList()));
        }
        if (!outcomes.all().isEmpty()) {
            Figure.Table arms = arms(outcomes, experiment.shown());
            if (!arms.rows().isEmpty()) {
                tables.add(arms);
            }
            tables.addAll(experiment.tables(outcomes));
        }
        return new Page(
                experiment.title(),
                experiment.lead(),
                Provenance.head(run),
                tables,
                experiment.sections(outcomes, new Plots(run, outcomes)).stream()
                        .filter(section -> !section.figures().isEmpty())
                        .toList(),
                Provenance.foot(run));
    }

    /** A row for each claim. */
    public static Figure.Table verdicts(List<Finding> findings) {
        List<List<Cell>> rows = new ArrayList<>();
        for (Finding finding : findings) {
            Cell verdict = switch (finding.verdict()) {
                case HOLDS -> Cell.marked("holds", Mark.GOOD);
                case DOES_NOT_HOLD -> Cell.marked("does not hold", Mark.BAD);
                case NOT_TESTED -> Cell.marked("not tested", Mark.OPEN);
            };
            rows.add(List.of(
                    Cell.of(finding.id() + " " + finding.statement()),
                    verdict,
                    new Cell(finding.reason(), Mark.PLAIN, numbers(finding))));
        }
        return new Figure.Table(
                "verdicts",
                "What was claimed, and what this run says",
                "Numbers are means over seeds, followed by the standard deviation over seeds.",
                Span.FULL,
                List.of(new Heading("claim", false), new Heading("this run", false), new Heading("because", false)),
                rows);
    }

    /** {@code name 1.23 +- 0.04}, a line for each group before the last slash. */
    private static String numbers(Finding finding) {
        Map<String, Double> numbers = finding.numbers();
        Map<String, List<String>> lines = new LinkedHashMap<>();
        numbers.forEach((name, value) -> {
            if (Double.isNaN(value) && finding.verdict() == Verdict.NOT_TESTED) {
                return; // what was not measured is why
            }
            if (name.endsWith("_sd") && numbers.containsKey(name.substring(0, name.length() - 3))) {
                return;
            }
            int slash = name.lastIndexOf('/');
            String group = slash < 0 ? "" : name.substring(0, slash) + ": ";
            Double spread = numbers.get(name + "_sd");
            lines.computeIfAbsent(group, g -> new ArrayList<>())
                    .add(name.substring(slash + 1).replace('_', ' ') + " " + shown(value)
                            + (spread == null ? "" : " \u00b1 " + Digits.of(spread, 2)));
        });
        List<String> text = new ArrayList<>();
        lines.forEach((group, all) -> text.add(group + String.join(", ", all)));
        return String.join("\n", text);
    }

    private static String shown(double value) {
        boolean count = value == Math.rint(value) && Math.abs(value) < 1e9;
        return count ? Long.toString((long) value) : Digits.of(value);
    }

    private static Figure.Table arms(Outcomes outcomes, List<Experiment.Shown> shown) {
        List<Heading> headings = new ArrayList<>();
        headings.add(new Heading("arm", false));
        headings.add(new Heading("seeds", true));
        List<Experiment.Shown> measured = shown.stream()
                .filter(column -> outcomes.spread(column.number()).count() > 0)
                .toList();
        measured.forEach(column -> headings.add(new Heading(column.heading(), true)));
        List<List<Cell>> rows = new ArrayList<>();
        for (String arm : outcomes.arms()) {
            Outcomes mine = outcomes.arm(arm);
            List<Cell> row = new ArrayList<>();
            if (measured.stream()
                            .allMatch(column -> mine.spread(column.number()).count() == 0)
                    && mine.all().stream().allMatch(o -> o.failed() == null)) {
                continue; // another part of the study: its numbers are beside its claims
            }
            long failed = mine.all().stream().filter(o -> o.failed() != null).count();
            row.add(new Cell(arm, Mark.PLAIN, failed == 0 ? "" : failed + " diverged"));
            row.add(Cell.of(Integer.toString(mine.all().size())));
            measured.forEach(column -> row.add(Cell.of(spread(mine.spread(column.number())))));
            rows.add(row);
        }
        return new Figure.Table(
                "arms",
                "What was measured",
                "Mean over seeds \u00b1 standard deviation over seeds.",
                Span.FULL,
                headings,
                rows);
    }

    private static String spread(Summary spread) {
        if (spread.count() == 0) {
            return "-";
        }
        return Digits.of(spread.mean()) + (spread.count() > 1 ? " \u00b1 " + Digits.of(spread.deviation(), 2) : "");
    }
}
