package dev.seiche.study.cli;

import dev.seiche.metrics.preset.Catalogue;
import dev.seiche.metrics.preset.Entry;
import dev.seiche.metrics.preset.Measure;
import dev.seiche.metrics.preset.Preset;
import dev.seiche.study.Suggestions;
import dev.seiche.study.UserException;
import dev.seiche.study.measure.Overhead;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code seiche metrics}: what can be measured, and what that costs. */
@Command(
        name = "metrics",
        description = {
            "Lists the metrics: name, need, unit, formula, source.",
            "'seiche measure --metrics NAME,...' measures them."
        })
final class MetricsCommand implements Callable<Integer> {
    private final Console console;

    @Parameters(
            index = "0..*",
            paramLabel = "MEASURE",
            description = "Only these measures, or entries that contain this word.")
    private List<String> words = new ArrayList<>();

    @Option(names = "--overhead", description = "Times the presets on two networks instead: half a minute or more.")
    private boolean overhead;

    @Option(
            names = "--write",
            paramLabel = "FILE",
            description = "With --overhead: puts the table between its markers in this file.")
    private @Nullable Path file;

    MetricsCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() {
        if (overhead) {
            String table = Overhead.table(line -> console.err().println(line));
            console.out().print(table);
            if (file != null) {
                Overhead.write(file, table);
                console.out().println("written into " + file);
            }
            return 0;
        }
        if (file != null) {
            throw new UserException("--write %s goes with --overhead; give both".formatted(file));
        }
        int shown = 0;
        for (Measure measure : Measure.values()) {
            shown += print(
                    "%s: every %s by itself%s"
                            .formatted(
                                    measure.word(),
                                    measure.usual() == 1 ? "step" : measure.usual() + " steps",
                                    presets(measure)),
                    measure.entries().stream()
                            .filter(entry -> wanted(measure.word(), entry))
                            .toList());
        }
        List<Entry> measured = Arrays.stream(Measure.values())
                .flatMap(measure -> measure.entries().stream())
                .toList();
        shown += print(
                "further, from Java or by the command in the second column",
                Catalogue.entries().stream()
                        .filter(entry -> !measured.contains(entry) && wanted("", entry))
                        .toList());
        if (shown == 0) {
            List<String> known =
                    Arrays.stream(Measure.values()).map(Measure::word).toList();
            throw new UserException("there is no metric '%s'; %s"
                    .formatted(String.join(" ", words), Suggestions.sentence(words.get(0), known)));
        }
        return 0;
    }

    private static String presets(Measure measure) {
        List<String> in = Stream.of(Preset.values())
                .filter(preset -> preset.measures().contains(measure))
                .map(preset -> preset.name().toLowerCase(Locale.ROOT))
                .toList();
        return in.isEmpty() ? "; in no preset" : "; in " + String.join(", ", in);
    }

    private boolean wanted(String measure, Entry entry) {
        return words.isEmpty()
                || words.contains(measure)
                || words.stream().anyMatch(word -> entry.name().contains(word));
    }

    private int print(String heading, List<Entry> entries) {
        if (entries.isEmpty()) {
            return 0;
        }
        console.out().println(heading);
        for (Entry entry : entries) {
            console.out()
                    .println("  %-32s %-17s %-20s %s%s"
                            .formatted(
                                    entry.name(),
                                    entry.need(),
                                    entry.unit().isEmpty() ? "-" : entry.unit(),
                                    entry.formula(),
                                    entry.source().isEmpty() ? "" : " [" + entry.source() + "]"));
        }
        return entries.size();
    }
}
