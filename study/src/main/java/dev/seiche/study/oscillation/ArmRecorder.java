package dev.seiche.study.oscillation;

import dev.seiche.metrics.MetricSink;
import dev.seiche.metrics.MetricTable;
import dev.seiche.metrics.oscillation.OscillationNames;
import dev.seiche.metrics.oscillation.ScaleCheck;
import dev.seiche.metrics.statistics.Summary;
import dev.seiche.nn.train.Probe;
import dev.seiche.nn.train.Step;
import dev.seiche.study.MetricRow;
import dev.seiche.study.RunContext;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Gathers what the metrics of one arm say about a step into one row, and hands it over when the step is observed: so it
 * must be the last probe. Also tells progress and hears requests to stop.
 */
final class ArmRecorder implements Probe, MetricSink {
    /** Predicted minus measured cosine, in [-2, 2]. */
    static final String PREDICTION_ERROR = "grad/cos_error";

    private final OscillationArms arms;
    private final int arm;
    private final RunContext run;
    private final MetricTable table;
    private final Map<String, Double> pending = new LinkedHashMap<>();

    ArmRecorder(OscillationArms arms, int arm, RunContext run) {
        this.arms = arms;
        this.arm = arm;
        this.run = run;
        this.table = arms.table(arm);
    }

    @Override
    public String name() {
        return "recorder";
    }

    @Override
    public void put(long step, String name, double value) {
        pending.put(name, value);
    }

    @Override
    public void observe(Step step) {
        Map<String, Double> row = new LinkedHashMap<>();
        row.put(OscillationNames.LOSS, step.loss());
        row.putAll(pending);
        pending.clear();
        Double predicted = row.get(OscillationNames.PREDICTED_COS);
        Double measured = row.get(OscillationNames.COS);
        if (predicted != null && measured != null) {
            row.put(PREDICTION_ERROR, predicted - measured);
        }
        write(step.index(), row);
        run.progress(
                arms.done(arm, step.index() + 1), arms.total(), "%s loss %.4g".formatted(arms.name(arm), step.loss()));
        if (run.stopRequested()) {
            step.requestStop();
        }
    }

    /** Whether most of the last 20 cosines are below -0.5. */
    boolean oscillates() {
        double[] cosines = table.column(OscillationNames.COS).values().stream()
                .mapToDouble(Double::doubleValue)
                .toArray();
        int from = Math.max(0, cosines.length - 20);
        return Summary.median(Arrays.copyOfRange(cosines, from, cosines.length)) < -0.5;
    }

    /** Hears requests to stop in a restart. */
    Probe listening() {
        return new Probe() {
            @Override
            public String name() {
                return "listening";
            }

            @Override
            public void observe(Step step) {
                if (run.stopRequested()) {
                    step.requestStop();
                }
            }
        };
    }

    /** Writes what is measured of a restart, which does not go into the table of the arm. */
    MetricSink restart(int divisor) {
        return (step, name, value) -> {
            if (name.equals(OscillationNames.COS) || name.equals(OscillationNames.ETA_SHARPNESS)) {
                MetricRow row = new MetricRow(step);
                row.put(arms.name(arm) + "/" + Restarts.prefix(divisor) + name, value);
                run.row(row);
            }
        };
    }

    /** What a restart came to, in the row after the last step. */
    void restarted(long step, int divisor, ScaleCheck found) {
        write(step, Restarts.numbers(divisor, found));
    }

    /** The row after the last step: there is a loss, but no step. */
    void last(long step, double loss) {
        write(step, Map.of(OscillationNames.LOSS, loss));
    }

    private void write(long step, Map<String, Double> values) {
        MetricRow row = new MetricRow(step);
        values.forEach((name, value) -> {
            table.put(step, name, value);
            row.put(arms.name(arm) + "/" + name, value);
        });
        run.row(row);
    }
}
