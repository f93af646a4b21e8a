package dev.seiche.study.report;

import java.util.List;

/**
 * What a report shows, from top to bottom.
 *
 * @param title    a few words
 * @param lead     one or two sentences: what was measured
 * @param facts    what was run, shown in the head
 * @param tables   what was found, in short; printed at the end of a run and shown first
 * @param sections the figures
 * @param footer   where it came from: versions, machine, configuration
 */
public record Page(
        String title,
        String lead,
        List<Fact> facts,
        List<Figure.Table> tables,
        List<Section> sections,
        List<Fact> footer) {
    /**
     * A name and its value.
     *
     * @param name  one or two words
     * @param value a short text, or several lines, which are shown as they are
     */
    public record Fact(String name, String value) {}

    /**
     * Figures that belong together.
     *
     * @param title   a few words
     * @param text    a paragraph: how to read the figures
     * @param figures in reading order
     */
    public record Section(String title, String text, List<Figure> figures) {
        public Section {
            figures = List.copyOf(figures);
        }
    }

    public Page {
        facts = List.copyOf(facts);
        tables = List.copyOf(tables);
        sections = List.copyOf(sections);
        footer = List.copyOf(footer);
    }
}
