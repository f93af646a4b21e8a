package dev.seiche.metrics.example;

import dev.seiche.autograd.sample.Gram;

/**
 * Influence of training examples on the losses of others, by following training: TracIn(z, z') = sum over checkpoints of
 * eta_t g_t(z) . g_t(z'), in units of the loss: to first order, how much the steps taken on z lowered the loss of z'. Positive
 * helps. Pruthi, Liu, Kale, Sundararajan 2020. Streaming; filled by one thread.
 */
public final class TracIn {
    private final double[][] sums;

    /** Of {@code sources} on {@code targets}, from nothing. */
    public TracIn(int sources, int targets) {
        this.sums = new double[sources][targets];
    }

    /** Goes on from sums that were reached before. */
    TracIn(double[][] sums) {
        this.sums = sums;
    }

    /** The sums themselves. */
    double[][] toArray() {
        return sums;
    }

    /**
     * A checkpoint.
     *
     * @param rate learning rate, times the steps that the checkpoint stands for, by the batch size
     * @param gram inner products of the gradients of sources (rows) and targets (columns)
     */
    public void observe(double rate, Gram gram) {
        if (gram.rows() != sums.length || gram.columns() != sums[0].length) {
            throw new IllegalArgumentException("tracin: follows " + sums.length + " x " + sums[0].length
                    + " examples, but the inner products are " + gram.rows() + " x " + gram.columns());
        }
        for (int i = 0; i < sums.length; i++) {
            for (int j = 0; j < sums[i].length; j++) {
                sums[i][j] += rate * gram.get(i, j);
            }
        }
    }

    /** Influence of source i on target j so far. */
    public double influence(int source, int target) {
        return sums[source][target];
    }
}
