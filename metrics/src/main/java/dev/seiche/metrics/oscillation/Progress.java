package dev.seiche.metrics.oscillation;

import java.util.Arrays;

/**
 * How much of the progress of a run was made by oscillating steps, in the three readings that "portion of progress" can
 * have; which one the paper means is not published. Each is a share of the whole descent from L_0 to L_S: 0 none, 1 all
 * of it; it may be negative or above 1 when the chosen steps (or the others) raised the loss. No unit.
 *
 * <p>With O the set of oscillating steps and S the last step's end:
 * <ul>
 *   <li>{@code oneStep}: Q1 = sum over t in O of (L_t - L_{t+1}) / (L_0 - L_S). Noisy: an oscillating loss goes up and
 *       down, and the terms nearly cancel;
 *   <li>{@code segmentNet}: Q2 = sum over segments [a, b] of (L_a - L_{b+1}) / (L_0 - L_S). A segment is a maximal run of
 *       steps in O, after joining runs that at most {@value #MERGE_GAP} other steps separate. Without joining the sum
 *       would telescope to Q1; with it, a short pause belongs to the oscillation it interrupts;
 *   <li>{@code log}: Q3 = Q2 with ln L in place of L. Says how much of the decrease by orders of magnitude was made, so
 *       it is not ruled by the first few steps, in which most of the raw loss is lost.
 * </ul>
 *
 * All three are NaN when the run made no progress (L_S at or above L_0); {@code log} also when a loss at the end of a
 * segment is 0 or negative.
 *
 * @param oneStep    Q1
 * @param segmentNet Q2
 * @param log        Q3
 */
public record Progress(double oneStep, double segmentNet, double log) {
    /** The most steps that may separate two runs of oscillating steps which count as one segment. */
    public static final int MERGE_GAP = 2;

    /**
     * The shares made by the marked steps.
     *
     * @param loss        L_0 .. L_S, at least one, all finite
     * @param oscillating for each step t = 0 .. S-1 whether it oscillates; may be longer, the rest is ignored
     */
    public static Progress of(double[] loss, boolean[] oscillating) {
        int steps = loss.length - 1;
        if (steps < 0 || oscillating.length < steps) {
            throw new IllegalArgumentException("progress: %d losses need %d marks, got %d"
                    .formatted(loss.length, Math.max(0, steps), oscillating.length));
        }
        double total = loss[0] - loss[steps];
        if (!(total > 0)) {
            return new Progress(Double.NaN, Double.NaN, Double.NaN);
        }
        double totalLog = Math.log(loss[0]) - Math.log(loss[steps]);
        double one = 0;
        double net = 0;
        double log = 0;
        int begin = -1; // first step of the open segment
        int last = -1; // last oscillating step in it
        for (int t = 0; t < steps; t++) {
            if (!oscillating[t]) {
                continue;
            }
            one += loss[t] - loss[t + 1];
            if (begin >= 0 && t - last - 1 > MERGE_GAP) {
                net += loss[begin] - loss[last + 1];
                log += logDrop(loss[begin], loss[last + 1]);
                begin = t;
            } else if (begin < 0) {
                begin = t;
            }
            last = t;
        }
        if (begin >= 0) {
            net += loss[begin] - loss[last + 1];
            log += logDrop(loss[begin], loss[last + 1]);
        }
        return new Progress(one / total, net / total, log / totalLog);
    }

    /**
     * The shares of the descent made from a step on to the end: both raw readings are (L_a - L_S) / (L_0 - L_S), the log
     * one is its logarithmic twin.
     *
     * @param loss L_0 .. L_S
     * @param from the step a, in 0..S
     */
    public static Progress since(double[] loss, int from) {
        boolean[] marks = new boolean[loss.length - 1];
        Arrays.fill(marks, from, marks.length, true);
        return of(loss, marks);
    }

    private static double logDrop(double from, double to) {
        return from > 0 && to > 0 ? Math.log(from) - Math.log(to) : Double.NaN;
    }
}
