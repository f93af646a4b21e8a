package dev.seiche.metrics.oscillation;

import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What a run recorded step by step, as plain numbers: the input of every after-the-fact reading. Rows of a metrics file
 * are enough to build one. Immutable; copies what it is given.
 *
 * <p>A run of T gradients has rows t = 0 .. T-1. The loss may have one more entry, L_T, when the loss after the last step
 * was evaluated too; without it the last row's step is not part of any progress.
 *
 * <p>Three things disqualify a row from counting as oscillating, whatever its cosine:
 * <ul>
 *   <li>rounding: |g_t| or |g_{t-1}| below {@value #GRADIENT_FLOOR} |g_0|, where the direction is noise in f32;
 *   <li>growth: L_t above {@value #LOSS_BOUND} L_0, because a diverging run looks like a perfect oscillation for a few
 *       steps (c = -1 while |g| grows by |1 - eta lambda| a step);
 *   <li>a loss that is not finite: the series ends before it.
 * </ul>
 */
public final class OscillationSeries {
    /** A gradient shorter than this times the first one has no trustworthy direction. No unit. */
    public static final double GRADIENT_FLOOR = 1e-6;

    /** A loss above this times the first one is divergence, or a spike on the way to it. No unit. */
    public static final double LOSS_BOUND = 3.0;

    private final double[] loss;
    private final double[] gradientNorm;
    private final double[] cosine;
    private final Map<String, double[]> layerCosines;
    private final boolean finite;

    /**
     * A series of T rows.
     *
     * @param loss         L_0 .. L_{T-1} or L_0 .. L_T; the first one finite
     * @param gradientNorm |g_0| .. |g_{T-1}|
     * @param cosine       c_0 .. c_{T-1}; c_0 is ignored, NaN is masked
     * @param layerCosines the same per layer, from the input to the output; may be empty
     * @throws IllegalArgumentException when the lengths disagree or the first loss is not finite
     */
    public OscillationSeries(
            double[] loss, double[] gradientNorm, double[] cosine, Map<String, double[]> layerCosines) {
        int rows = cosine.length;
        if (rows == 0 || gradientNorm.length != rows || loss.length != rows && loss.length != rows + 1) {
            throw new IllegalArgumentException("oscillation series: %d cosines, %d gradient norms and %d losses;"
                            .formatted(rows, gradientNorm.length, loss.length)
                    + " needs at least one row, one norm a row, and one loss a row or one more");
        }
        if (!Double.isFinite(loss[0])) {
            throw new IllegalArgumentException("oscillation series: the first loss is " + loss[0]);
        }
        int losses = 0;
        while (losses < loss.length && Double.isFinite(loss[losses])) {
            losses++;
        }
        int kept = Math.min(rows, losses);
        this.finite = losses == loss.length;
        this.loss = Arrays.copyOf(loss, losses);
        this.gradientNorm = Arrays.copyOf(gradientNorm, kept);
        this.cosine = Arrays.copyOf(cosine, kept);
        Map<String, double[]> layers = new LinkedHashMap<>();
        layerCosines.forEach((layer, values) -> {
            if (values.length != rows) {
                throw new IllegalArgumentException("oscillation series: %d cosines in all, but %d of layer '%s'"
                        .formatted(rows, values.length, layer));
            }
            layers.put(layer, Arrays.copyOf(values, kept));
        });
        this.layerCosines = Collections.unmodifiableMap(layers);
    }

    /** Number of rows, T, up to the first loss that is not finite. */
    public int rows() {
        return cosine.length;
    }

    /** Number of steps whose loss is known at both ends. */
    public int steps() {
        return loss.length - 1;
    }

    /** L_0 .. L_S with S = {@link #steps}. */
    public double[] losses() {
        return loss.clone();
    }

    /** False when the run met a loss that is not finite, which ends the series. */
    public boolean finite() {
        return finite;
    }

    /** Whether L_t is at most {@value #LOSS_BOUND} times L_0 in size, t in 0..S. */
    public boolean bounded(int t) {
        return Math.abs(loss[t]) <= LOSS_BOUND * Math.abs(loss[0]);
    }

    /** Number of rows whose loss is out of bounds. */
    public int unboundedRows() {
        int count = 0;
        for (int t = 0; t < rows(); t++) {
            count += bounded(t) ? 0 : 1;
        }
        return count;
    }

    /** Layers in the order given. */
    public Iterable<String> layers() {
        return layerCosines.keySet();
    }

    /** c_0 .. c_{T-1}, NaN wherever a row is disqualified; c_0 is always NaN. */
    public double[] cosines() {
        return qualified(cosine);
    }

    /** The same of one layer; a row is disqualified by the norm of the whole gradient and by the loss. */
    public double[] cosines(String layer) {
        double[] values = layerCosines.get(layer);
        if (values == null) {
            throw new IllegalArgumentException(
                    "oscillation series: no layer '" + layer + "'; there are " + layerCosines.keySet());
        }
        return qualified(values);
    }

    /**
     * The mask O_tau over rows 0 .. T-1: c_t &lt; -tau, strictly.
     *
     * @param tau threshold, usually one of {@link CosineTally#TAUS}
     */
    public boolean[] oscillating(double tau) {
        double[] cosines = cosines();
        boolean[] mask = new boolean[cosines.length];
        for (int t = 0; t < mask.length; t++) {
            mask[t] = cosines[t] < -tau; // false for NaN
        }
        return mask;
    }

    private double[] qualified(double[] raw) {
        double[] out = raw.clone();
        double floor = GRADIENT_FLOOR * gradientNorm[0];
        for (int t = 0; t < out.length; t++) {
            boolean directions = t > 0 && gradientNorm[t] >= floor && gradientNorm[t - 1] >= floor;
            if (!directions || !bounded(t)) {
                out[t] = Double.NaN;
            }
        }
        return out;
    }
}
