package dev.seiche.study.run;

import dev.seiche.metrics.MetricTable;
import dev.seiche.study.UserException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.NavigableMap;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.json.JsonFactory;

/**
 * What {@code metrics.jsonl} holds: a {@link MetricTable}, and how much of the file it is.
 *
 * <p>A last line without a line end was torn by the death of the writer and is dropped; any other line that is not a
 * row is an error.
 */
public final class MetricsFile {
    /**
     * The values of one metric.
     *
     * @param steps  steps at which it was measured, rising
     * @param values its values there, of the same length; may be NaN or infinite
     */
    @SuppressWarnings("ArrayRecordComponent") // Columns are long and numeric; they are handed out, not compared.
    public record Column(double[] steps, double[] values) {}

    private final MetricTable table;
    private final long rows;
    private final boolean torn;

    private MetricsFile(MetricTable table, long rows, boolean torn) {
        this.table = table;
        this.rows = rows;
        this.torn = torn;
    }

    /**
     * Reads the file.
     *
     * @throws UserException when it cannot be read, or a line that is not the last is no row
     */
    public static MetricsFile read(Path file) {
        byte[] bytes;
        try {
            bytes = Files.readAllBytes(file);
        } catch (IOException e) {
            throw DiskFault.reading(file, e);
        }
        MetricTable table = new MetricTable();
        JsonFactory json = new JsonFactory();
        long rows = 0;
        int begin = 0;
        for (int end = 0; end < bytes.length; end++) {
            if (bytes[end] == '\n') {
                rows++;
                row(json, bytes, begin, end, file, rows, table);
                begin = end + 1;
            }
        }
        return new MetricsFile(table, rows, begin < bytes.length);
    }

    private static void row(
            JsonFactory json, byte[] bytes, int begin, int end, Path file, long line, MetricTable table) {
        try (JsonParser parser = json.createParser(ObjectReadContext.empty(), bytes, begin, end - begin)) {
            expect(parser.nextToken() == JsonToken.START_OBJECT, "it does not begin with {");
            expect("step".equals(parser.nextName()), "it does not begin with \"step\"");
            expect(parser.nextToken() == JsonToken.VALUE_NUMBER_INT, "its step is not a whole number");
            long step = parser.getLongValue();
            for (String name = parser.nextName(); name != null; name = parser.nextName()) {
                table.put(step, name, value(parser, name));
            }
            expect(parser.currentToken() == JsonToken.END_OBJECT && parser.nextToken() == null, "it is not one object");
        } catch (JacksonException e) {
            throw broken(file, line, String.valueOf(e.getOriginalMessage()), bytes, begin, end);
        } catch (IllegalStateException e) {
            throw broken(file, line, String.valueOf(e.getMessage()), bytes, begin, end);
        }
    }

    private static double value(JsonParser parser, String name) {
        JsonToken token = parser.nextToken();
        if (token == JsonToken.VALUE_NUMBER_FLOAT || token == JsonToken.VALUE_NUMBER_INT) {
            return Double.parseDouble(parser.getString());
        }
        String text = token == JsonToken.VALUE_STRING ? parser.getString() : String.valueOf(token);
        expect(List.of("NaN", "Infinity", "-Infinity").contains(text), "'" + name + "' is not a number: " + text);
        return Double.parseDouble(text);
    }

    private static void expect(boolean holds, String otherwise) {
        if (!holds) {
            throw new IllegalStateException(otherwise);
        }
    }

    private static UserException broken(Path file, long line, String why, byte[] bytes, int begin, int end) {
        String text = new String(bytes, begin, Math.min(end - begin, 60), StandardCharsets.UTF_8);
        return new UserException("%s:%d is not a row of metrics: %s%n  %s".formatted(file, line, why, text));
    }

    /** Names of all metrics, in the order of their first row. */
    public List<String> names() {
        return table.under("");
    }

    /** The column of a metric, where it was ever measured. */
    public Optional<Column> column(String name) {
        NavigableMap<Long, Double> column = table.column(name);
        return column.isEmpty()
                ? Optional.empty()
                : Optional.of(new Column(
                        column.keySet().stream().mapToDouble(Long::doubleValue).toArray(),
                        column.values().stream()
                                .mapToDouble(Double::doubleValue)
                                .toArray()));
    }

    /** Number of whole rows. */
    public long rows() {
        return rows;
    }

    /** Whether a torn last line was dropped. */
    public boolean torn() {
        return torn;
    }
}
