package dev.seiche.bench;

import java.util.List;

/** A task made ready in one framework: inputs converted, weights in place. Confined to the thread that made it. */
public interface Work extends AutoCloseable {
    /** Does it once, leaving no memory behind. Returns something that depends on the result. */
    Object run();

    /**
     * What one run computes; for a training step, what several steps do, from the first weights on. Called instead of
     * {@link #run}, not after it.
     */
    List<Array> answer();

    @Override
    void close();
}
