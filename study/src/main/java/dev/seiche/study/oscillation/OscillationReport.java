package dev.seiche.study.oscillation;

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
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The page of an oscillation run: the claims, then loss, cosine, prediction, sharpness and progress. */
public final class OscillationReport implements RunReport {
    @Override
    public Page page(RunDirectory run) {
        Optional<OscillationResults> results = run.results(OscillationResults.class);
        OscillationCharts charts = new OscillationCharts(run.metrics());
        List<Figure.Table> tables = new ArrayList<>();
        List<Page.Section> sections = new ArrayList<>();
        results.ifPresent(found -> {
            tables.add(summary(found.arms()));
            tables.add(verdicts(found.verdicts()));
        });
        sections.add(new Page.Section(
                "Training",
                "Full-batch gradient descent, one curve per learning rate. A smooth run and an oscillating one can both "
                        + "bring the loss down; the oscillating one does not do it monotonically.",
                charts.training()));
        sections.add(new Page.Section(
                "Cosine of adjacent gradients",
                "How far the gradient of a step points along (1) or against (-1) that of the step before, by layer from "
                        + "input to output. Deep orange is oscillation.",
                charts.cosineMaps()));
        sections.add(new Page.Section(
                "Foretold by one Hessian-vector product",
                "The cosine of the next step, computed from the gradient and one Hessian-vector product at this one "
                        + "without looking ahead, beside what was then measured.",
                charts.predictions()));
        sections.add(new Page.Section(
                "Sharpness",
                "The largest eigenvalue of the Hessian against 2 / learning rate, beyond which a step overshoots along "
                        + "its eigenvector. Oscillation sets in some steps after the crossing.",
                charts.sharpness()));
        sections.add(new Page.Section(
                "Restarted with a smaller rate",
                "If oscillation is the edge of stability at every scale, a smaller rate stops it at once, the sharpness "
                        + "drifts up towards the new limit, and there oscillation begins again.",
                charts.restarts()));
        results.ifPresent(found -> sections.add(progress(found.arms())));
        return new Page(
                "Gradient oscillation",
                "Do gradients of adjacent steps of full-batch gradient descent point against each other, when, in which "
                        + "layers, and how much of the progress is made meanwhile?",
                Provenance.head(run),
                tables,
                sections.stream().filter(s -> !s.figures().isEmpty()).toList(),
                Provenance.foot(run));
    }

    private static Figure.Table summary(List<OscillationResults.Arm> arms) {
        List<Heading> headings = List.of(
                new Heading("learning rate", true),
                new Heading("loss, first to last", true),
                new Heading("lowest cosine", true),
                new Heading("rate x sharpness reaches 2", true),
                new Heading("oscillates from", true),
                new Heading("then below -0.9", true),
                new Heading("rate x sharpness then", true),
                new Heading("prediction error", true));
        List<List<Cell>> rows = new ArrayList<>();
        for (OscillationResults.Arm arm : arms) {
            double strong = arm.thresholds().stream()
                    .filter(t -> t.tau() == 0.9)
                    .mapToDouble(OscillationResults.Threshold::afterOnset)
                    .findFirst()
                    .orElse(Double.NaN);
            rows.add(cells(
                    arm.name().replace("lr=", "").replace("/seed=", ", seed "),
                    Digits.of(arm.firstLoss()) + " to " + Digits.of(arm.lastLoss()),
                    Digits.of(arm.lowestCosine()),
                    step(arm.crossing()),
                    step(arm.onset()),
                    arm.onset() == null ? "-" : Digits.percent(strong) + " of steps",
                    arm.onset() == null ? "-" : Digits.of(arm.afterStability()),
                    Digits.of(arm.prediction().medianError(), 2)));
        }
        return new Figure.Table(
                "summary",
                "What was measured",
                "Oscillation sets in at the first step whose cosine is below -0.5. Sharpness is the largest eigenvalue "
                        + "of the Hessian; rate x sharpness is its median from then on. The prediction error is the median "
                        + "absolute difference of the predicted and the measured cosine.",
                Span.FULL,
                headings,
                rows);
    }

    private static String step(@Nullable Long step) {
        return step == null ? "never" : "step " + step;
    }

    private static Figure.Table verdicts(List<OscillationResults.Verdict> verdicts) {
        List<List<Cell>> rows = new ArrayList<>();
        for (OscillationResults.Verdict verdict : verdicts) {
            Mark mark = switch (verdict.outcome()) {
                case HOLDS -> Mark.GOOD;
                case DOES_NOT_HOLD -> Mark.BAD;
                case NOT_TESTED -> Mark.OPEN;
            };
            rows.add(List.of(
                    Cell.of(verdict.claim()),
                    Cell.marked(verdict.outcome().words(), mark),
                    new Cell(verdict.evidence(), Mark.PLAIN, numbers(verdict.numbers()))));
        }
        return new Figure.Table(
                "verdicts",
                "What was claimed, and what this run says",
                "",
                Span.FULL,
                List.of(new Heading("claim", false), new Heading("this run", false), new Heading("because", false)),
                rows);
    }

    /** A line per arm, then those that belong to none. */
    private static String numbers(Map<String, Double> numbers) {
        Map<String, List<String>> lines = new LinkedHashMap<>();
        numbers.forEach((name, value) -> {
            if (name.endsWith("_sd") && numbers.containsKey(name.substring(0, name.length() - 3))) {
                return;
            }
            int slash = name.indexOf('/');
            String arm = slash < 0 ? "" : name.substring(0, slash) + ": ";
            double spread = numbers.getOrDefault(name + "_sd", Double.NaN);
            lines.computeIfAbsent(arm, a -> new ArrayList<>())
                    .add(name.substring(slash + 1).replace('_', ' ') + " " + number(value)
                            + (Double.isNaN(spread) ? "" : " \u00b1 " + Digits.of(spread, 2)));
        });
        List<String> text = new ArrayList<>();
        lines.forEach((arm, all) -> text.add(arm + String.join(", ", all)));
        return String.join("\n", text);
    }

    private static String number(double value) {
        boolean count = value == Math.rint(value) && Math.abs(value) < 1e9;
        return count ? Long.toString((long) value) : Digits.of(value);
    }

    private static Page.Section progress(List<OscillationResults.Arm> arms) {
        List<Heading> headings = List.of(
                new Heading("learning rate", true),
                new Heading("cosine below", true),
                new Heading("share of steps", true),
                new Heading("of progress, step by step", true),
                new Heading("of progress, by segments", true),
                new Heading("of log progress", true));
        List<List<Cell>> rows = new ArrayList<>();
        for (OscillationResults.Arm arm : arms) {
            for (OscillationResults.Threshold t : arm.thresholds()) {
                rows.add(cells(
                        Double.toString(arm.learningRate()),
                        t.tau() == 0 ? "0" : Double.toString(-t.tau()),
                        Digits.percent(t.share()),
                        Digits.percent(t.oneStep()),
                        Digits.percent(t.segments()),
                        Digits.percent(t.log())));
            }
        }
        List<Figure> figures = new ArrayList<>(OscillationCharts.progress(arms));
        figures.add(new Figure.Table(
                "progress-table",
                "The same in numbers",
                "Step by step adds up the loss lost at each oscillating step and may be negative, since such steps "
                        + "nearly cancel. By segments merges steps with gaps of at most 2 and takes the loss at the ends. Log "
                        + "progress does the same with the logarithm of the loss.",
                Span.FULL,
                headings,
                rows));
        return new Page.Section(
                "Progress made while oscillating",
                "How much of the fall of the loss falls to oscillating steps, in three readings, beside how much of the "
                        + "time they take. Most of the raw loss is lost early, so the logarithm tells more about the later "
                        + "orders of magnitude.",
                figures);
    }

    private static List<Cell> cells(String... texts) {
        return List.of(texts).stream().map(Cell::of).toList();
    }
}
