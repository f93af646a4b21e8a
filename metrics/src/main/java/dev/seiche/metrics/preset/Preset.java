package dev.seiche.metrics.preset;

import dev.seiche.metrics.BatchGradients;
import dev.seiche.metrics.MetricSet;
import dev.seiche.metrics.MetricSink;
import dev.seiche.tensor.Rng;
import dev.seiche.tensor.Scope;
import java.util.EnumSet;
import java.util.List;
import java.util.stream.Stream;

/**
 * How much to measure during a training run. What a preset costs depends on network and batch; {@code docs/metrics.md} has
 * measured times.
 *
 * <p>Opposing signals and forgetting events are in none: they need full batches; nor are spectra of weights and
 * shattered gradients. Add them with {@link MetricSet#and}.
 */
public enum Preset {
    /** Loss, gradient norms and adjacent cosines at every step: nothing that training does not compute anyway. */
    ECONOMY("loss grad/norm grad/norm/* grad/cos grad/cos/* smoothness eta_smoothness"),
    /** And at every 50th step sample gradients, two Hessian eigenvalues, the loss along the step. */
    BUSINESS("samples sharpness landscape"),
    /**
     * And the predicted cosine, the loss change by layer and the outputs for single colours at every step; at every 50th all
     * the rest: traces, mini-batch pairs, tails, influences, kernel.
     */
    FULL("grad/cos_predicted sharpness/gradient probes lca features examples tracin influence kernel confusion tail"
            + " iterates curvature batch-sharpness");

    private final String own;

    Preset(String own) {
        this.own = own;
    }

    /** The names that {@link Selection} takes: those of the presets before it, and its own. */
    public List<String> names() {
        return EnumSet.range(ECONOMY, this).stream()
                .flatMap(preset -> Stream.of(preset.own.split(" ", -1)))
                .toList();
    }

    /** What it measures. */
    public List<Measure> measures() {
        return Selection.of(names()).measures();
    }

    /**
     * Opens the metrics; close them before {@code parent}. Those that do not fit the network or the data are left out.
     *
     * @param source network, loss and data that are trained
     * @param parent outlives the metrics
     * @param sink   takes the measurements; the catalogue says what they are
     */
    public MetricSet open(BatchGradients source, Scope parent, MetricSink sink) {
        Selection all = Selection.of(names());
        List<Measure> misfits = all.measures().stream()
                .filter(measure -> measure.misfit(source) != null)
                .toList();
        return all.without(misfits).open(source, parent, Rng.seed(0), sink);
    }
}
