package dev.seiche.metrics.preset;

import dev.seiche.metrics.BatchGradients;
import dev.seiche.metrics.Metric;
import dev.seiche.metrics.MetricSet;
import dev.seiche.metrics.MetricSink;
import dev.seiche.tensor.Rng;
import dev.seiche.tensor.Scope;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Metrics chosen by name. A name is that of a {@link Measure}, {@code sharpness}, for all that it records; of one entry of the
 * catalogue, {@code grad/cos}, or of one layer's, {@code grad/cos/fc1}; or of all that begin alike, {@code confusion/sample/*}.
 * {@code @10} behind it measures at steps 0, 10, 20, ... in place of the usual schedule.
 */
public final class Selection {
    /** One measure and what is recorded of it. */
    private record Part(List<String> names, long every) {}

    private final Map<Measure, Part> parts = new EnumMap<>(Measure.class);

    private Selection() {}

    /**
     * These names.
     *
     * @throws IllegalArgumentException where one is not {@link #knows known}, or an interval is no number from 1
     */
    public static Selection of(List<String> names) {
        Selection selection = new Selection();
        names.forEach(selection::add);
        return selection;
    }

    private void add(String word) {
        String name = withoutInterval(word);
        boolean found = false;
        for (Measure measure : Measure.values()) {
            List<Entry> chosen = chosen(measure, name);
            if (!chosen.isEmpty()) {
                found = true;
                long every = interval(word, measure.usual());
                // one layer's name stands for itself
                boolean concrete = !name.equals(measure.word())
                        && !name.endsWith("*")
                        && chosen.size() == 1
                        && chosen.get(0).name().contains("<");
                List<String> more = concrete
                        ? List.of(name)
                        : chosen.stream().map(Entry::name).toList();
                parts.merge(
                        measure,
                        new Part(more, every),
                        (a, b) -> new Part(
                                Stream.concat(a.names.stream(), b.names.stream())
                                        .distinct()
                                        .toList(),
                                Math.min(a.every, b.every)));
            }
        }
        if (!found) {
            throw new IllegalArgumentException(
                    "there is no metric '" + name + "'; known: " + String.join(", ", words()));
        }
    }

    private static List<Entry> chosen(Measure measure, String name) {
        List<Entry> entries = measure.entries();
        List<Entry> exact =
                entries.stream().filter(entry -> entry.name().equals(name)).toList();
        boolean shadowed = Arrays.stream(Measure.values())
                .flatMap(other -> other.entries().stream())
                .anyMatch(entry -> entry.name().equals(name));
        if (measure.word().equals(name)) {
            return entries;
        }
        if (shadowed) {
            // a measure of the same name has it all
            return isMeasure(name) ? List.of() : exact;
        }
        if (name.endsWith("*")) {
            String prefix = name.substring(0, name.length() - 1);
            return entries.stream()
                    .filter(entry -> entry.name().startsWith(prefix))
                    .toList();
        }
        return entries.stream()
                .filter(entry -> !name.contains("<") && entry.matches(name))
                .toList();
    }

    private static boolean isMeasure(String name) {
        return words().contains(name);
    }

    private static String withoutInterval(String word) {
        int at = word.lastIndexOf('@');
        return at < 0 ? word : word.substring(0, at);
    }

    private static long interval(String word, long usual) {
        int at = word.lastIndexOf('@');
        if (at < 0) {
            return usual;
        }
        String every = word.substring(at + 1);
        if (!every.matches("[1-9][0-9]{0,8}")) {
            throw new IllegalArgumentException("metric '" + word
                    + "': behind @ is the number of steps between measurements, from 1, not '" + every + "'");
        }
        return Long.parseLong(every);
    }

    /** Whether {@link #of} takes this name. */
    public static boolean knows(String word) {
        String name = withoutInterval(word);
        return Arrays.stream(Measure.values())
                .anyMatch(measure -> !chosen(measure, name).isEmpty());
    }

    /** The names of all measures. */
    public static List<String> words() {
        return Arrays.stream(Measure.values()).map(Measure::word).toList();
    }

    /** What was chosen. */
    public List<Measure> measures() {
        return List.copyOf(parts.keySet());
    }

    /** Steps between two measurements of one of the chosen measures. */
    public long every(Measure measure) {
        return part(measure).every;
    }

    private Part part(Measure measure) {
        Part part = parts.get(measure);
        if (part == null) {
            throw new IllegalArgumentException("selection: " + measure.word() + " is not one of " + measures());
        }
        return part;
    }

    /** All of this but some measures. */
    Selection without(List<Measure> left) {
        Selection rest = new Selection();
        rest.parts.putAll(parts);
        left.forEach(rest.parts::remove);
        return rest;
    }

    /**
     * Opens the metrics; close them before {@code parent}.
     *
     * @param source network, loss and data that are trained
     * @param parent outlives the metrics
     * @param rng    of what is drawn: mini-batches, directions
     * @param sink   takes the measurements; the catalogue says what they are
     * @throws IllegalArgumentException where a measure does not {@link Measure#misfit fit}
     */
    public MetricSet open(BatchGradients source, Scope parent, Rng rng, MetricSink sink) {
        List<Metric> metrics = new ArrayList<>();
        parts.forEach((measure, part) -> {
            @Nullable String misfit = measure.misfit(source);
            if (misfit != null) {
                throw new IllegalArgumentException("metrics: " + measure.word() + " does not fit: " + misfit);
            }
            List<Entry> entries = Stream.concat(
                            measure.entries().stream().filter(entry -> part.names.contains(entry.name())),
                            part.names.stream()
                                    .filter(name -> !name.contains("<"))
                                    .map(name -> new Entry(name, "", "", "", "", "", "")))
                    .toList();
            MetricSink chosen = (step, name, value) -> {
                if (entries.stream().anyMatch(entry -> entry.matches(name))) {
                    sink.put(step, name, value);
                }
            };
            metrics.add(measure.open(new Measure.Opening(
                    source,
                    parent,
                    part.every,
                    name -> entries.stream().anyMatch(entry -> entry.matches(name)),
                    rng,
                    chosen)));
        });
        return MetricSet.of(metrics.toArray(Metric[]::new));
    }
}
