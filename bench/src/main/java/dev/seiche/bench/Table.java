package dev.seiche.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;

/** Times side by side: a row for each task and number of threads, a column for each framework. */
final class Table {
    private final List<Framework> frameworks;
    private final Rows rows;

    Table(List<Framework> frameworks, List<Timing> timings) {
        this.frameworks = List.copyOf(frameworks);
        List<String> titles = new ArrayList<>(List.of("work", "threads"));
        frameworks.forEach(f -> titles.add(f.title() + ", ms"));
        titles.add("fastest other / Seiche");
        rows = new Rows(titles.toArray(String[]::new));
        for (Timing mine : timings) {
            if (mine.framework().equals(frameworks.get(0).name())) {
                rows.add(row(mine, timings).toArray(String[]::new));
            }
        }
    }

    private List<String> row(Timing mine, List<Timing> timings) {
        List<String> row = new ArrayList<>(List.of(mine.task().title(), Integer.toString(mine.threads())));
        for (Framework framework : frameworks) {
            row.add(timings.stream()
                    .filter(t -> sameWork(t, mine) && t.framework().equals(framework.name()))
                    .findFirst()
                    .map(t -> digits(t.median()))
                    .orElse("-"));
        }
        OptionalDouble ratio = ratio(mine, timings);
        row.add(ratio.isPresent() ? String.format(Locale.ROOT, "%.2f", ratio.getAsDouble()) : "-");
        return row;
    }

    /** The median of the fastest other framework over this one's: above 1 this one is faster than all. */
    static OptionalDouble ratio(Timing mine, List<Timing> timings) {
        OptionalDouble best = timings.stream()
                .filter(t -> sameWork(t, mine) && !t.framework().equals(mine.framework()))
                .mapToDouble(Timing::median)
                .min();
        return best.isPresent() ? OptionalDouble.of(best.getAsDouble() / mine.median()) : best;
    }

    private static boolean sameWork(Timing a, Timing b) {
        return a.task().equals(b.task()) && a.threads() == b.threads();
    }

    /** Three significant digits. */
    private static String digits(double milliseconds) {
        int decimals = milliseconds >= 100 ? 0 : milliseconds >= 10 ? 1 : milliseconds >= 1 ? 2 : 3;
        return String.format(Locale.ROOT, "%." + decimals + "f", milliseconds);
    }

    /** For a terminal; also a table in Markdown. */
    @Override
    public String toString() {
        return rows.toString();
    }
}
