package dev.seiche.metrics;

/**
 * What a metric needs a training step to know, cheapest first. A step computes each once, however many metrics ask: the
 * first three come with training, {@code step.perSample(n)} and {@code step.hvp(step.gradient())} are kept.
 */
public enum Need {
    /** The mean loss. */
    LOSS,
    /** The loss of each sample of the batch, and whether its label was hit. */
    SAMPLE_LOSSES,
    /** The gradient of the mean loss. */
    GRADIENT,
    /** Outputs or features of chosen inputs at the step's weights: a forward pass over them. */
    OUTPUTS,
    /** The gradients of samples in factors: one more forward and backward pass over them, and what is asked of them. */
    SAMPLE_GRADIENTS,
    /** Gradients at other weights, or of other mini-batches at these weights: one pass each. */
    MORE_GRADIENTS,
    /** Products of the Hessian with vectors, each about two to three gradients. */
    HVP
}
