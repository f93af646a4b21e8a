package dev.seiche.metrics;

import dev.seiche.nn.Stateful;
import dev.seiche.nn.train.Probe;
import java.util.Set;

/**
 * A probe that turns training steps into named numbers, and says what that costs. Owns memory across steps: open it in
 * a scope that outlives the training, and close it before that scope.
 */
public interface Metric extends Probe, Stateful, AutoCloseable {
    /** What it asks a step for, when its schedule says so. */
    Set<Need> needs();

    /** Frees what it kept. Throws nothing. */
    @Override
    void close();
}
