package dev.seiche.study;

/**
 * An experiment that a person can run by name: it computes plain data and hands it to a {@link RunContext}.
 *
 * <p>A study never draws and never touches the run directory itself. It must give the same rows, bit by bit, for the
 * same configuration, seed, device and build, and it must be able to go on from any checkpoint that it wrote. An
 * instance holds no state of a run: all of it lives in {@link #run}, on the thread that calls it.
 *
 * @param <C> the configuration, a record whose components are the keys
 */
public interface Study<C extends Record> {
    /** The name on the command line: lower case letters, digits and {@code -}. */
    String name();

    /** One line that says what is measured. */
    String description();

    /** The record that the configuration binds to. */
    Class<C> configType();

    /** Class-path resource of the YAML with a value for every key, found next to the study's class. */
    String defaults();

    /**
     * Runs to the end, or to the next step once a stop is requested.
     *
     * @return what was found, a record that can be written as JSON; it becomes {@code results} in {@code run.json}
     * @throws DivergedException when a measured value leaves its bound
     * @throws StoppedException  when {@link RunContext#stopRequested} was heard and the state was saved
     */
    Record run(C config, RunContext run);
}
