package dev.seiche.study.oscillation;

import dev.seiche.study.MetricRow;
import dev.seiche.study.RunContext;
import dev.seiche.study.Study;
import dev.seiche.study.oscillation.OscillationResults.Arm;
import dev.seiche.study.oscillation.OscillationResults.Layer;
import dev.seiche.study.oscillation.OscillationResults.Outcome;
import dev.seiche.study.oscillation.OscillationResults.Prediction;
import dev.seiche.study.oscillation.OscillationResults.Threshold;
import dev.seiche.study.oscillation.OscillationResults.Verdict;
import dev.seiche.study.run.ActiveRun;
import dev.seiche.study.run.Platform;
import dev.seiche.study.run.RunListener;
import dev.seiche.study.run.RunRecord;
import dev.seiche.study.run.RunStatus;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/** Rows and results that look like those of an oscillation run, made by formulas: something for a report to draw. */
public final class MadeUpOscillation implements Study<MadeUpOscillation.Config> {
    /** Learning rates and steps. */
    public record Config(List<Double> rates, int steps) {}

    private static final List<String> LAYERS = List.of("fc1", "fc2", "fc3", "out");

    @Override
    public String name() {
        return "oscillation";
    }

    @Override
    public String description() {
        return "made up";
    }

    @Override
    public Class<Config> configType() {
        return Config.class;
    }

    @Override
    public String defaults() {
        return "made-up.yaml";
    }

    @Override
    public Record run(Config config, RunContext run) {
        for (double rate : config.rates()) {
            arm(rate, config.steps(), new SplittableRandom(run.seed()), run);
        }
        return results(config);
    }

    private static void arm(double rate, int steps, SplittableRandom random, RunContext run) {
        String p = "lr=" + rate + "/";
        double onset = rate >= 0.2 ? 3 : rate >= 0.1 ? 131 : 1e9;
        double loss = 0.5;
        for (int t = 0; t < steps; t++) {
            double amplitude = 1 / (1 + Math.exp(-(t - onset) / 6));
            double ripple = t % 23 == 0 ? 0.5 : 0.08 * random.nextDouble();
            double cosine = (1 - amplitude) * (0.99 - 0.2 * rate) + amplitude * (-1 + ripple);
            loss *= 1 - 0.08 * rate / (1 + 0.01 * t) - 0.0006;
            double swing = amplitude * 0.09 * (t % 2 == 0 ? 1 : -1);
            double sharpness = 2 / rate < 23
                    ? 2 / rate * (1 + 0.06 * Math.sin(t / 9.0)) + (22.5 - 2 / rate) * Math.exp(-t / 30.0)
                    : 22.5 + t * 0.005;
            MetricRow row = new MetricRow(t)
                    .put(p + "loss", loss * (1 + swing))
                    .put(p + "grad/norm", 0.3 * Math.sqrt(loss) * (1 + amplitude));
            if (t > 0) {
                double error = 0.03 * random.nextDouble(-1, 1) * amplitude;
                row.put(p + "grad/cos", cosine);
                for (int l = 0; l < LAYERS.size(); l++) {
                    row.put(
                            p + "grad/cos/" + LAYERS.get(l),
                            Math.clamp(cosine + amplitude * 0.12 * (3 - l) * random.nextDouble(), -1, 1));
                }
                row.put(p + "grad/cos_predicted", Math.clamp(cosine + error, -1, 1))
                        .put(p + "grad/cos_error", error);
            }
            if (t % 20 == 0) {
                row.put(p + "sharpness", sharpness).put(p + "eta_sharpness", rate * sharpness);
            }
            run.row(row);
        }
    }

    private static OscillationResults results(Config config) {
        List<Arm> arms = config.rates().stream()
                .map(rate -> {
                    boolean smooth = rate < 0.1;
                    return new Arm(
                            "lr=" + rate,
                            rate,
                            config.steps(),
                            0.5,
                            0.5 / (1 + 60 * rate),
                            smooth ? 0 : 0.26,
                            smooth ? 0.981 : -0.9998,
                            smooth ? null : rate < 0.2 ? 131L : 3L,
                            smooth ? null : 0L,
                            rate * 22.5,
                            rate * 22.7,
                            smooth ? 0.48 : 2.07,
                            List.of(
                                    new Threshold(
                                            0,
                                            smooth ? 0 : 0.85,
                                            smooth ? Double.NaN : 0.98,
                                            smooth ? 0 : 0.08,
                                            smooth ? 0 : 0.11,
                                            smooth ? 0 : 0.38),
                                    new Threshold(
                                            0.5,
                                            smooth ? 0 : 0.79,
                                            smooth ? Double.NaN : 0.96,
                                            smooth ? 0 : 0.03,
                                            smooth ? 0 : 0.09,
                                            smooth ? 0 : 0.33),
                                    new Threshold(
                                            0.9,
                                            smooth ? 0 : 0.71,
                                            smooth ? Double.NaN : 0.9,
                                            smooth ? 0 : -0.27,
                                            smooth ? 0 : 0.06,
                                            smooth ? 0 : 0.21)),
                            LAYERS.stream()
                                    .map(l -> new Layer(l, smooth ? 0 : 0.97, smooth ? Double.NaN : -0.93))
                                    .toList(),
                            new Prediction(smooth ? 0.0011 : 0.02, smooth ? 1 : 0.95));
                })
                .toList();
        return new OscillationResults(
                List.of(
                        new Verdict(
                                "At the smallest learning rate the cosine stays above 0",
                                Outcome.HOLDS,
                                "lowest cosine 0.981 at 0.02",
                                Map.of("lr=0.2/min_cos", -0.98, "rate", 2.0)),
                        new Verdict(
                                "At the largest, over half of the steps after the onset are below -0.9",
                                Outcome.HOLDS,
                                "92% of 597 steps at 0.2",
                                Map.of("lr=0.2/min_cos", -0.98, "rate", 2.0)),
                        new Verdict(
                                "Learning rate times sharpness crosses 2 before the oscillation sets in",
                                Outcome.DOES_NOT_HOLD,
                                "at 0.2 it is 4.5 from the start",
                                Map.of("lr=0.2/min_cos", -0.98, "rate", 2.0)),
                        new Verdict(
                                "With a small learning rate input layers oscillate more",
                                Outcome.NOT_TESTED,
                                "nothing oscillates at 0.02",
                                Map.of("lr=0.2/min_cos", -0.98, "rate", 2.0))),
                arms);
    }

    /** Writes a whole run. */
    public static Path write(Path directory, int steps) {
        Config config = new Config(List.of(0.02, 0.1, 0.2), steps);
        RunRecord record = new RunRecord(
                RunRecord.FORMAT,
                "quickstart-20260101-120000-ab12",
                "oscillation",
                "quickstart",
                RunStatus.RUNNING,
                null,
                "2026-01-01T12:00:00.000Z",
                null,
                1,
                null,
                Map.of("rates", config.rates(), "steps", steps),
                Map.of("rates", "default", "steps", "command line"),
                List.of("steps=" + steps),
                Platform.here("cpu", 2),
                List.of(),
                null);
        ActiveRun.Surroundings around = new ActiveRun.Surroundings(
                RunListener.silent(), () -> false, () -> Instant.parse("2026-01-01T12:00:21.400Z"));
        try (ActiveRun run = ActiveRun.start(directory, record, around)) {
            run.execute(new MadeUpOscillation(), config);
        }
        return directory;
    }
}
