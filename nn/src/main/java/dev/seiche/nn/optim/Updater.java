package dev.seiche.nn.optim;

import dev.seiche.nn.ParameterVector;
import dev.seiche.nn.Stateful;

/** The running state of an update rule. Lives as long as the scope it was started in; confined to its thread. */
public interface Updater extends Stateful {

    /**
     * Moves the weights, in place.
     *
     * @param gradient is not changed
     * @param rate the learning rate of this step
     */
    void step(ParameterVector gradient, double rate);
}
