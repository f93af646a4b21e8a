package dev.seiche.study;

import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/**
 * What a study is given: where it runs, and where its measurements go.
 *
 * <p>Confined to the thread that runs the study. Every method that writes throws {@link UserException} when the disk is
 * full or the place cannot be written; nothing half-written is left that looks whole.
 */
public interface RunContext {
    /** Seed of all randomness of the run. */
    long seed();

    /** Name of the device, {@code cpu} for now. */
    String device();

    /** Number of compute threads, at least 1. */
    int threads();

    /** The directory given by {@code --data}, where one was given. */
    Optional<Path> data();

    /** Appends one row to {@code metrics.jsonl}. Same seed, device and build must give the same rows in the same order. */
    void row(MetricRow row);

    /**
     * Writes {@code arrays/<name>.safetensors} as a whole, replacing an earlier one.
     *
     * @param name   letters, digits, {@code . _ -}
     * @param arrays by tensor name
     */
    void arrays(String name, Map<String, ArrayData> arrays);

    /**
     * Writes {@code parts/<name>.safetensors} as a whole, replacing an earlier one: a piece of a result that is there from now
     * on, also for a run that was interrupted and goes on.
     *
     * @param name letters, digits, {@code . _ -}
     */
    void part(String name, Part part);

    /** The piece of this name; empty when it is not there yet. */
    Optional<Part> part(String name);

    /** Saves a state to go on from; the rows written so far belong to it. The last two are kept. */
    void checkpoint(Checkpoint checkpoint);

    /** The state to go on from, when this run is resumed; empty at a fresh start. */
    Optional<Checkpoint> resumedFrom();

    /**
     * Tells how far the run is.
     *
     * @param done  units of work done, from 0 to total
     * @param total units of work in all
     * @param note  a few words such as {@code lr=0.1 loss 0.0123}
     */
    void progress(long done, long total, String note);

    /** Writes a line to {@code log.txt} and to the terminal. */
    void log(String line);

    /** Whether the run was asked to stop: save a checkpoint and throw {@link StoppedException} at the next step. */
    boolean stopRequested();
}
