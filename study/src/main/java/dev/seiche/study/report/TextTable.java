package dev.seiche.study.report;

import java.util.ArrayList;
import java.util.List;

/** A table as lines of text for a terminal. */
public final class TextTable {
    private TextTable() {}

    /** Columns lined up, numbers at the right, a rule under the headings; no line is longer than its cells need. */
    public static List<String> lines(Figure.Table table) {
        int columns = table.headings().size();
        int[] widths = new int[columns];
        for (int c = 0; c < columns; c++) {
            widths[c] = table.headings().get(c).title().length();
            for (List<Figure.Cell> row : table.rows()) {
                widths[c] = Math.max(widths[c], row.get(c).text().length());
            }
        }
        List<String> lines = new ArrayList<>();
        lines.add(line(
                table,
                widths,
                table.headings().stream().map(Figure.Heading::title).toList()));
        StringBuilder rule = new StringBuilder();
        for (int c = 0; c < columns; c++) {
            rule.append(c == 0 ? "" : "  ").append("-".repeat(widths[c]));
        }
        lines.add(rule.toString());
        for (List<Figure.Cell> row : table.rows()) {
            lines.add(line(table, widths, row.stream().map(Figure.Cell::text).toList()));
        }
        return lines;
    }

    private static String line(Figure.Table table, int[] widths, List<String> cells) {
        StringBuilder line = new StringBuilder();
        for (int c = 0; c < widths.length; c++) {
            String blanks = " ".repeat(widths[c] - cells.get(c).length());
            boolean numeric = table.headings().get(c).numeric();
            line.append(c == 0 ? "" : "  ").append(numeric ? blanks + cells.get(c) : cells.get(c) + blanks);
        }
        return line.toString().stripTrailing();
    }
}
