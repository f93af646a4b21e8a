package dev.seiche.metrics.opposing;

import java.util.Arrays;

/**
 * The loss of every sample at every step, in f32 on the host: 4 bytes each. Streaming; filled by one thread.
 */
public final class LossHistory {
    private static final int FIRST_ROOM = 64;

    private final int samples;
    private float[][] rows = new float[FIRST_ROOM][];
    private int steps;

    public LossHistory(int samples) {
        if (samples < 2) {
            throw new IllegalArgumentException("loss history: groups need 2 samples or more, got " + samples);
        }
        this.samples = samples;
    }

    /** The losses of the next step, in the order of the samples. */
    public void add(double[] losses) {
        if (losses.length != samples) {
            throw new IllegalArgumentException(
                    "loss history: follows " + samples + " samples, got " + losses.length + " losses");
        }
        if (steps == rows.length) {
            rows = Arrays.copyOf(rows, 2 * steps);
        }
        float[] row = new float[samples];
        for (int i = 0; i < samples; i++) {
            row[i] = (float) losses[i];
        }
        rows[steps++] = row;
    }

    public int samples() {
        return samples;
    }

    /** Steps recorded, T. */
    public int steps() {
        return steps;
    }

    /** l_i(t). */
    public double loss(int step, int sample) {
        return rows[step][sample];
    }

    /** The losses of a step; a copy. */
    public double[] losses(int step) {
        double[] out = new double[samples];
        for (int i = 0; i < samples; i++) {
            out[i] = rows[step][i];
        }
        return out;
    }

    /** d_i(t) = l_i(t) - l_i(t-1), for t from 1. */
    public double[] changes(int step) {
        if (step < 1 || step >= steps) {
            throw new IllegalArgumentException(
                    "loss history: changes exist at steps 1 to " + (steps - 1) + ", asked for step " + step);
        }
        double[] out = new double[samples];
        for (int i = 0; i < samples; i++) {
            out[i] = (double) rows[step][i] - rows[step - 1][i];
        }
        return out;
    }

    /** The mean loss of some samples at steps {@code from} (included) to {@code to} (excluded). */
    public double[] meanLoss(int[] group, int from, int to) {
        double[] out = new double[to - from];
        for (int t = from; t < to; t++) {
            for (int i : group) {
                out[t - from] += (double) rows[t][i] / group.length;
            }
        }
        return out;
    }
}
