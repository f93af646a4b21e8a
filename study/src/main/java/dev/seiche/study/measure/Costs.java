package dev.seiche.study.measure;

import dev.seiche.metrics.MetricSet;
import dev.seiche.nn.train.Probe;
import dev.seiche.nn.train.Step;
import dev.seiche.nn.train.Training;
import dev.seiche.study.report.Digits;
import dev.seiche.study.report.Figure;
import dev.seiche.study.report.Figure.Cell;
import dev.seiche.study.report.Figure.Heading;
import dev.seiche.study.report.Figure.Span;
import dev.seiche.study.trial.Outcomes;
import dev.seiche.study.trial.Workbench;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * What metrics add to the steps of one training, by a clock around each of them; the first tenth of the steps is left out,
 * while code is compiled. Not the same from run to run, as nothing that is timed.
 */
final class Costs implements Probe {
    static final String PLAIN = "plain_ms";
    static final String ADDED = "metrics_ms";
    static final String RATIO = "slower";
    private static final String PART = "ms/";
    private static final double NANOS = 1e6;

    private final List<Stopwatch> watches;
    private final long from;
    private long begun = -1;
    private long begin;
    private long ended = -1;
    private long end;

    Costs(MetricSet metrics, int steps) {
        this.from = steps / 10;
        this.watches = metrics.metrics().stream().map(Stopwatch::new).toList();
    }

    /** The training with the metrics, timed. */
    Training around(Training recipe) {
        Training timed = recipe;
        for (Stopwatch watch : watches) {
            timed = timed.probe(watch);
        }
        return timed.probe(this);
    }

    @Override
    public String name() {
        return "clock";
    }

    /** After the metrics: from here to the same place in the last step, all that makes a step is in once for each. */
    @Override
    public void observe(Step step) {
        end = System.nanoTime();
        ended = step.index();
        if (begun < 0 && step.index() >= from) {
            begin = end;
            begun = ended;
            watches.forEach(Stopwatch::reset);
        }
    }

    /** Numbers of the trial, and a line of the log. */
    void tell(Workbench bench) {
        double steps = ended - begun;
        if (begun < 0 || steps < 1) {
            return;
        }
        double added = 0;
        for (Stopwatch watch : watches) {
            double each = watch.nanos() / NANOS / steps;
            added += each;
            bench.number(PART + watch.name(), each);
        }
        double plain = (end - begin) / NANOS / steps - added;
        bench.number(PLAIN, plain);
        bench.number(ADDED, added);
        bench.number(RATIO, (plain + added) / plain);
        bench.log("a step takes %.3g ms alone and %.3g ms with metrics, %.2f times as long (over %.0f steps)"
                .formatted(plain, plain + added, (plain + added) / plain, steps));
    }

    /** What each metric adds. */
    static Figure.Table table(Outcomes outcomes) {
        Set<String> names = new LinkedHashSet<>();
        outcomes.all()
                .forEach(outcome -> outcome.numbers().keySet().stream()
                        .filter(name -> name.startsWith(PART))
                        .forEach(names::add));
        List<List<Cell>> rows = new ArrayList<>();
        for (String name : names) {
            rows.add(List.of(
                    Cell.of(name.substring(PART.length())),
                    Cell.of(Digits.of(outcomes.mean(name))),
                    Cell.of(Digits.percent(outcomes.mean(name) / outcomes.mean(PLAIN)))));
        }
        return new Figure.Table(
                "costs",
                "What they cost",
                "Mean over all steps but the first tenth, those in which a metric does nothing included.",
                Span.FULL,
                List.of(
                        new Heading("metric", false),
                        new Heading("ms a step", true),
                        new Heading("of a step alone", true)),
                rows);
    }
}
