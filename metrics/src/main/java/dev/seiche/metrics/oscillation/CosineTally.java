package dev.seiche.metrics.oscillation;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * Counts over adjacent cosines c_t: how many lie below -tau, the smallest, the mean. Streaming and mergeable: feed one
 * cosine per step with {@link #plus}, join consecutive or parallel pieces with {@link #merge}. Counts and the minimum
 * are exact under any split; the mean up to rounding. Immutable, so safe to share.
 *
 * <p>Prevalence p_tau = |{t : c_t &lt; -tau}| / (T - 1), in [0, 1], no unit: 0 is smooth descent, 1 an oscillation that
 * never pauses. The thresholds are our choice, none is published.
 *
 * @param count  adjacent pairs seen, T - 1, the masked ones included
 * @param masked pairs without a meaningful cosine (NaN), which count as not oscillating
 * @param min    smallest cosine, in [-1, 1]; NaN when there is none
 * @param sum    sum of the cosines that are not masked
 * @param below  for each of {@link #TAUS}, how many cosines are below -tau
 */
public record CosineTally(long count, long masked, double min, double sum, List<Long> below) {
    /** Thresholds tau of the mask O_tau. */
    public static final List<Double> TAUS = List.of(0.0, 0.5, 0.9);

    /** No pair yet. */
    public static final CosineTally EMPTY =
            new CosineTally(0, 0, Double.NaN, 0.0, Collections.nCopies(TAUS.size(), 0L));

    public CosineTally {
        below = List.copyOf(below);
    }

    /** The tally of these cosines; NaN is a masked one. */
    public static CosineTally of(double... cosines) {
        CosineTally tally = EMPTY;
        for (double cosine : cosines) {
            tally = tally.plus(cosine);
        }
        return tally;
    }

    /** One more pair; NaN counts as masked. */
    public CosineTally plus(double cosine) {
        if (Double.isNaN(cosine)) {
            return new CosineTally(count + 1, masked + 1, min, sum, below);
        }
        List<Long> counts = new ArrayList<>(TAUS.size());
        for (int i = 0; i < TAUS.size(); i++) {
            counts.add(below.get(i) + (cosine < -TAUS.get(i) ? 1 : 0));
        }
        return new CosineTally(count + 1, masked, smaller(min, cosine), sum + cosine, counts);
    }

    /** The tally of both pieces together. */
    public CosineTally merge(CosineTally other) {
        List<Long> counts = new ArrayList<>(TAUS.size());
        for (int i = 0; i < TAUS.size(); i++) {
            counts.add(below.get(i) + other.below.get(i));
        }
        return new CosineTally(
                count + other.count, masked + other.masked, smaller(min, other.min), sum + other.sum, counts);
    }

    /** Mean of the cosines that are not masked, in [-1, 1]; NaN when there is none. */
    public double mean() {
        return sum / (count - masked);
    }

    /**
     * Share of all pairs with c_t &lt; -tau; NaN before the first pair.
     *
     * @throws IllegalArgumentException for a tau that is not among {@link #TAUS}
     */
    public double prevalence(double tau) {
        int index = TAUS.indexOf(tau);
        if (index < 0) {
            throw new IllegalArgumentException("tally: counted at tau " + TAUS + ", asked for " + tau);
        }
        return (double) below.get(index) / count;
    }

    private static double smaller(double a, double b) {
        return Double.isNaN(a) ? b : Double.isNaN(b) ? a : Math.min(a, b);
    }
}
