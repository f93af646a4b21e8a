package dev.seiche.metrics.preset;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * All that is measured, with need, formula, source, unit and range. Notation: w weights, L mean loss, l_i loss of sample i, g
 * and g_i their gradients, g_B that of mini-batch B, H Hessian of L, eta learning rate, N samples, M weights, t step.
 */
public final class Catalogue {
    private static final int CELLS = 7;

    private Catalogue() {}

    /** Every entry: those of each {@link Measure}, then what is beyond a step. */
    public static List<Entry> entries() {
        return Stream.concat(
                        Arrays.stream(Measure.values()).flatMap(measure -> measure.entries().stream()),
                        parse(LibraryEntries.LIBRARY).stream())
                .toList();
    }

    static List<Entry> parse(String lines) {
        return lines.lines().map(Catalogue::entry).toList();
    }

    private static Entry entry(String line) {
        String[] cells = (line + " ").split(" \\| ", -1); // text blocks lose trailing blanks
        if (cells.length != CELLS) {
            throw new AssertionError(
                    "catalogue: a line has " + CELLS + " cells, this has " + cells.length + ": " + line);
        }
        List<String> of = Arrays.stream(cells).map(String::strip).toList();
        return new Entry(of.get(0), of.get(1), of.get(2), of.get(3), of.get(4), of.get(5), of.get(6));
    }

    /** The entry of a recorded name, be it of a layer. */
    public static Optional<Entry> of(String name) {
        List<Entry> all = entries();
        return all.stream()
                .filter(entry -> entry.name().equals(name))
                .findFirst()
                .or(() -> all.stream().filter(entry -> entry.matches(name)).findFirst());
    }

    /** The table of the documentation. */
    public static String markdown() {
        StringBuilder table = new StringBuilder(
                "| name | measure | need | formula | source | unit | range | a value means |\n|---|---|---|---|---|---|---|---|\n");
        for (Measure measure : Measure.values()) {
            measure.entries().forEach(entry -> table.append(row(entry, measure.word())));
        }
        parse(LibraryEntries.LIBRARY).forEach(entry -> table.append(row(entry, "")));
        return table.toString();
    }

    private static String row(Entry entry, String measure) {
        return Stream.of(
                        "`" + entry.name() + "`",
                        measure,
                        entry.need(),
                        entry.formula(),
                        entry.source(),
                        entry.unit(),
                        entry.range(),
                        entry.meaning())
                .map(cell -> cell.replace("|", "\\|"))
                .collect(Collectors.joining(" | ", "| ", " |\n"));
    }
}
