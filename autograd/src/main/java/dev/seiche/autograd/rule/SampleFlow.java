package dev.seiche.autograd.rule;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * How the samples of a result go back into one input, when sample i of the result must depend on nothing of another
 * sample: the input holds samples itself, all samples share the whole of it, or the op mixes them.
 *
 * @param axis where the input holds the samples; null when it is shared, or when the op couples them so that nothing of the
 *     input belongs to one
 * @param coupling why samples meet in this op, completing "couples samples: "; null when they do not
 */
public record SampleFlow(
        @Nullable SampleAxis axis, @Nullable String coupling) {

    /** The input holds the samples there. */
    static SampleFlow at(SampleAxis axis) {
        return new SampleFlow(Objects.requireNonNull(axis), null);
    }

    /** Every sample uses the whole input, as it uses a weight. */
    static SampleFlow shared() {
        return new SampleFlow(null, null);
    }

    /** The op mixes samples, but the input holds them there: what comes through its elements can be told apart. */
    static SampleFlow meets(SampleAxis axis, String why) {
        return new SampleFlow(Objects.requireNonNull(axis), why);
    }

    /** The op mixes samples. */
    static SampleFlow couples(String why) {
        return new SampleFlow(null, why);
    }
}
