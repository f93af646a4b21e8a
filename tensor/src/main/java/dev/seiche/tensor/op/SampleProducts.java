package dev.seiche.tensor.op;

/** From what inner products of samples' weight gradients are computed. All are exact and differ by rounding, time and memory. */
public enum SampleProducts {
    /** Products of patches times products of cotangents, over all pairs of positions; no gradient is formed. */
    PATCHES,
    /**
     * The same where the window moves by one: products of patches are sums of products of pixels, one for each tap. No patch
     * is laid out either.
     */
    PIXELS,
    /** The gradients, formed piece by piece in fast memory and dropped. */
    GRADIENTS
}
