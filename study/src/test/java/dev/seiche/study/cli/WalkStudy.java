package dev.seiche.study.cli;

import dev.seiche.study.ArrayData;
import dev.seiche.study.Checkpoint;
import dev.seiche.study.DivergedException;
import dev.seiche.study.MetricRow;
import dev.seiche.study.RunContext;
import dev.seiche.study.StoppedException;
import dev.seiche.study.Study;
import dev.seiche.study.config.AtLeast;
import dev.seiche.study.config.Doc;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/** A study without an engine: a chaotic walk whose every step depends on all before it. */
final class WalkStudy implements Study<WalkStudy.Config> {
    record Config(
            @Doc("Steps in all") @AtLeast(1) int steps,
            @Doc("Steps between checkpoints") @AtLeast(1) int checkpointEvery,

            @Doc("Waits before step 20 while this file is there")
            String holdWhile,

            @Doc("Step that diverges, or -1") int divergeAt,
            @Doc("Step that has a bug, or -1") int breakAt,

            @Doc("Metrics beside x, to make rows long") @AtLeast(0)
            int filler) {}

    record Found(double last) {}

    @Override
    public String name() {
        return "walk";
    }

    @Override
    public String description() {
        return "A chaotic walk";
    }

    @Override
    public Class<Config> configType() {
        return Config.class;
    }

    @Override
    public String defaults() {
        return "walk.yaml";
    }

    @Override
    public Record run(Config config, RunContext run) {
        double[] x = run.resumedFrom()
                .map(c -> c.arrays()
                        .getOrDefault("x", ArrayData.of(new double[1]))
                        .doubles())
                .orElseGet(() -> new double[] {new SplittableRandom(run.seed()).nextDouble()});
        int first = run.resumedFrom()
                .map(c -> Integer.parseInt(c.state().getOrDefault("next", "0")))
                .orElse(0);
        for (int t = first; t < config.steps(); t++) {
            if (t == 20 && !config.holdWhile().isEmpty()) {
                hold(Path.of(config.holdWhile()), run);
            }
            if (run.stopRequested()) {
                save(t, x, run);
                throw new StoppedException("stopped before step " + t);
            }
            if (t % config.checkpointEvery() == 0) {
                save(t, x, run);
            }
            step(t, x, config, run);
        }
        run.arrays("end", Map.of("x", ArrayData.of(x)));
        run.log("walked " + config.steps() + " steps");
        return new Found(x[0]);
    }

    private static void hold(Path file, RunContext run) {
        try {
            while (Files.exists(file) && !run.stopRequested()) {
                Thread.sleep(5);
            }
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void save(int next, double[] x, RunContext run) {
        run.checkpoint(new Checkpoint(next, Map.of("x", ArrayData.of(x)), Map.of("next", Integer.toString(next))));
    }

    private static void step(int t, double[] x, Config config, RunContext run) {
        if (t == config.breakAt()) {
            throw new IllegalStateException("a bug at step " + t);
        }
        x[0] = t == config.divergeAt() ? Double.NaN : 3.99 * x[0] * (1 - x[0]);
        MetricRow row = new MetricRow(t).put("x", x[0]);
        for (int i = 0; i < config.filler(); i++) {
            row.put("filler/" + i, x[0] + i);
        }
        run.row(row);
        run.progress(t + 1, config.steps(), "x " + x[0]);
        if (Double.isNaN(x[0])) {
            throw new DivergedException("x is NaN at step %d; choose a smaller rate".formatted(t));
        }
    }

    /** The registry with this study and a preset of it. */
    static Studies offered() {
        return new Studies(
                List.of(new Studies.Offer(new WalkStudy(), new WalkReport())),
                List.of(new Studies.Preset("stroll", "walk", "Seven steps", "stroll.yaml")));
    }
}
