package dev.seiche.metrics.gram;

/**
 * The pair of samples with the smallest or the largest cosine, found by a {@link PairScreen}.
 *
 * @param cosine exact; NaN where no pair has one
 * @param pair the first of the pairs that have it, or none
 * @param screened pairs that were estimated: all
 * @param computed pairs that were computed exactly
 * @param failure the bound {@code 1 / z^2} on the probability that another pair is more extreme; 0 when all were computed
 */
public record ExtremePair(double cosine, PairStatistics.Pair pair, long screened, long computed, double failure) {}
