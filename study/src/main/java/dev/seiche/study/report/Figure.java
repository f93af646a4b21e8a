package dev.seiche.study.report;

import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A thing to look at, described as data: nothing in it says how it is drawn. */
public sealed interface Figure {
    /** Unique on its page; letters, digits and {@code -}. The name of its picture. */
    String id();

    /** A few words above it. */
    String title();

    /** A sentence below it: how to read it. May be empty. */
    String caption();

    /** How much of the page's width it takes. */
    Span span();

    /** Share of a row. */
    enum Span {
        FULL,
        HALF,
        THIRD
    }

    /** How an axis counts. */
    enum Scale {
        LINEAR,
        LOG
    }

    /** How a series is drawn. */
    enum Stroke {
        LINE,
        DASHED,
        DOTS
    }

    /**
     * An axis.
     *
     * @param title quantity, with its unit in brackets where it has one
     * @param scale how it counts
     * @param from  lower end, or null to fit the data
     * @param to    upper end, or null to fit the data
     */
    record Axis(
            String title,
            Scale scale,
            @Nullable Double from,
            @Nullable Double to) {
        /** Fits the data. */
        public static Axis linear(String title) {
            return new Axis(title, Scale.LINEAR, null, null);
        }

        /** Fits the data, in powers of ten; values that are not above 0 are left out. */
        public static Axis log(String title) {
            return new Axis(title, Scale.LOG, null, null);
        }

        /** Shows just this range. */
        public static Axis range(String title, double from, double to) {
            return new Axis(title, Scale.LINEAR, from, to);
        }
    }

    /**
     * Points in order. NaN and infinity leave a gap.
     *
     * @param name   shown in the legend and on hover
     * @param colour index into the palette, so that one thing keeps its colour over all figures
     * @param stroke how it is drawn
     * @param x      horizontal places
     * @param y      values, as many as {@code x}
     */
    @SuppressWarnings("ArrayRecordComponent") // Columns of numbers; they are drawn, not compared.
    record Series(String name, int colour, Stroke stroke, double[] x, double[] y) {
        public Series {
            if (x.length != y.length) {
                throw new IllegalArgumentException("series '" + name + "': " + x.length + " x for " + y.length + " y");
            }
        }
    }

    /**
     * A horizontal line that values are read against.
     *
     * @param label  shown at its right end
     * @param colour index into the palette, or -1 for a neutral line
     * @param y      its height
     */
    record Reference(String label, int colour, double y) {}

    /**
     * The space between two curves, drawn faintly behind the series of its colour: the spread over seeds, say.
     *
     * @param colour index into the palette
     * @param x      horizontal places
     * @param low    lower ends, as many as {@code x}; NaN ends the band
     * @param high   upper ends
     */
    @SuppressWarnings("ArrayRecordComponent") // Columns of numbers; they are drawn, not compared.
    record Band(int colour, double[] x, double[] low, double[] high) {
        public Band {
            if (x.length != low.length || x.length != high.length) {
                throw new IllegalArgumentException(
                        "band: " + x.length + " x for " + low.length + " lower and " + high.length + " upper ends");
            }
        }
    }

    /** Values over steps. */
    record LineChart(
            String id,
            String title,
            String caption,
            Span span,
            Axis x,
            Axis y,
            List<Series> series,
            List<Band> bands,
            List<Reference> references)
            implements Figure {
        public LineChart {
            series = List.copyOf(series);
            bands = List.copyOf(bands);
            references = List.copyOf(references);
        }

        /** Without bands. */
        public LineChart(
                String id,
                String title,
                String caption,
                Span span,
                Axis x,
                Axis y,
                List<Series> series,
                List<Reference> references) {
            this(id, title, caption, span, x, y, series, List.of(), references);
        }
    }

    /**
     * Small pictures side by side, each with a word below it.
     *
     * @param height   rows of each picture
     * @param width    columns of each picture
     * @param channels 1 for grey, 3 for red, green, blue
     * @param pictures bytes [height, width, channels] of each, row-major
     * @param words    one for each picture
     */
    record Contacts(
            String id,
            String title,
            String caption,
            Span span,
            int height,
            int width,
            int channels,
            List<byte[]> pictures,
            List<String> words)
            implements Figure {
        public Contacts {
            pictures = List.copyOf(pictures);
            words = List.copyOf(words);
            int bytes = height * width * channels;
            if (pictures.size() != words.size() || pictures.stream().anyMatch(picture -> picture.length != bytes)) {
                throw new IllegalArgumentException("contacts '%s': %d pictures, each of %d bytes, and as many words"
                        .formatted(id, pictures.size(), bytes));
            }
        }
    }

    /**
     * Values over steps for several rows, as colours from -1 to 1: one end and the other differ in hue, the middle is
     * neutral.
     *
     * @param columns horizontal places
     * @param rows   names, from top to bottom
     * @param values a row of values per name; NaN leaves a hole
     * @param legend what the colour means
     */
    @SuppressWarnings("ArrayRecordComponent") // Columns of numbers; they are drawn, not compared.
    record HeatMap(
            String id,
            String title,
            String caption,
            Span span,
            Axis x,
            String yTitle,
            String legend,
            double[] columns,
            List<String> rows,
            List<double[]> values)
            implements Figure {
        public HeatMap {
            rows = List.copyOf(rows);
            values = List.copyOf(values);
            if (rows.size() != values.size() || values.stream().anyMatch(v -> v.length != columns.length)) {
                throw new IllegalArgumentException("heat map '%s': %d rows of %s for %d names and %d columns"
                        .formatted(
                                id,
                                values.size(),
                                Arrays.toString(
                                        values.stream().mapToInt(v -> v.length).toArray()),
                                rows.size(),
                                columns.length));
            }
        }
    }

    /**
     * Groups of bars.
     *
     * @param categories a group each
     * @param bars       a bar in every group each: its x are not used, its y are the heights by category
     */
    record BarChart(
            String id,
            String title,
            String caption,
            Span span,
            Axis y,
            List<String> categories,
            List<Bars> bars,
            List<Reference> references)
            implements Figure {
        public BarChart {
            categories = List.copyOf(categories);
            bars = List.copyOf(bars);
            references = List.copyOf(references);
        }
    }

    /**
     * One bar of every group.
     *
     * @param name    shown in the legend and on hover
     * @param colour  index into the palette
     * @param heights by category
     * @param spreads half the length of the line at the end of each bar, by category; empty for none, NaN for none there
     */
    record Bars(String name, int colour, List<Double> heights, List<Double> spreads) {
        public Bars {
            heights = List.copyOf(heights);
            spreads = List.copyOf(spreads);
            if (!spreads.isEmpty() && spreads.size() != heights.size()) {
                throw new IllegalArgumentException(
                        "bars '" + name + "': " + spreads.size() + " spreads for " + heights.size() + " heights");
            }
        }

        /** Without spreads. */
        public Bars(String name, int colour, List<Double> heights) {
            this(name, colour, heights, List.of());
        }
    }

    /** How a cell is to be taken. */
    enum Mark {
        /** A name or a number. */
        PLAIN,
        /** A claim that holds. */
        GOOD,
        /** A claim that does not hold. */
        BAD,
        /** A claim that was not tested. */
        OPEN
    }

    /**
     * One place of a table.
     *
     * @param text   as it is shown
     * @param mark   how it is to be taken
     * @param detail lines in small print below it, left out in a terminal; may be empty
     */
    record Cell(String text, Mark mark, String detail) {
        /** A name or a number. */
        public static Cell of(String text) {
            return new Cell(text, Mark.PLAIN, "");
        }

        /** A claim's standing. */
        public static Cell marked(String text, Mark mark) {
            return new Cell(text, mark, "");
        }
    }

    /**
     * One column of a table.
     *
     * @param title   quantity, with its unit in brackets where it has one
     * @param numeric whether its cells are numbers, which line up at the right
     */
    record Heading(String title, boolean numeric) {}

    /** Rows of cells. */
    record Table(String id, String title, String caption, Span span, List<Heading> headings, List<List<Cell>> rows)
            implements Figure {
        public Table {
            headings = List.copyOf(headings);
            rows = List.copyOf(rows);
            int columns = headings.size();
            if (rows.stream().anyMatch(r -> r.size() != columns)) {
                throw new IllegalArgumentException("table '" + id + "': a row does not have " + columns + " cells");
            }
        }
    }

    /** A paragraph. */
    record Note(String id, String title, String caption, Span span) implements Figure {}
}
