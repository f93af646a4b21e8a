package dev.seiche.nn;

import dev.seiche.tensor.Value;

/**
 * A part of a network: immutable structure that holds no weights. Weights come with each forward pass, under names that
 * are local to the module ({@code weight}); the module's place in the network makes them unique ({@code block1.conv.weight}).
 * The same forward code computes, is recorded on a tape, carries tangents, or only infers shapes.
 */
@SuppressWarnings("JavaLangClash") // the field's own word; java.lang.Module never meets it
public interface Module {

    /** Names the parameters and running statistics that {@link #forward} asks for, and those of the parts. */
    default void declare(Declaration declaration) {}

    /**
     * The output for an input whose first axis is the sample.
     *
     * @throws dev.seiche.tensor.ShapeException when x does not fit
     */
    <T extends Value> T forward(Forward<T> pass, T x);
}
