package dev.seiche.study.trial;

import dev.seiche.metrics.MetricSink;
import dev.seiche.nn.train.Probe;
import dev.seiche.nn.train.Schedule;
import dev.seiche.nn.train.Step;
import dev.seiche.nn.train.Trainer;
import dev.seiche.study.ArrayData;
import dev.seiche.study.Checkpoint;
import dev.seiche.study.MetricRow;
import dev.seiche.study.RunContext;
import dev.seiche.study.StoppedException;
import dev.seiche.study.TensorArrays;
import dev.seiche.study.setup.StoredWeights;
import dev.seiche.tensor.Rng;
import dev.seiche.tensor.Scope;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Where one trial is measured: its memory, its key, and where its rows and numbers go. A trial that trains measures in
 * probes, or after the last step of {@link #train}; then it can be resumed in the middle and ends with the same bits.
 */
public final class Workbench implements MetricSink {
    private static final String MINUTES = "minutes";
    private static final double NANOS_PER_MINUTE = 60e9;

    /** Fewer say nothing about changes from step to step. */
    private static final int LEAST_STEPS = 4;

    private final RunContext run;
    private final Ledger ledger;
    private final Place place;
    private final Scope scope;
    private final Rng rng;
    private final Map<String, Double> numbers = new LinkedHashMap<>();
    private final Map<String, Double> pending = new LinkedHashMap<>();
    private @Nullable Checkpoint from;
    private long pendingStep = -1;
    private boolean keepingWeights;
    private double minutes = Double.POSITIVE_INFINITY;
    private double spentBefore;
    private long startedAt;
    private long firstStep;

    /**
     * Which trial of how many.
     *
     * @param index from 0
     */
    record Place(Trial trial, int index, int count) {}

    Workbench(RunContext run, Ledger ledger, Place place, Scope scope, Rng rng, @Nullable Checkpoint from) {
        this.run = run;
        this.ledger = ledger;
        this.place = place;
        this.scope = scope;
        this.rng = rng;
        this.from = from == null || Ledger.trainer(from).isEmpty() ? null : from;
    }

    /** Of the trial; closes with it. */
    public Scope scope() {
        return scope;
    }

    /** Of the trial's seed; the same for every arm, so that arms start alike where they can. */
    public Rng rng() {
        return rng;
    }

    /** A number of this trial, by a name without line breaks; a later one replaces an earlier one. */
    public void number(String name, double value) {
        numbers.put(name, value);
    }

    /** A number that was given before; NaN where there is none. */
    public double number(String name) {
        return numbers.getOrDefault(name, Double.NaN);
    }

    /** What the trials before this one found. */
    public Outcomes earlier() {
        return new Outcomes(ledger.finished());
    }

    Map<String, Double> numbers() {
        return numbers;
    }

    /** A value of this trial at a step. Values of one step that are put one after the other make a row of the run. */
    @Override
    public void put(long step, String name, double value) {
        if (step != pendingStep) {
            flush();
            pendingStep = step;
        }
        pending.put(name, value);
    }

    /** Writes the row that is being filled. */
    void flush() {
        if (pending.isEmpty()) {
            return;
        }
        MetricRow row = new MetricRow(pendingStep);
        pending.forEach((name, value) -> row.put(place.trial().name() + "/" + name, value));
        run.row(row);
        pending.clear();
    }

    /** Writes arrays into a file of this trial's own. */
    public void arrays(String name, Map<String, ArrayData> arrays) {
        run.arrays(place.trial().name().replaceAll("[^A-Za-z0-9.]+", "-") + "-" + name, arrays);
    }

    /** Writes a line to the log. */
    public void log(String line) {
        run.log(place.trial().name() + ": " + line);
    }

    /**
     * The last probe of a training: records the loss, tells progress, and hears requests to stop.
     *
     * @param rows  steps whose loss is recorded
     * @param steps of the training
     */
    public Probe watch(Schedule rows, long steps) {
        return new Probe() {
            @Override
            public String name() {
                return "workbench";
            }

            @Override
            public void observe(Step step) {
                if (rows.at(step.index())) {
                    put(step.index(), "loss", step.loss());
                }
                tell(step.index() + 1, steps, step.loss());
                if (run.stopRequested() || isTimeOver(step.index() + 1)) {
                    step.requestStop();
                }
            }
        };
    }

    /** Whether another step, as long as those before, would go beyond the time. */
    private boolean isTimeOver(long done) {
        if (done < LEAST_STEPS) {
            return false;
        }
        double here = (System.nanoTime() - startedAt) / NANOS_PER_MINUTE;
        return spentBefore + here * (done - firstStep + 1) / (done - firstStep) > minutes;
    }

    private double spent() {
        return spentBefore + (System.nanoTime() - startedAt) / NANOS_PER_MINUTE;
    }

    private void tell(long done, long steps, double loss) {
        double share = Math.max((double) done / steps, Math.min(1, spent() / minutes));
        run.progress(
                1000L * place.index() + (long) (1000 * share),
                1000L * place.count(),
                "trial %d of %d, %s: loss %.4g"
                        .formatted(
                                place.index() + 1, place.count(), place.trial().name(), loss));
    }

    /** For trials without a trainer: tells progress, and stops where it was asked to; what is not finished begins anew. */
    public void working(long done, long of) {
        run.progress(
                1000L * place.index() + 1000 * done / of,
                1000L * place.count(),
                "trial %d of %d, %s"
                        .formatted(
                                place.index() + 1, place.count(), place.trial().name()));
        if (run.stopRequested()) {
            throw new StoppedException("stopped in " + place.trial().name());
        }
    }

    /** Keeps the weights of every checkpoint that {@link #train} writes, not only the last ones. */
    public void keepWeights() {
        keepingWeights = true;
    }

    /**
     * Trains to a step, saving the state on the way and the weights at the end. On a resumed run the first call goes on from
     * the saved state.
     *
     * @param every steps between checkpoints
     * @throws StoppedException when the run was asked to stop; the state is saved
     */
    public void train(Trainer trainer, long steps, int every) {
        train(trainer, steps, every, 0);
    }

    /**
     * The same, but ends before the step that would not fit into the time, which counts over resumed runs too, and not before
     * four steps. How many steps fit depends on the machine; the time that they took is the number {@code minutes}.
     *
     * @param limit minutes; 0 for no limit
     */
    public void train(Trainer trainer, long steps, int every, double limit) {
        Checkpoint saved = from;
        from = null;
        if (saved != null) {
            try (Scope copy = scope.child("checkpoint")) {
                trainer.restore(TensorArrays.read(Ledger.trainer(saved), copy));
            }
            numbers.putAll(Ledger.current(saved));
        }
        minutes = limit == 0 ? Double.POSITIVE_INFINITY : limit;
        spentBefore = numbers.getOrDefault(MINUTES, 0.0);
        startedAt = System.nanoTime();
        firstStep = trainer.step();
        boolean ended = false;
        while (trainer.step() < steps && !ended) {
            Trainer.End end = trainer.run(Math.min(steps, (trainer.step() / every + 1) * every));
            boolean stopped = end == Trainer.End.STOPPED && run.stopRequested();
            ended = end == Trainer.End.STOPPED && !stopped;
            if (limit > 0) {
                number(MINUTES, spent());
            }
            if (stopped || trainer.step() < steps && !ended) {
                flush();
                try (Scope copy = scope.child("checkpoint")) {
                    run.checkpoint(ledger.within(trainer.step(), numbers, TensorArrays.write(trainer.capture(copy))));
                }
                if (keepingWeights && !stopped) {
                    arrays("weights-at-" + trainer.step(), StoredWeights.write(trainer));
                }
            }
            if (stopped) {
                throw new StoppedException("stopped in %s after step %d of %d"
                        .formatted(place.trial().name(), trainer.step(), steps));
            }
        }
        arrays("weights", StoredWeights.write(trainer));
    }
}
