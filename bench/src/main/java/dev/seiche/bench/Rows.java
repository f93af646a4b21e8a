package dev.seiche.bench;

import java.util.ArrayList;
import java.util.List;

/** A table in Markdown with columns of equal width, which a terminal shows well too: words left, numbers right. */
public final class Rows {
    private final List<List<String>> rows = new ArrayList<>();

    /** A table with these titles and no rows. */
    public Rows(String... titles) {
        rows.add(List.of(titles));
    }

    /**
     * Adds a row.
     *
     * @throws IllegalArgumentException unless it has a cell for each title
     */
    public void add(String... cells) {
        if (cells.length != rows.get(0).size()) {
            throw new IllegalArgumentException(
                    "a row of " + cells.length + " cells under " + rows.get(0).size() + " titles");
        }
        rows.add(List.of(cells));
    }

    @Override
    public String toString() {
        int columns = rows.get(0).size();
        int[] widths = new int[columns];
        for (List<String> row : rows) {
            for (int i = 0; i < columns; i++) {
                widths[i] = Math.max(widths[i], row.get(i).length());
            }
        }
        StringBuilder text = new StringBuilder();
        for (int r = 0; r < rows.size(); r++) {
            for (int i = 0; i < columns; i++) {
                String format = i == 0 ? "| %-" + widths[i] + "s " : "| %" + widths[i] + "s ";
                text.append(format.formatted(rows.get(r).get(i)));
            }
            text.append("|\n");
            if (r == 0) {
                for (int i = 0; i < columns; i++) {
                    text.append('|').append("-".repeat(widths[i] + 1)).append(i == 0 ? '-' : ':');
                }
                text.append("|\n");
            }
        }
        return text.toString();
    }
}
