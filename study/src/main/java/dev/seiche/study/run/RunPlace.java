package dev.seiche.study.run;

import dev.seiche.study.UserException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.stream.Stream;

/** A directory that a new run may fill, and what was created for it, so that a failed start leaves nothing. */
final class RunPlace {
    private static final List<String> OURS =
            List.of(RunLock.NAME, RunFile.NAME, RunFile.NAME + AtomicFile.UNFINISHED, ActiveRun.METRICS, ActiveRun.LOG);

    private final Path directory;
    private final Deque<Path> created;

    private RunPlace(Path directory, Deque<Path> created) {
        this.directory = directory;
        this.created = created;
    }

    /**
     * Creates the directory with its parents, or takes an empty one.
     *
     * @throws UserException when something is in it, or it cannot be created
     */
    static RunPlace claim(Path directory) {
        Deque<Path> created = new ArrayDeque<>();
        try {
            if (Files.exists(directory) && !Files.isDirectory(directory)) {
                throw new UserException("%s is a file; choose another directory with --out DIR".formatted(directory));
            }
            if (Files.isDirectory(directory)) {
                refuseIfFilled(directory);
            }
            for (Path p = directory.toAbsolutePath().normalize(); p != null && !Files.exists(p); p = p.getParent()) {
                created.addLast(p);
            }
            Files.createDirectories(directory);
            return new RunPlace(directory, created);
        } catch (IOException e) {
            throw DiskFault.writing(directory, e, "choose another place with --out DIR");
        }
    }

    private static void refuseIfFilled(Path directory) throws IOException {
        try (Stream<Path> inside = Files.list(directory)) {
            List<String> names = inside.map(p -> p.getFileName().toString())
                    .filter(n -> !n.equals(RunLock.NAME))
                    .sorted()
                    .toList();
            if (names.contains(RunFile.NAME)) {
                throw new UserException(
                        "%s holds a run already; go on with it by 'seiche resume %s', or choose another directory with --out DIR"
                                .formatted(directory, directory));
            } else if (!names.isEmpty()) {
                throw new UserException(
                        "%s is not empty (%s%s) and holds no run; choose a new or empty directory with --out DIR"
                                .formatted(
                                        directory,
                                        String.join(", ", names.subList(0, Math.min(3, names.size()))),
                                        names.size() > 3 ? ", ..." : ""));
            }
        }
    }

    /**
     * Takes the lock, and looks again: another process may have come first.
     *
     * @throws UserException when it did
     */
    RunLock lock() {
        RunLock lock = RunLock.acquire(directory);
        try {
            refuseIfFilled(directory);
            return lock;
        } catch (IOException e) {
            lock.close();
            throw DiskFault.reading(directory, e);
        } catch (UserException e) {
            lock.close();
            throw e;
        }
    }

    /** Removes what a failed start wrote under the lock, and the directories that it created, as far as empty. */
    void giveBack() {
        try {
            for (String name : OURS) {
                Files.deleteIfExists(directory.resolve(name));
            }
            for (Path p : created) {
                Files.deleteIfExists(p);
            }
        } catch (IOException e) {
            // The start failed for a reason that is told; what cannot be removed stays.
        }
    }
}
