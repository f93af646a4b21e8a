package dev.seiche.metrics.opposing;

import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;

/**
 * How opposing two selected groups are, from losses alone. R and A are evaluated on held-out steps after the selection,
 * because selecting and judging on the same step inflates them. No unit.
 *
 * @param stability   J = |G-(t) and G+(t+1)| / k, in [0, 1]: whether the groups swap in the next step; k/N by chance
 * @param opposition  R, the correlation over held-out steps of the changes of both groups' mean losses, in [-1, 1]
 * @param alternation A, the correlation of G+'s change with its own one step before, in [-1, 1]; -1 is period two
 * @param outsize     Z, the groups' share of sum |d_i(t)|, in [0, 1]; 2k/N where all samples change alike
 * @param uniform     2k/N, what Z is compared with
 * @param topShare    share of sum |d_i(t)| that the top 1% of the samples carry, at least one sample
 * @param rising      share of samples whose loss rises at t, in [0, 1]
 * @param cancelling  |mean d_i(t)| / mean |d_i(t)|, in [0, 1]: near 0 samples move a lot and the mean does not
 */
public record OpposingScores(
        double stability,
        double opposition,
        double alternation,
        double outsize,
        double uniform,
        double topShare,
        double rising,
        double cancelling) {
    /** Steps after the selection that are not evaluated: the first two belong to the selected swing. */
    public static final int GAP = 2;

    /**
     * Scores groups on what the history holds.
     *
     * @param window held-out steps to evaluate, 3 or more, from t + 3 on; R and A are NaN where fewer follow, J where none
     */
    public static OpposingScores of(LossHistory history, OpposingGroups groups, int window) {
        int t = groups.step();
        double[] d = history.changes(t);
        double all = Arrays.stream(d).map(Math::abs).sum();
        double mine = 0;
        for (int i : groups.both()) {
            mine += Math.abs(d[i]);
        }
        double[] sizes = Arrays.stream(d).map(Math::abs).sorted().toArray();
        int top = Math.max(1, d.length / 100);
        double topSum = Arrays.stream(sizes, sizes.length - top, sizes.length).sum();
        int from = t + GAP;
        boolean heldOut = from + window < history.steps();
        double[] up = heldOut ? differences(history.meanLoss(groups.rising(), from, from + window + 1)) : new double[0];
        double[] down =
                heldOut ? differences(history.meanLoss(groups.falling(), from, from + window + 1)) : new double[0];
        return new OpposingScores(
                stability(history, groups),
                correlation(up, down),
                up.length < 3
                        ? Double.NaN
                        : correlation(Arrays.copyOfRange(up, 0, up.length - 1), Arrays.copyOfRange(up, 1, up.length)),
                mine / all,
                2.0 * groups.size() / d.length,
                topSum / all,
                Arrays.stream(d).filter(x -> x > 0).count() / (double) d.length,
                Math.abs(Arrays.stream(d).sum()) / all);
    }

    private static double stability(LossHistory history, OpposingGroups groups) {
        if (groups.step() + 1 >= history.steps()) {
            return Double.NaN;
        }
        OpposingGroups next = OpposingGroups.select(history, groups.step() + 1, groups.size());
        Set<Integer> rising = new HashSet<>();
        for (int i : next.rising()) {
            rising.add(i);
        }
        return Arrays.stream(groups.falling()).filter(rising::contains).count() / (double) groups.size();
    }

    private static double[] differences(double[] values) {
        double[] out = new double[values.length - 1];
        for (int i = 0; i < out.length; i++) {
            out[i] = values[i + 1] - values[i];
        }
        return out;
    }

    /** Pearson's, in [-1, 1]; NaN for fewer than two pairs, or a constant. */
    static double correlation(double[] a, double[] b) {
        double meanA = Arrays.stream(a).average().orElse(Double.NaN);
        double meanB = Arrays.stream(b).average().orElse(Double.NaN);
        double ab = 0;
        double aa = 0;
        double bb = 0;
        for (int i = 0; i < a.length; i++) {
            ab += (a[i] - meanA) * (b[i] - meanB);
            aa += (a[i] - meanA) * (a[i] - meanA);
            bb += (b[i] - meanB) * (b[i] - meanB);
        }
        return aa > 0 && bb > 0 ? ab / Math.sqrt(aa * bb) : Double.NaN;
    }
}
