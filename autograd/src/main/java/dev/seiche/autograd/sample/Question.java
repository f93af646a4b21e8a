package dev.seiche.autograd.sample;

/** What is asked of the gradients of a batch of samples. */
public enum Question {
    /** The squared norm of each gradient. */
    NORMS,
    /** The inner product of each gradient with a direction. */
    DOT,
    /** The inner products of all pairs. */
    GRAM,
    /** The mean over samples of the square of each element. */
    SECOND_MOMENT
}
