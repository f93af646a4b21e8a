package dev.seiche.study.report;

import java.util.Locale;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** The charts of a page as JSON for {@code report.js}. Numbers keep six significant digits; gaps are null. */
final class FigureJson {
    private static final JsonMapper JSON = JsonMapper.shared();

    private FigureJson() {}

    /** JSON that may stand inside a script element. */
    static String text(Page page) {
        ArrayNode all = JSON.createArrayNode();
        for (Page.Section section : page.sections()) {
            for (Figure figure : section.figures()) {
                add(figure, all);
            }
        }
        return JSON.writeValueAsString(all).replace("<", "\\u003c");
    }

    private static void add(Figure figure, ArrayNode all) {
        if (figure instanceof Figure.LineChart chart) {
            lines(chart, all.addObject());
        } else if (figure instanceof Figure.HeatMap map) {
            heat(map, all.addObject());
        } else if (figure instanceof Figure.BarChart chart) {
            bars(chart, all.addObject());
        }
    }

    private static void lines(Figure.LineChart chart, ObjectNode to) {
        to.put("kind", "lines").put("id", chart.id());
        axis(chart.x(), to.putObject("x"));
        axis(chart.y(), to.putObject("y"));
        references(chart.references(), to);
        ArrayNode bands = to.putArray("bands");
        for (Figure.Band band : chart.bands()) {
            ObjectNode node = bands.addObject().put("colour", band.colour());
            numbers(band.x(), node.putArray("x"));
            numbers(band.low(), node.putArray("low"));
            numbers(band.high(), node.putArray("high"));
        }
        ArrayNode series = to.putArray("series");
        for (Figure.Series one : chart.series()) {
            ObjectNode node = series.addObject();
            node.put("name", one.name()).put("colour", one.colour());
            node.put("stroke", one.stroke().name().toLowerCase(Locale.ROOT));
            numbers(one.x(), node.putArray("x"));
            numbers(one.y(), node.putArray("y"));
        }
    }

    private static void heat(Figure.HeatMap map, ObjectNode to) {
        to.put("kind", "heat").put("id", map.id()).put("legend", map.legend()).put("yTitle", map.yTitle());
        axis(map.x(), to.putObject("x"));
        numbers(map.columns(), to.putArray("columns"));
        map.rows().forEach(to.putArray("rows")::add);
        ArrayNode values = to.putArray("values");
        map.values().forEach(row -> numbers(row, values.addArray()));
    }

    private static void bars(Figure.BarChart chart, ObjectNode to) {
        to.put("kind", "bars").put("id", chart.id());
        axis(chart.y(), to.putObject("y"));
        references(chart.references(), to);
        chart.categories().forEach(to.putArray("categories")::add);
        ArrayNode bars = to.putArray("bars");
        for (Figure.Bars one : chart.bars()) {
            ObjectNode node = bars.addObject();
            node.put("name", one.name()).put("colour", one.colour());
            numbers(one.heights().stream().mapToDouble(Double::doubleValue).toArray(), node.putArray("heights"));
            numbers(one.spreads().stream().mapToDouble(Double::doubleValue).toArray(), node.putArray("spreads"));
        }
    }

    private static void references(Iterable<Figure.Reference> references, ObjectNode to) {
        ArrayNode list = to.putArray("references");
        references.forEach(r -> list.addObject()
                .put("label", r.label())
                .put("colour", r.colour())
                .put("y", r.y()));
    }

    private static void axis(Figure.Axis axis, ObjectNode to) {
        to.put("title", axis.title()).put("log", axis.scale() == Figure.Scale.LOG);
        if (axis.from() != null && axis.to() != null) {
            to.putArray("range").add(axis.from()).add(axis.to());
        }
    }

    private static void numbers(double[] values, ArrayNode to) {
        for (double value : values) {
            if (!Double.isFinite(value)) {
                to.addNull();
            } else if (value == Math.rint(value) && Math.abs(value) < 1e9) {
                to.add((long) value);
            } else {
                to.add(Digits.sixDigits(value));
            }
        }
    }
}
