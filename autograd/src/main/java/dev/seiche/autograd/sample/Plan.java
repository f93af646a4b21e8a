package dev.seiche.autograd.sample;

import java.util.List;
import java.util.Locale;

/**
 * What answering a question takes, parameter by parameter.
 *
 * @param rows samples
 * @param columns samples that each of them meets
 */
public record Plan(Question question, int rows, int columns, List<Line> lines) {

    /**
     * The route of one parameter.
     *
     * @param flops floating-point operations for all samples
     * @param bytes of working memory at once, beside factors and results; about
     */
    public record Line(LayerShape layer, Route route, double flops, double bytes) {}

    public Plan {
        lines = List.copyOf(lines);
    }

    /** One route for all parameters, whose gradients are whole: how many operations that takes depends on the record. */
    static Plan whole(
            Question question, Route route, List<LayerShape> layers, int rows, int columns, double bytesPerElement) {
        return new Plan(
                question,
                rows,
                columns,
                layers.stream()
                        .map(layer -> new Line(layer, route, Double.NaN, bytesPerElement * layer.size()))
                        .toList());
    }

    /** The route of the parameter of this name. */
    public Route route(String parameter) {
        return lines.stream()
                .filter(line -> line.layer().name().equals(parameter))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("plan: no parameter '" + parameter + "'"))
                .route();
    }

    public double flops() {
        return lines.stream().mapToDouble(Line::flops).sum();
    }

    /** A table: shape of the factors, route, operations, working memory, elements kept per sample. */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder("%s of %d x %d samples%n".formatted(question, rows, columns));
        text.append("%-24s %7s %7s %7s %5s  %-12s %9s %9s %9s%n"
                .formatted("parameter", "T", "d", "p", "G", "route", "MFLOP", "MB", "kept"));
        for (Line line : lines) {
            LayerShape s = line.layer();
            text.append(String.format(
                    Locale.ROOT,
                    "%-24s %7d %7d %7d %5d  %-12s %9.3g %9.3g %9d%n",
                    s.name(),
                    s.positions(),
                    s.left(),
                    s.right(),
                    s.groups(),
                    line.route(),
                    line.flops() / 1e6,
                    line.bytes() / 1e6,
                    s.keptElements()));
        }
        return text.append(String.format(Locale.ROOT, "total %.4g MFLOP", flops() / 1e6))
                .toString();
    }
}
