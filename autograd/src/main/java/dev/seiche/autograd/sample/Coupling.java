package dev.seiche.autograd.sample;

/**
 * What the gradient of one sample is when the samples of a batch meet, as batch norm makes them do in training. Where they
 * do not meet, all three are the same.
 */
public enum Coupling {
    /**
     * Samples must not meet; a record where they do is refused. For batch norm: evaluate with running statistics, which are
     * constants.
     */
    FROZEN,
    /**
     * The derivative of each loss, through all samples that it depends on. Has no factors: one backward pass per sample, or
     * one forward-mode pass for an inner product.
     */
    EXACT,
    /**
     * What the elements of each sample add to the gradient of the summed loss: row i is the part that comes through sample
     * i's own activations, whichever loss it goes to. The rows sum to the batch gradient; they are not derivatives of the
     * losses.
     */
    CONTRIBUTION
}
