package dev.seiche.metrics;

/** What measurements say about a claim. */
public enum Verdict {
    HOLDS,
    DOES_NOT_HOLD,
    /** The runs at hand cannot decide it. */
    NOT_TESTED
}
