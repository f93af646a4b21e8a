package dev.seiche.study.report;

import java.util.ArrayList;
import java.util.List;

/** A table as lines of text for a terminal. */
public final class TextTable {
    private static final String GAP = "  ";

    private TextTable() {}

    /**
     * Columns lined up, numbers at the right, a rule under the headings. Headings wrap to what stands below them, and
     * columns of text share what numbers leave of the width; only words that are too long stick out.
     *
     * @param width characters that a line may have
     */
    public static List<String> lines(Figure.Table table, int width) {
        int[] widths = widths(table, width);
        List<String> lines = new ArrayList<>();
        add(table, widths, table.headings().stream().map(Figure.Heading::title).toList(), lines);
        StringBuilder rule = new StringBuilder();
        for (int c = 0; c < widths.length; c++) {
            rule.append(c == 0 ? "" : GAP).append("-".repeat(widths[c]));
        }
        lines.add(rule.toString());
        for (List<Figure.Cell> row : table.rows()) {
            add(table, widths, row.stream().map(Figure.Cell::text).toList(), lines);
        }
        return lines;
    }

    private static int[] widths(Figure.Table table, int width) {
        int columns = table.headings().size();
        int[] least = new int[columns];
        int[] most = new int[columns];
        int room = width - GAP.length() * (columns - 1);
        int wanting = 0;
        for (int c = 0; c < columns; c++) {
            Figure.Heading heading = table.headings().get(c);
            int longest = 0;
            int word = longestWord(heading.title());
            for (List<Figure.Cell> row : table.rows()) {
                longest = Math.max(longest, row.get(c).text().length());
                word = Math.max(word, longestWord(row.get(c).text()));
            }
            // A number with its unit stays on one line; a text may break between its words.
            least[c] = heading.numeric() ? Math.max(longest, longestWord(heading.title())) : word;
            most[c] = Math.max(longest, heading.title().length());
            room -= least[c];
            wanting += most[c] - least[c];
        }
        double share = wanting <= 0 ? 0 : Math.clamp((double) room / wanting, 0, 1);
        int[] widths = new int[columns];
        for (int c = 0; c < columns; c++) {
            widths[c] = least[c] + (int) (share * (most[c] - least[c]));
        }
        return widths;
    }

    private static int longestWord(String text) {
        int longest = 0;
        for (String word : text.split(" ")) {
            longest = Math.max(longest, word.length());
        }
        return longest;
    }

    private static void add(Figure.Table table, int[] widths, List<String> cells, List<String> lines) {
        List<List<String>> wrapped = new ArrayList<>();
        int height = 1;
        for (int c = 0; c < widths.length; c++) {
            wrapped.add(wrap(cells.get(c), widths[c]));
            height = Math.max(height, wrapped.get(c).size());
        }
        for (int l = 0; l < height; l++) {
            StringBuilder line = new StringBuilder();
            for (int c = 0; c < widths.length; c++) {
                String part = l < wrapped.get(c).size() ? wrapped.get(c).get(l) : "";
                String blanks = " ".repeat(Math.max(0, widths[c] - part.length()));
                boolean numeric = table.headings().get(c).numeric();
                line.append(c == 0 ? "" : GAP).append(numeric ? blanks + part : part + blanks);
            }
            lines.add(line.toString().stripTrailing());
        }
    }

    private static List<String> wrap(String text, int width) {
        List<String> lines = new ArrayList<>();
        StringBuilder line = new StringBuilder();
        for (String word : text.split(" ")) {
            if (!line.isEmpty() && line.length() + 1 + word.length() > width) {
                lines.add(line.toString());
                line.setLength(0);
            }
            line.append(line.isEmpty() ? "" : " ").append(word);
        }
        lines.add(line.toString());
        return lines;
    }
}
