package dev.seiche.study.opposing;

import dev.seiche.metrics.opposing.LossHistory;
import dev.seiche.metrics.opposing.OpposingGroups;

/**
 * Spikes of the mean loss, and whether the gap between the groups grew before each. A spike is a step whose loss is the largest
 * of the ten steps around it and at least 5% above the smallest of the twenty before. The gap is |mean loss of G+ - mean loss of
 * G-|, the larger one of two adjacent steps, since the groups swing; it grew if it is larger at the spike than five steps before,
 * for groups selected there.
 *
 * @param count  spikes
 * @param growth of them, with a gap that grew
 */
record Spikes(int count, int growth) {
    private static final int AROUND = 5;
    private static final int BEFORE = 20;
    private static final double HEIGHT = 1.05;

    static Spikes of(LossHistory history, int k) {
        int steps = history.steps();
        double[] mean = new double[steps];
        for (int t = 0; t < steps; t++) {
            for (double loss : history.losses(t)) {
                mean[t] += loss / history.samples();
            }
        }
        int count = 0;
        int growth = 0;
        for (int t = BEFORE; t + AROUND < steps; t++) {
            if (largest(mean, t) && mean[t] >= HEIGHT * smallest(mean, t - BEFORE, t)) {
                count++;
                growth += grew(history, t, k) ? 1 : 0;
            }
        }
        return new Spikes(count, growth);
    }

    private static boolean largest(double[] mean, int t) {
        for (int s = t - AROUND; s <= t + AROUND; s++) {
            if (s != t && mean[s] >= mean[t]) {
                return false;
            }
        }
        return true;
    }

    private static double smallest(double[] mean, int from, int to) {
        double least = mean[from];
        for (int s = from; s < to; s++) {
            least = Math.min(least, mean[s]);
        }
        return least;
    }

    private static boolean grew(LossHistory history, int t, int k) {
        OpposingGroups groups = OpposingGroups.select(history, t, k);
        return gap(history, groups, t) > gap(history, groups, t - AROUND);
    }

    private static double gap(LossHistory history, OpposingGroups groups, int t) {
        double[] up = history.meanLoss(groups.rising(), t - 1, t + 1);
        double[] down = history.meanLoss(groups.falling(), t - 1, t + 1);
        return Math.max(Math.abs(up[0] - down[0]), Math.abs(up[1] - down[1]));
    }
}
