package dev.seiche.autograd.sample;

/** How a question is answered. All routes are exact: they differ by rounding, time and memory. */
public enum Route {
    /** The gradients themselves, which are there because they are small. */
    DIRECT,
    /**
     * Those of a bias in the product of its layer's weight, whose input has one more element that is always 1: for a Gram matrix,
     * where the layer has one position and its weight's route is {@link #CONTRACT}. Ordering {@link #DIRECT} keeps them apart.
     */
    JOINED,
    /** Products of factors over pairs of positions; the gradients are never formed. */
    CONTRACT,
    /** The same for a convolution, where one product of all pixels, shifted once per tap, stands for that of patches. */
    SHIFT,
    /** The gradients formed from factors, a slab of coordinates or a few samples at a time. */
    MATERIALISE,
    /** The op applied to the direction in place of the parameter, times what came back for its result. */
    PROJECT,
    /** The record gone over forward, along a direction or each gradient: exact also where samples are coupled. */
    JVP,
    /** One backward pass per sample: exact also where samples are coupled. */
    BACKWARD
}
