package dev.seiche.study.sweep;

import dev.seiche.study.UserException;
import dev.seiche.study.run.DiskFault;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/**
 * Runs the trials of a sweep, each in a process of its own, a few at a time. What is finished is skipped, what was interrupted
 * is resumed, and a trial that fails is remembered and does not stop the others. Confined to one thread.
 */
public final class Scheduler {
    private static final long POLL_MILLIS = 100;

    private final SweepPlan plan;
    private final Path directory;
    private final Options options;
    private final Consumer<String> tell;

    /**
     * How trials are run.
     *
     * @param jobs    processes at a time, at least 1
     * @param gpus    devices that jobs are spread over, each seeing one; 0 leaves the environment alone
     * @param program starts this program: the Java command up to the main class
     * @param stop    whether the sweep was asked to stop
     */
    public record Options(int jobs, int gpus, List<String> program, BooleanSupplier stop) {
        public Options {
            program = List.copyOf(program);
        }
    }

    private record Job(SweepPlan.Trial trial, Process process, int slot) {}

    public Scheduler(SweepPlan plan, Path directory, Options options, Consumer<String> tell) {
        this.plan = plan;
        this.directory = directory;
        this.options = options;
        this.tell = tell;
    }

    /**
     * Runs what is left to run.
     *
     * @return why trials failed, by their index; empty when all came to their end
     */
    public Map<Integer, String> run() {
        List<SweepPlan.Trial> trials = plan.trials();
        Deque<SweepPlan.Trial> waiting = new ArrayDeque<>();
        for (SweepPlan.Trial trial : trials) {
            TrialState state = TrialState.of(trial.directory(directory));
            if (state != TrialState.COMPLETED && state != TrialState.DIVERGED) {
                waiting.add(trial);
            }
        }
        tell.accept("%d trials, %d of them finished".formatted(trials.size(), trials.size() - waiting.size()));
        Map<Integer, String> failed = new TreeMap<>();
        List<Job> running = new ArrayList<>();
        int total = trials.size();
        int done = total - waiting.size();
        try {
            while (!waiting.isEmpty() || !running.isEmpty()) {
                if (options.stop().getAsBoolean()) {
                    return failed;
                }
                while (running.size() < options.jobs() && startNext(waiting, running)) {
                    // as many as there are slots for
                }
                for (Iterator<Job> jobs = running.iterator(); jobs.hasNext(); ) {
                    Job job = jobs.next();
                    if (!job.process().isAlive()) {
                        jobs.remove();
                        done++;
                        end(job, done, total, failed);
                    }
                }
                pause();
            }
            return failed;
        } finally {
            stop(running);
        }
    }

    /** Starts the next trial that no other process is writing; false when there is none. */
    private boolean startNext(Deque<SweepPlan.Trial> waiting, List<Job> running) {
        for (int tried = 0, count = waiting.size(); tried < count; tried++) {
            SweepPlan.Trial trial = waiting.removeFirst();
            if (TrialState.of(trial.directory(directory)) == TrialState.ALIVE) {
                waiting.addLast(trial);
                continue;
            }
            int slot = 0;
            while (taken(running, slot)) {
                slot++;
            }
            running.add(new Job(trial, start(trial, slot), slot));
            return true;
        }
        return false;
    }

    private static boolean taken(List<Job> running, int slot) {
        return running.stream().anyMatch(job -> job.slot() == slot);
    }

    private Process start(SweepPlan.Trial trial, int slot) {
        Path place = trial.directory(directory);
        List<String> words = new ArrayList<>(options.program());
        if (TrialState.of(place) == TrialState.UNFINISHED) {
            words.addAll(List.of("resume", place.toString()));
        } else {
            words.addAll(List.of("run", plan.study(), "--out", place.toString()));
            words.addAll(plan.options());
            words.addAll(trial.words());
        }
        try {
            Files.createDirectories(printed(trial).getParent());
            ProcessBuilder builder = new ProcessBuilder(words)
                    .redirectErrorStream(true)
                    .redirectOutput(
                            ProcessBuilder.Redirect.appendTo(printed(trial).toFile()));
            if (options.gpus() > 0) {
                builder.environment().put("CUDA_VISIBLE_DEVICES", Integer.toString(slot % options.gpus()));
            }
            return builder.start();
        } catch (IOException e) {
            throw new UserException("cannot start a trial: " + DiskFault.reason(e), e);
        }
    }

    /** What the trial's process prints. */
    private Path printed(SweepPlan.Trial trial) {
        return directory.resolve("logs").resolve("%04d.txt".formatted(trial.index()));
    }

    private void end(Job job, int done, int total, Map<Integer, String> failed) {
        int code = job.process().exitValue();
        String how = code == 0 ? "done" : "failed with exit code " + code + ": " + lastLine(job.trial());
        tell.accept("%d/%d %s %s".formatted(done, total, job.trial().settings(), how));
        if (code != 0) {
            failed.put(job.trial().index(), how);
        }
    }

    private String lastLine(SweepPlan.Trial trial) {
        try {
            return Files.readString(printed(trial), StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> line.startsWith("error:"))
                    .reduce((a, b) -> b)
                    .orElse("see " + printed(trial));
        } catch (IOException e) {
            return "it printed nothing that can be read";
        }
    }

    /** Asks what still runs to stop; each saves its state. */
    private static void stop(List<Job> running) {
        running.forEach(job -> job.process().destroy());
        for (Job job : running) {
            try {
                job.process().waitFor();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
        }
    }

    private static void pause() {
        try {
            Thread.sleep(POLL_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new UserException("the sweep was interrupted; start it again to go on", e);
        }
    }
}
