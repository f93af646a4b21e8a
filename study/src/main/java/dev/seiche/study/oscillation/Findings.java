package dev.seiche.study.oscillation;

import dev.seiche.metrics.Finding;
import dev.seiche.metrics.MetricTable;
import dev.seiche.metrics.oscillation.CosineTally;
import dev.seiche.metrics.oscillation.OscillationArm;
import dev.seiche.metrics.oscillation.OscillationClaims;
import dev.seiche.metrics.oscillation.OscillationNames;
import dev.seiche.metrics.oscillation.OscillationSummary;
import dev.seiche.metrics.oscillation.PredictionError;
import dev.seiche.metrics.oscillation.Progress;
import dev.seiche.metrics.oscillation.Quantiles;
import dev.seiche.metrics.statistics.Summary;
import dev.seiche.nn.Loss;
import dev.seiche.study.oscillation.OscillationResults.Arm;
import dev.seiche.study.oscillation.OscillationResults.Layer;
import dev.seiche.study.oscillation.OscillationResults.Outcome;
import dev.seiche.study.oscillation.OscillationResults.Prediction;
import dev.seiche.study.oscillation.OscillationResults.Threshold;
import dev.seiche.study.oscillation.OscillationResults.Verdict;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/** What the arms of a run say together, as it is recorded. */
final class Findings {
    private Findings() {}

    static OscillationResults of(Loss loss, OscillationArms arms) {
        List<Arm> found = new ArrayList<>();
        for (int arm = 0; arm < arms.count(); arm++) {
            found.add(arm(arms.arm(arm), arms.table(arm)));
        }
        List<List<Finding>> bySeed = new ArrayList<>();
        for (int seed = 0; seed < arms.seeds(); seed++) {
            bySeed.add(new OscillationClaims(loss == Loss.CROSS_ENTROPY, arms.repetition(seed)).findings());
        }
        List<Verdict> verdicts = new ArrayList<>();
        for (int claim = 0; claim < bySeed.get(0).size(); claim++) {
            int place = claim;
            verdicts.add(
                    verdict(bySeed.stream().map(findings -> findings.get(place)).toList()));
        }
        verdicts.addAll(Restarts.verdicts(arms));
        return new OscillationResults(verdicts, found);
    }

    /** One claim over the seeds: it holds when it does for all that could tell; numbers are means, with their deviations. */
    private static Verdict verdict(List<Finding> seeds) {
        Finding first = seeds.get(0);
        String claim = first.id() + " " + first.statement();
        if (seeds.size() == 1) {
            return new Verdict(claim, Outcome.valueOf(first.verdict().name()), first.reason(), first.numbers());
        }
        long yes = seeds.stream()
                .filter(f -> f.verdict() == dev.seiche.metrics.Verdict.HOLDS)
                .count();
        long told = seeds.stream()
                .filter(f -> f.verdict() != dev.seiche.metrics.Verdict.NOT_TESTED)
                .count();
        Outcome outcome = told == 0 ? Outcome.NOT_TESTED : yes == told ? Outcome.HOLDS : Outcome.DOES_NOT_HOLD;
        String evidence = told == 0
                ? first.reason()
                : "True for %d of %d seeds. First seed: %s".formatted(yes, told, first.reason());
        Map<String, Double> numbers = new LinkedHashMap<>();
        for (String name : first.numbers().keySet()) {
            Summary spread = Summary.of(seeds.stream()
                    .mapToDouble(f -> f.numbers().getOrDefault(name, Double.NaN))
                    .toArray());
            numbers.put(name, spread.mean());
            numbers.put(name + "_sd", spread.deviation());
        }
        return new Verdict(claim, outcome, evidence, numbers);
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
