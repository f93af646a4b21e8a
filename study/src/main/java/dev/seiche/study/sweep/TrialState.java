package dev.seiche.study.sweep;

import dev.seiche.study.UserException;
import dev.seiche.study.run.RunDirectory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** How far a trial's run directory is. */
enum TrialState {
    /** Nothing is there yet. */
    NEW,
    /** A living process writes it: of an earlier sweep that was killed, say. */
    ALIVE,
    /** It was interrupted, or failed for a reason that may be gone: worth another try. */
    UNFINISHED,
    COMPLETED,
    DIVERGED;

    static TrialState of(Path directory) {
        if (!Files.isRegularFile(directory.resolve("run.json"))) {
            return NEW;
        }
        RunDirectory run = RunDirectory.read(directory);
        return switch (run.record().status()) {
            case COMPLETED -> COMPLETED;
            case DIVERGED -> DIVERGED;
            case RUNNING -> run.alive() ? ALIVE : UNFINISHED;
            case INTERRUPTED, FAILED -> UNFINISHED;
        };
    }

    /** The run, where there is one that can be read. */
    static Optional<RunDirectory> run(Path directory) {
        try {
            return of(directory) == NEW ? Optional.empty() : Optional.of(RunDirectory.read(directory));
        } catch (UserException e) {
            return Optional.empty();
        }
    }
}
