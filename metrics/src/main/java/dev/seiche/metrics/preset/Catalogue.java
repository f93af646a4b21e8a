package dev.seiche.metrics.preset;

import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * All that is measured, with formula, source, unit and range. Notation: w weights, L mean loss, l_i loss of sample i, g and
 * g_i their gradients, g_B that of mini-batch B, H Hessian of L, eta learning rate, N samples, M weights, t step.
 */
public final class Catalogue {
    private Catalogue() {}

    /** Every entry, by room. */
    public static List<Entry> entries() {
        return Stream.of(
                        TrainingEntries.ALL,
                        OscillationEntries.ALL,
                        SampleEntries.ALL,
                        TailEntries.ALL,
                        CurvatureEntries.ALL,
                        LibraryEntries.ALL)
                .flatMap(String::lines)
                .filter(line -> !line.isBlank())
                .map(Catalogue::entry)
                .toList();
    }

    private static Entry entry(String line) {
        String[] cells = (line + " ").split(" \\| ", -1); // text blocks lose trailing blanks
        if (cells.length != 6) {
            throw new AssertionError("catalogue: a line has 6 cells, this has " + cells.length + ": " + line);
        }
        return new Entry(
                cells[0].strip(),
                cells[1].strip(),
                cells[2].strip(),
                cells[3].strip(),
                cells[4].strip(),
                cells[5].strip());
    }

    /** The entry of a recorded name, be it of a layer. */
    public static Optional<Entry> of(String name) {
        return entries().stream()
                .filter(entry -> entry.name().equals(name))
                .findFirst()
                .or(() -> entries().stream()
                        .filter(entry -> isOf(entry.name(), name))
                        .findFirst());
    }

    private static boolean isOf(String pattern, String name) {
        int at = pattern.indexOf('<');
        return at >= 0 && name.length() > at && name.startsWith(pattern.substring(0, at));
    }

    /** The table of the documentation. */
    public static String markdown() {
        return entries().stream()
                .map(entry -> Stream.of(
                                "`" + entry.name() + "`",
                                entry.formula(),
                                entry.source(),
                                entry.unit(),
                                entry.range(),
                                entry.meaning())
                        .map(cell -> cell.replace("|", "\\|"))
                        .collect(Collectors.joining(" | ", "| ", " |")))
                .collect(Collectors.joining(
                        "\n",
                        "| name | formula | source | unit | range | a value means |\n|---|---|---|---|---|---|\n",
                        "\n"));
    }
}
