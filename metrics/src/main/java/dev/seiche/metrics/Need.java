package dev.seiche.metrics;

/** What a metric needs a training step to know, cheapest first. */
public enum Need {
    /** The mean loss. */
    LOSS,
    /** The gradient of the mean loss. */
    GRADIENT,
    /** Products of the Hessian with vectors, each about two to three gradients. */
    HVP
}
