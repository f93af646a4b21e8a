package dev.seiche.nn.train;

/**
 * Observes training without touching it. Called on the trainer's thread, after the gradient of a step is known and before
 * the weights move. A probe that must be saved with the run also implements {@link dev.seiche.nn.Stateful}.
 */
public interface Probe {

    /** Names the probe's state in a checkpoint; unique in a run. */
    String name();

    /** Which steps it wants to see. */
    default Schedule schedule() {
        return Schedule.everyStep();
    }

    /**
     * Looks at a step. Tensors of the step die when it ends: keep a copy in a scope of one's own.
     */
    void observe(Step step);
}
