package dev.seiche.study.run;

import dev.seiche.study.ArrayData;
import dev.seiche.study.Checkpoint;
import dev.seiche.study.DivergedException;
import dev.seiche.study.MetricRow;
import dev.seiche.study.Part;
import dev.seiche.study.RunContext;
import dev.seiche.study.StoppedException;
import dev.seiche.study.Study;
import dev.seiche.study.StudyException;
import dev.seiche.study.UserException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * A run directory while it is written, and the context that its study sees.
 *
 * <p>Holds the directory's lock until it is closed. Confined to the thread that runs the study.
 */
public final class ActiveRun implements RunContext, AutoCloseable {
    static final String METRICS = "metrics.jsonl";
    static final String LOG = "log.txt";
    static final String ARRAYS = "arrays";
    static final String PARTS = "parts";

    /**
     * What a run lives with.
     *
     * @param listener hears progress and lines
     * @param stop     whether the run was asked to stop; may be called from the run's thread at any time
     * @param clock    gives the times in {@code run.json} and {@code log.txt}
     */
    public record Surroundings(RunListener listener, BooleanSupplier stop, InstantSource clock) {}

    private final Path directory;
    private final Surroundings around;
    private final RunLock lock;
    private final Checkpoints checkpoints;
    private final MetricsLog metrics;
    private final Optional<Checkpoint> resumedFrom;
    private final @Nullable RunPlace place;
    private RunRecord record;
    private boolean ended;
    private boolean refused;

    private ActiveRun(
            Path directory,
            Surroundings around,
            RunLock lock,
            RunRecord record,
            MetricsLog metrics,
            Optional<Checkpoint> resumedFrom,
            @Nullable RunPlace place) {
        this.directory = directory;
        this.around = around;
        this.lock = lock;
        this.record = record;
        this.checkpoints = new Checkpoints(directory);
        this.metrics = metrics;
        this.resumedFrom = resumedFrom;
        this.place = place;
    }

    /**
     * Starts a run in a directory that is new or empty.
     *
     * @param record what is to be run; its status is {@link RunStatus#RUNNING}
     * @throws UserException when the directory holds something, is being written by another, or cannot be written; what
     *     was created by then is removed again
     */
    public static ActiveRun start(Path directory, RunRecord record, Surroundings around) {
        RunPlace place = RunPlace.claim(directory);
        RunLock lock = place.lock();
        try {
            RunFile.write(directory, record);
            MetricsLog metrics = MetricsLog.open(directory.resolve(METRICS), 0, 0);
            ActiveRun run = new ActiveRun(directory, around, lock, record, metrics, Optional.empty(), place);
            run.writeLog("started " + record.id());
            return run;
        } catch (RuntimeException e) {
            lock.close();
            place.giveBack();
            throw e;
        }
    }

    /**
     * Goes on with a run that did not come to its end, from its newest checkpoint, or anew where there is none. Rows
     * written after the checkpoint are taken back.
     *
     * @throws UserException when the run completed or diverged, is being written, or is damaged
     */
    public static ActiveRun resume(Path directory, Platform platform, Surroundings around) {
        RunRecord before = RunFile.read(directory);
        if (before.status() == RunStatus.COMPLETED || before.status() == RunStatus.DIVERGED) {
            throw new UserException("%s cannot be resumed: it %s; start a new run"
                    .formatted(
                            directory,
                            before.status() == RunStatus.COMPLETED
                                    ? "came to its end"
                                    : "diverged and would do so again"));
        }
        RunLock lock = RunLock.acquire(directory);
        try {
            Optional<Checkpoints.Saved> saved = new Checkpoints(directory)
                    .newestFirst().stream().findFirst().map(Checkpoints::read);
            MetricsLog metrics = MetricsLog.open(
                    directory.resolve(METRICS),
                    saved.map(Checkpoints.Saved::metricsBytes).orElse(0L),
                    saved.map(Checkpoints.Saved::metricsRows).orElse(0L));
            Optional<Checkpoint> from = saved.map(Checkpoints.Saved::checkpoint);
            long step = from.map(Checkpoint::step).orElse(0L);
            RunRecord record = before.goingOn(new RunRecord.Resumption(now(around), step, platform));
            RunFile.write(directory, record);
            ActiveRun run = new ActiveRun(directory, around, lock, record, metrics, from, null);
            run.writeLog("resumed from step " + step);
            return run;
        } catch (RuntimeException e) {
            lock.close();
            throw e;
        }
    }

    /**
     * Runs the study and writes down how it ended, whatever happens. A new run that is refused before it kept anything, because
     * its settings or its data do not do, leaves no directory when it is closed.
     *
     * @return what the study found
     * @throws StudyException when it stopped, diverged or could not go on; the run's status says the same
     */
    public <C extends Record> Record execute(Study<C> study, C config) {
        try {
            Record results = study.run(config, this);
            end(RunStatus.COMPLETED, null, RunFile.tree(results));
            return results;
        } catch (StoppedException e) {
            throw failing(e, RunStatus.INTERRUPTED);
        } catch (DivergedException e) {
            throw failing(e, RunStatus.DIVERGED);
        } catch (UserException e) {
            if (place != null && isBlank()) {
                refused = true;
                throw e;
            }
            throw failing(e, RunStatus.FAILED);
        } catch (OutOfMemoryError e) {
            throw failing(
                    new UserException(
                            "out of memory: %s; use smaller sizes, or give Java more with -Xmx"
                                    .formatted(e.getMessage()),
                            e),
                    RunStatus.FAILED);
        } catch (RuntimeException | Error e) {
            failing(e, RunStatus.FAILED);
            throw e;
        }
    }

    private boolean isBlank() {
        return metrics.rows() == 0
                && Stream.of(ARRAYS, PARTS, Checkpoints.FOLDER)
                        .noneMatch(folder -> Files.exists(directory.resolve(folder)));
    }

    private <E extends Throwable> E failing(E fault, RunStatus status) {
        try {
            String why = fault instanceof StudyException ? fault.getMessage() : fault.toString();
            end(status, why, null);
        } catch (RuntimeException e) {
            // The disk may be full: the record then still says "running" and the free lock tells the rest.
            fault.addSuppressed(e);
        }
        return fault;
    }

    private void end(RunStatus status, @Nullable String why, @Nullable JsonNode results) {
        metrics.force();
        record = record.ended(status, why, now(around), results);
        RunFile.write(directory, record);
        writeLog(status.word() + (why == null ? "" : ": " + why));
        ended = true;
    }

    /** Where it is written. */
    public Path directory() {
        return directory;
    }

    /** What {@code run.json} says now. */
    public RunRecord record() {
        return record;
    }

    /** Rows written so far, those before a resume included. */
    public long rows() {
        return metrics.rows();
    }

    @Override
    public long seed() {
        return record.seed();
    }

    @Override
    public String device() {
        return record.platform().device();
    }

    @Override
    public int threads() {
        return record.platform().threads();
    }

    @Override
    public Optional<Path> data() {
        return Optional.ofNullable(record.data()).map(Path::of);
    }

    @Override
    public void row(MetricRow row) {
        metrics.append(row);
    }

    @Override
    public void arrays(String name, Map<String, ArrayData> arrays) {
        new SafeTensors(arrays, Map.of()).write(file(ARRAYS, name));
    }

    @Override
    public void part(String name, Part part) {
        new SafeTensors(part.arrays(), part.about()).write(file(PARTS, name));
    }

    @Override
    public Optional<Part> part(String name) {
        Path file = directory.resolve(PARTS).resolve(name + ".safetensors");
        if (!Files.exists(file)) {
            return Optional.empty();
        }
        SafeTensors found = SafeTensors.read(file);
        return Optional.of(new Part(found.arrays(), found.metadata()));
    }

    private Path file(String folder, String name) {
        if (!name.matches("[A-Za-z0-9_-][A-Za-z0-9._-]*")) {
            throw new IllegalArgumentException(folder + ": '" + name + "' cannot be the name of a file");
        }
        Path place = directory.resolve(folder);
        try {
            Files.createDirectories(place);
        } catch (IOException e) {
            throw DiskFault.writing(place, e);
        }
        return place.resolve(name + ".safetensors");
    }

    @Override
    public void checkpoint(Checkpoint checkpoint) {
        metrics.force();
        checkpoints.save(checkpoint, metrics.bytes(), metrics.rows());
    }

    @Override
    public Optional<Checkpoint> resumedFrom() {
        return resumedFrom;
    }

    @Override
    public void progress(long done, long total, String note) {
        around.listener().progress(done, total, note);
    }

    @Override
    public void log(String line) {
        writeLog(line);
        around.listener().line(line);
    }

    private void writeLog(String line) {
        Path file = directory.resolve(LOG);
        try {
            Files.writeString(
                    file,
                    now(around) + " " + line + "\n",
                    StandardCharsets.UTF_8,
                    StandardOpenOption.CREATE,
                    StandardOpenOption.APPEND);
        } catch (IOException e) {
            throw DiskFault.writing(file, e);
        }
    }

    @Override
    public boolean stopRequested() {
        return around.stop().getAsBoolean();
    }

    private static String now(Surroundings around) {
        return around.clock().instant().truncatedTo(ChronoUnit.MILLIS).toString();
    }

    /** Lets go of the directory. A run that {@link #execute} did not end reads as interrupted without a clean end. */
    @Override
    public void close() {
        try (lock;
                metrics) {
            if (!ended && !refused) {
                writeLog("left without an end");
            }
        }
        if (refused && place != null) {
            place.giveBack();
        }
    }
}
