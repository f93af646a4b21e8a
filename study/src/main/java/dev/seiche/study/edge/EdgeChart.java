package dev.seiche.study.edge;

import dev.seiche.metrics.oscillation.OscillationNames;
import dev.seiche.study.report.Digits;
import dev.seiche.study.report.Figure;
import dev.seiche.study.report.Figure.Axis;
import dev.seiche.study.report.Figure.Reference;
import dev.seiche.study.report.Figure.Span;
import dev.seiche.study.trial.Plots;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * A chart over the steps of trainings on the full batch, with a curve for each arm.
 *
 * @param metric of the trainings
 * @param y      how it is drawn
 */
public record EdgeChart(String metric, Axis y) {
    /** Of adjacent gradients. */
    public static final EdgeChart COSINE = new EdgeChart(OscillationNames.COS, Axis.range("cosine", -1.05, 1.05));

    /** Learning rate times sharpness. */
    public static final EdgeChart STABILITY =
            new EdgeChart(OscillationNames.ETA_SHARPNESS, Axis.linear("rate x sharpness"));

    /** Of all samples. */
    public static final EdgeChart LOSS = new EdgeChart("loss", Axis.log("loss"));

    /** Share of the group that falls in a step which rises in the next. */
    public static final EdgeChart GROUPS = new EdgeChart("opposing/stability", Axis.range("share", 0, 1));

    /**
     * The chart; nothing where it was not measured.
     *
     * @param limits heights that the curves are read against
     */
    public Optional<Figure> of(Plots plots, String id, String title, List<String> arms, Double... limits) {
        return plots.overSteps(
                new Plots.Frame(id, title, "", Span.HALF, Axis.linear("step"), y),
                metric,
                arms,
                Arrays.stream(limits)
                        .map(limit -> new Reference(Digits.of(limit), -1, limit))
                        .toArray(Reference[]::new));
    }
}
