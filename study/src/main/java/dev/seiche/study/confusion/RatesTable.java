package dev.seiche.study.confusion;

import dev.seiche.study.report.Digits;
import dev.seiche.study.report.Figure;
import dev.seiche.study.report.Figure.Cell;
import dev.seiche.study.report.Figure.Heading;
import dev.seiche.study.report.Figure.Mark;
import dev.seiche.study.report.Figure.Span;
import dev.seiche.study.trial.Outcomes;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;

/** Which rate each net took and why, and whether it learnt anything at all. */
final class RatesTable {
    private RatesTable() {}

    /** One table, or none where no net was trained. */
    static List<Figure.Table> of(Outcomes outcomes) {
        Outcomes nets = outcomes.where(o -> o.numbers().containsKey("rate"));
        if (nets.all().isEmpty()) {
            return List.of();
        }
        TreeSet<Double> rates = new TreeSet<>();
        nets.all()
                .forEach(o -> o.numbers().keySet().stream()
                        .filter(name -> name.startsWith(ConfusionTraining.LOSS_AT))
                        .forEach(
                                name -> rates.add(Double.valueOf(name.substring(ConfusionTraining.LOSS_AT.length())))));
        List<Heading> headings = new ArrayList<>();
        headings.add(new Heading("net", false));
        rates.forEach(rate -> headings.add(new Heading("loss at " + text(rate), true)));
        headings.add(new Heading("taken", true));
        headings.add(new Heading("learnt", false));
        List<List<Cell>> rows = new ArrayList<>();
        for (String arm : nets.arms()) {
            Outcomes mine = nets.arm(arm);
            List<Cell> row = new ArrayList<>();
            row.add(Cell.of(arm));
            for (double rate : rates) {
                row.add(Cell.of(loss(mine.numbers(ConfusionTraining.LOSS_AT + rate))));
            }
            row.add(Cell.of(text(mine.mean("rate"))));
            int seeds = mine.all().size();
            long learnt = mine.all().stream()
                    .filter(o -> o.number(ConfusionTraining.TRAINED) == 1)
                    .count();
            row.add(Cell.marked(learnt + " of " + seeds, learnt == seeds ? Mark.GOOD : Mark.OPEN));
            rows.add(row);
        }
        return List.of(new Figure.Table(
                "rates",
                "Learning rates",
                "Each net takes the rate with the lowest training loss of its first seed (mean over the last epoch), as the paper"
                        + " does; its grid is not published, this one is ours. Learnt: seeds whose loss came below 0.9"
                        + " ln(classes), where ln(classes) is that of guessing. The cosines of a net that learnt nothing are"
                        + " still those of its first weights.",
                Span.FULL,
                headings,
                rows));
    }

    /** As it is written in a configuration. */
    private static String text(double rate) {
        return Double.toString(rate).replaceAll("\\.0$", "");
    }

    /** Of the first seed, the one that tried. */
    private static String loss(double[] tried) {
        for (double loss : tried) {
            if (!Double.isNaN(loss)) {
                return Double.isInfinite(loss) ? "diverged" : Digits.of(loss);
            }
        }
        return "-";
    }
}
