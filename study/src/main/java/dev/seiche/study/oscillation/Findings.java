package dev.seiche.study.oscillation;

import dev.seiche.metrics.MetricTable;
import dev.seiche.metrics.oscillation.CosineTally;
import dev.seiche.metrics.oscillation.OscillationArm;
import dev.seiche.metrics.oscillation.OscillationClaims;
import dev.seiche.metrics.oscillation.OscillationNames;
import dev.seiche.metrics.oscillation.OscillationSummary;
import dev.seiche.metrics.oscillation.PredictionError;
import dev.seiche.metrics.oscillation.Progress;
import dev.seiche.metrics.oscillation.Quantiles;
import dev.seiche.nn.Loss;
import dev.seiche.study.oscillation.OscillationResults.Arm;
import dev.seiche.study.oscillation.OscillationResults.Layer;
import dev.seiche.study.oscillation.OscillationResults.Outcome;
import dev.seiche.study.oscillation.OscillationResults.Prediction;
import dev.seiche.study.oscillation.OscillationResults.Threshold;
import dev.seiche.study.oscillation.OscillationResults.Verdict;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/** What the arms of a run say together, as it is recorded. */
final class Findings {
    private Findings() {}

    static OscillationResults of(Loss loss, OscillationArms arms) {
        List<OscillationArm> judged = new ArrayList<>();
        List<Arm> found = new ArrayList<>();
        for (int arm = 0; arm < arms.count(); arm++) {
            judged.add(arms.arm(arm));
            found.add(arm(judged.get(arm), arms.table(arm)));
        }
        List<Verdict> verdicts = new OscillationClaims(loss == Loss.CROSS_ENTROPY, judged)
                .findings().stream()
                        .map(finding -> new Verdict(
                                finding.id() + " " + finding.statement(),
                                Outcome.valueOf(finding.verdict().name()),
                                finding.reason(),
                                finding.numbers()))
                        .toList();
        return new OscillationResults(verdicts, found);
    }

    private static Arm arm(OscillationArm arm, MetricTable table) {
        OscillationSummary summary = OscillationSummary.of(arm.series());
        NavigableMap<Long, Double> stability = table.column(OscillationNames.ETA_SHARPNESS);
        OptionalInt onset = summary.onset();
        long from = onset.orElse(0);
        int rows = arm.series().rows();
        PredictionError error = PredictionError.of(
                table.column(OscillationNames.PREDICTED_COS, rows), arm.series().cosines());
        return new Arm(
                arm.name(),
                arm.learningRate(),
                arm.series().steps(),
                summary.firstLoss(),
                summary.lastLoss(),
                summary.rising(),
                summary.whole().min(),
                onset.isPresent() ? (Long) (long) onset.getAsInt() : null,
                crossing(stability),
                stability.isEmpty() ? Double.NaN : stability.firstEntry().getValue(),
                stability.values().stream().mapToDouble(v -> v).max().orElse(Double.NaN),
                Quantiles.median(stability.tailMap(from, true).values().stream()
                        .mapToDouble(v -> v)
                        .sorted()
                        .toArray()),
                thresholds(summary),
                layers(summary),
                new Prediction(error.median(), error.within()));
    }

    private static @Nullable Long crossing(NavigableMap<Long, Double> stability) {
        return stability.entrySet().stream()
                .filter(entry -> entry.getValue() >= 2)
                .map(Map.Entry::getKey)
                .findFirst()
                .orElse(null);
    }

    private static List<Threshold> thresholds(OscillationSummary summary) {
        List<Threshold> thresholds = new ArrayList<>();
        for (OscillationSummary.Level level : summary.levels()) {
            Progress progress = level.progress();
            CosineTally after = summary.afterOnset();
            thresholds.add(new Threshold(
                    level.tau(),
                    summary.whole().prevalence(level.tau()),
                    after.count() == 0 ? Double.NaN : after.prevalence(level.tau()),
                    progress.oneStep(),
                    progress.segmentNet(),
                    progress.log()));
        }
        return thresholds;
    }

    private static List<Layer> layers(OscillationSummary summary) {
        List<Layer> layers = new ArrayList<>();
        summary.layers().forEach((name, tally) -> layers.add(new Layer(name, tally.prevalence(0.5), tally.mean())));
        return layers;
    }
}
