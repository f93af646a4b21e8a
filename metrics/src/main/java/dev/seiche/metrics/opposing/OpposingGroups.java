package dev.seiche.metrics.opposing;

import java.util.Arrays;
import java.util.Comparator;
import java.util.HashSet;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * The samples whose losses changed most in one step. Ties go to the sample with the lower number. Immutable; arrays are
 * shared and must not be changed.
 *
 * @param step     of selection, t
 * @param rising   G+, the k most positive d_i(t), the largest first
 * @param falling  G-, the k most negative d_i(t), the most negative first
 */
@SuppressWarnings("ArrayRecordComponent") // numeric, handed on, never compared
public record OpposingGroups(int step, int[] rising, int[] falling) {

    /** The usual size of a group, max(8, 0.5% of the samples), but never more than half of them. */
    public static int size(int samples) {
        return Math.min(Math.max(8, (int) Math.round(0.005 * samples)), samples / 2);
    }

    /** Selects at a step t from 1, with k samples in each group. */
    public static OpposingGroups select(LossHistory history, int step, int k) {
        if (k < 1 || 2 * k > history.samples()) {
            throw new IllegalArgumentException(
                    "opposing groups: two groups of " + k + " do not fit " + history.samples() + " samples");
        }
        int[] falling = order(history.changes(step), 1);
        int[] rising = order(history.changes(step), -1);
        return new OpposingGroups(step, Arrays.copyOf(rising, k), Arrays.copyOf(falling, k));
    }

    /** Numbers of the k largest values, the largest first: the controls "by loss" and "by gradient norm". */
    public static int[] largest(double[] values, int k) {
        return Arrays.copyOf(order(values, -1), k);
    }

    /** |a and b| / |a or b|, in [0, 1]: how much two sets of samples share. */
    public static double jaccard(int[] a, int[] b) {
        Set<Integer> both = new HashSet<>();
        Set<Integer> any = new HashSet<>();
        for (int i : a) {
            any.add(i);
        }
        for (int i : b) {
            if (any.contains(i)) {
                both.add(i);
            }
        }
        for (int i : b) {
            any.add(i);
        }
        return any.isEmpty() ? Double.NaN : both.size() / (double) any.size();
    }

    /** k, samples in each group. */
    public int size() {
        return rising.length;
    }

    /** Both groups, G+ first. */
    public int[] both() {
        return IntStream.concat(Arrays.stream(rising), Arrays.stream(falling)).toArray();
    }

    private static int[] order(double[] values, int sign) {
        return IntStream.range(0, values.length)
                .boxed()
                .sorted(Comparator.comparingDouble(i -> sign * values[i]))
                .mapToInt(Integer::intValue)
                .toArray();
    }
}
