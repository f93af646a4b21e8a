package dev.seiche.metrics.oscillation;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;

/**
 * What a recorded run says about its oscillation: onset, prevalence, share of progress, per layer. Computed from plain
 * numbers, so a report can redo it from a metrics file alone. All entries are without unit unless said.
 *
 * <p>The onset is the first row t with c_t &lt; -{@value #ONSET_TAU} that is not disqualified (see
 * {@link OscillationSeries}); the threshold is our choice. "After the onset" includes it.
 *
 * @param rows            gradients measured, T
 * @param finite          whether every loss was finite; if not, the summary covers the rows before
 * @param unboundedRows   rows with a loss above 3 L_0, which never count as oscillating
 * @param onset           the row of the onset, in 1..T-1, if the run oscillated
 * @param whole           counts over c_1 .. c_{T-1}
 * @param afterOnset      counts over c_t from the onset on; empty counts without an onset
 * @param levels          for each threshold, the share of progress
 * @param sinceOnset      share of the progress made from the onset on, raw and log, whatever the cosines; NaN without one
 * @param rising          share of the steps from the onset on that raise the loss; of all steps without an onset
 * @param firstLoss       L_0, in the loss's unit
 * @param onsetLoss       the loss at the onset; NaN without one
 * @param lastLoss        L_S, the last finite loss
 * @param layers          for each layer from the input to the output, counts over its c_t from the onset on, or over the
 *                        whole run without an onset
 */
public record OscillationSummary(
        int rows,
        boolean finite,
        int unboundedRows,
        OptionalInt onset,
        CosineTally whole,
        CosineTally afterOnset,
        List<Level> levels,
        Progress sinceOnset,
        double rising,
        double firstLoss,
        double onsetLoss,
        double lastLoss,
        Map<String, CosineTally> layers) {

    /** An adjacent cosine below minus this one begins the oscillation. */
    public static final double ONSET_TAU = 0.5;

    /**
     * The share of progress made by the steps with c_t &lt; -tau.
     *
     * @param tau      threshold
     * @param progress in three readings
     */
    public record Level(double tau, Progress progress) {}

    public OscillationSummary {
        levels = List.copyOf(levels);
        layers = Collections.unmodifiableMap(new LinkedHashMap<>(layers));
    }

    /** Whether the run ran away: a loss that is not finite, or at its end one above 3 L_0. Its cosines mean nothing. */
    public boolean diverged() {
        return !finite || Math.abs(lastLoss) > OscillationSeries.LOSS_BOUND * Math.abs(firstLoss);
    }

    /** Reads a series. */
    public static OscillationSummary of(OscillationSeries series) {
        double[] loss = series.losses();
        double[] cosines = series.cosines();
        OptionalInt onset = onset(cosines);
        int from = onset.orElse(1);
        List<Level> levels = new ArrayList<>();
        for (double tau : CosineTally.TAUS) {
            levels.add(new Level(tau, Progress.of(loss, series.oscillating(tau))));
        }
        Map<String, CosineTally> layers = new LinkedHashMap<>();
        for (String layer : series.layers()) {
            layers.put(layer, tally(series.cosines(layer), from));
        }
        boolean known = onset.isPresent() && onset.getAsInt() <= series.steps();
        return new OscillationSummary(
                series.rows(),
                series.finite(),
                series.unboundedRows(),
                onset,
                tally(cosines, 1),
                onset.isPresent() ? tally(cosines, from) : CosineTally.EMPTY,
                levels,
                known ? Progress.since(loss, from) : new Progress(Double.NaN, Double.NaN, Double.NaN),
                rising(loss, onset.orElse(0)),
                loss[0],
                known ? loss[from] : Double.NaN,
                loss[loss.length - 1],
                layers);
    }

    /** The first t with c_t &lt; -{@value #ONSET_TAU}, if any. */
    static OptionalInt onset(double[] cosines) {
        for (int t = 1; t < cosines.length; t++) {
            if (cosines[t] < -ONSET_TAU) {
                return OptionalInt.of(t);
            }
        }
        return OptionalInt.empty();
    }

    private static CosineTally tally(double[] cosines, int from) {
        return CosineTally.of(Arrays.copyOfRange(cosines, Math.min(from, cosines.length), cosines.length));
    }

    private static double rising(double[] loss, int from) {
        int rises = 0;
        for (int t = from; t + 1 < loss.length; t++) {
            rises += loss[t + 1] > loss[t] ? 1 : 0;
        }
        return (double) rises / (loss.length - 1 - from);
    }
}
