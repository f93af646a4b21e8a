package dev.seiche.study.sweep;

import dev.seiche.study.run.AtomicFile;
import dev.seiche.study.run.RunDirectory;
import dev.seiche.study.run.RunStatus;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;

/**
 * What the trials of a sweep found, joined: a row for each, a column for each number of the results.
 *
 * @param rows in the order of the trials
 */
public record SweepTable(List<Row> rows) {
    /**
     * One trial.
     *
     * @param settings value of each axis
     * @param status   {@code completed}, {@code diverged}, or what became of it
     * @param numbers  of its results, by path
     * @param verdicts of its results, claim to verdict
     */
    public record Row(
            Map<String, String> settings, String status, Map<String, Double> numbers, Map<String, String> verdicts) {}

    public SweepTable {
        rows = List.copyOf(rows);
    }

    /** Reads all trials of a sweep. */
    public static SweepTable read(SweepPlan plan, Path directory) {
        List<Row> rows = new ArrayList<>();
        for (SweepPlan.Trial trial : plan.trials()) {
            RunDirectory run = TrialState.run(trial.directory(directory)).orElse(null);
            Map<String, Double> numbers = new LinkedHashMap<>();
            Map<String, String> verdicts = new LinkedHashMap<>();
            String status = run == null ? "not started" : run.statusInWords();
            if (run != null && run.record().status() == RunStatus.COMPLETED) {
                JsonNode results = run.record().results();
                if (results != null) {
                    numbers(results, "", numbers);
                    verdicts(results, verdicts);
                }
            }
            rows.add(new Row(trial.settings(), status, numbers, verdicts));
        }
        return new SweepTable(rows);
    }

    /** All numbers below a node; what stands in a list goes by its arm or name, else by its place. */
    private static void numbers(JsonNode node, String path, Map<String, Double> into) {
        if (node.isObject()) {
            node.properties().forEach(entry -> {
                String key = entry.getKey();
                boolean plumbing = key.equals("findings") || key.equals("verdicts") || key.equals("settings");
                boolean transparent = key.equals("outcomes") || key.equals("arms") || key.equals("numbers");
                if (!plumbing && !key.equals("seed")) {
                    numbers(entry.getValue(), transparent ? path : join(path, key), into);
                }
            });
        } else if (node.isArray()) {
            for (int i = 0; i < node.size(); i++) {
                numbers(node.get(i), join(path, segment(node, i)), into);
            }
        } else if (node.isNumber()) {
            into.put(path, node.asDouble());
        } else if (node.isString() && List.of("NaN", "Infinity", "-Infinity").contains(node.asString())) {
            into.put(path, Double.valueOf(node.asString()));
        }
    }

    private static String segment(JsonNode list, int i) {
        String name = name(list.get(i));
        if (name.isEmpty()) {
            return Integer.toString(i);
        }
        int alike = 0;
        for (JsonNode other : list) {
            alike += name(other).equals(name) ? 1 : 0;
        }
        return alike == 1 ? name : name + "/seed=" + list.get(i).path("seed").asString("");
    }

    private static String name(JsonNode item) {
        return item.path("arm").asString(item.path("name").asString(""));
    }

    private static String join(String path, String key) {
        return path.isEmpty() ? key : path + "/" + key;
    }

    private static void verdicts(JsonNode results, Map<String, String> into) {
        results.path("findings")
                .forEach(finding -> into.put(
                        finding.path("id").asString("") + " "
                                + finding.path("statement").asString(""),
                        word(finding.path("verdict").asString(""))));
        results.path("verdicts")
                .forEach(verdict -> into.put(
                        verdict.path("claim").asString(""),
                        word(verdict.path("outcome").asString(""))));
    }

    private static String word(String constant) {
        return constant.toLowerCase(Locale.ROOT).replace('_', ' ').replace('-', ' ');
    }

    /** Names of all numbers, in the order in which they first come. */
    public List<String> numberNames() {
        Set<String> names = new LinkedHashSet<>();
        rows.forEach(row -> names.addAll(row.numbers().keySet()));
        return List.copyOf(names);
    }

    /** As comma-separated values: settings, status, numbers; an empty cell where there is none. */
    public String csv() {
        List<String> keys =
                rows.isEmpty() ? List.of() : List.copyOf(rows.get(0).settings().keySet());
        List<String> names = numberNames();
        StringBuilder out = new StringBuilder();
        line(out, concat(keys, List.of("status"), names));
        for (Row row : rows) {
            List<String> cells = new ArrayList<>(row.settings().values());
            cells.add(row.status());
            names.forEach(name -> {
                Double value = row.numbers().get(name);
                cells.add(value == null ? "" : value.toString());
            });
            line(out, cells);
        }
        return out.toString();
    }

    private static List<String> concat(List<String> a, List<String> b, List<String> c) {
        return Stream.of(a, b, c).flatMap(List::stream).toList();
    }

    private static void line(StringBuilder out, List<String> cells) {
        for (int i = 0; i < cells.size(); i++) {
            String cell = cells.get(i);
            boolean quoted = cell.contains(",") || cell.contains("\"") || cell.contains("\n");
            out.append(i == 0 ? "" : ",").append(quoted ? '"' + cell.replace("\"", "\"\"") + '"' : cell);
        }
        out.append('\n');
    }

    /** Writes {@link #csv} as a whole. */
    public void write(Path file) {
        ByteBuffer bytes = ByteBuffer.wrap(csv().getBytes(StandardCharsets.UTF_8));
        AtomicFile.write(file, channel -> {
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
        });
    }
}
