package dev.seiche.study.tail;

import dev.seiche.metrics.Finding;
import dev.seiche.metrics.statistics.Summary;
import dev.seiche.study.trial.Judgement;
import dev.seiche.study.trial.Outcomes;
import dev.seiche.study.trial.TrialResults.Outcome;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToDoubleFunction;
import java.util.stream.DoubleStream;
import org.jspecify.annotations.Nullable;

/** The claims on the tail index, judged. */
final class TailIndexClaims {
    private final List<Integer> batches;
    private final Outcomes all;
    private final Outcomes nets;

    TailIndexClaims(List<Integer> batches, Outcomes all) {
        this.batches = batches;
        this.all = all;
        this.nets = all.where(outcome -> !outcome.settings().containsKey("ratio"));
    }

    private int small() {
        return batches.get(0);
    }

    private int large() {
        return batches.get(batches.size() - 1);
    }

    private static String at(int batch, String name, String when) {
        return "b=" + batch + "/" + name + "@" + when;
    }

    List<Finding> findings() {
        return List.of(
                heavyEverywhere(),
                belowEverywhere(),
                officialRange(
                        "P3.2a",
                        "The published estimate of a small ReLU net lies in [1.0, 1.6] before and after training: of every"
                                + " arm, by a pass in order.",
                        nets,
                        PASS),
                officialRange(
                        "P3.2a, ours",
                        "Beside P3.2a, narrower: the same of the base network alone, pooled from random mini-batches minus"
                                + " the exact gradient.",
                        all.arm("base"),
                        RANDOM),
                correctedAtInit(),
                heavyAfterTraining(),
                batchSize(),
                widthSlope(),
                depthSlope(),
                lossMatters(),
                iterates(),
                panigrahi());
    }

    private Finding heavyEverywhere() {
        Judgement claim = Judgement.of(
                "F1",
                "The published estimate is far below 2 in all settings: none reaches 2, and the typical one (the median over"
                        + " arms, batch sizes and times) is the paper's, about 1.0 to 1.4 (from memory).");
        claim.with("median", Summary.of(estimates(nets, PASS)).median())
                .with("largest", Summary.of(estimates(nets, PASS)).max());
        return claim.bySeed(nets, seed -> {
            Summary found = Summary.of(estimates(seed, PASS));
            return found.count() == 0 ? null : found.max() < 2 && found.median() >= 1.0 && found.median() <= 1.4;
        });
    }

    private Finding belowEverywhere() {
        Judgement claim = Judgement.of(
                "F1, ours",
                "Beside F1, with a threshold of ours: the published estimate is below 1.7 for every arm, before and after"
                        + " training.");
        claim.with("largest", Summary.of(estimates(nets, PASS)).max());
        return claim.bySeed(
                nets, seed -> below(Summary.of(estimates(seed, PASS)).max(), 1.7));
    }

    /** What a pass in order reads, as published, and what random mini-batches minus the exact gradient read. */
    private static final String PASS = "official";

    private static final String RANDOM = "official_random";

    /** The published estimates of all batch sizes, before and after training. */
    private double[] estimates(Outcomes of, String which) {
        DoubleStream.Builder found = DoubleStream.builder();
        for (int batch : batches) {
            for (String when : List.of("init", "end")) {
                for (double value : of.numbers(at(batch, which, when))) {
                    found.add(value);
                }
            }
        }
        return found.build().toArray();
    }

    private Finding officialRange(String id, String statement, Outcomes of, String which) {
        Judgement claim = Judgement.of(id, statement);
        Summary all = Summary.of(estimates(of, which));
        claim.with("smallest", all.min()).with("largest", all.max());
        return claim.bySeed(of, seed -> {
            Summary found = Summary.of(estimates(seed, which));
            return found.count() == 0 ? null : found.min() >= 1.0 && found.max() <= 1.6;
        });
    }

    private Finding correctedAtInit() {
        Judgement claim = Judgement.of(
                        "P3.2b",
                        "Before training, the corrected estimate for batches of 100 or more lies in [1.9, 2.1].")
                .needing("measure.batches names no size of 100 or more");
        Outcomes base = all.arm("base");
        for (int batch : batches) {
            if (batch >= 100) {
                claim.with("corrected_b" + batch, base.spread(at(batch, "corrected", "init")));
                claim.with("gaussian_b" + batch, base.spread(at(batch, "corrected_gaussian", "init")));
            }
        }
        return claim.bySeed(base, seed -> {
            Boolean holds = null;
            for (int batch : batches) {
                double value = seed.mean(at(batch, "corrected", "init"));
                if (batch >= 100 && !Double.isNaN(value)) {
                    holds = (holds == null || holds) && value >= 1.9 && value <= 2.1;
                }
            }
            return holds;
        });
    }

    private Finding heavyAfterTraining() {
        Outcomes base = all.arm("base");
        return Judgement.of("P3.3", "After training, the corrected estimate for batches of 10 is below 1.6.")
                .needing("measure.batches does not name 10")
                .with("corrected", base.spread(at(10, "corrected", "end")))
                .with("gaussian", base.spread(at(10, "corrected_gaussian", "end")))
                .with("before_training", base.spread(at(10, "corrected", "init")))
                .bySeed(base, seed -> below(seed.mean(at(10, "corrected", "end")), 1.6));
    }

    private static @Nullable Boolean below(double value, double bound) {
        return Double.isNaN(value) ? null : value < bound;
    }

    private Finding batchSize() {
        Outcomes base = all.arm("base");
        String which = RANDOM; // a pass of the largest size would have too few mini-batches
        return Judgement.of(
                        "P3.4",
                        "From batches of %d to %d the published estimate moves by less than 0.25, the corrected one, after"
                                        .formatted(small(), large())
                                + " training, by more than 0.4.")
                .needing("measure.batches names one size only")
                .with("published_small", base.spread(at(small(), which, "end")))
                .with("published_large", base.spread(at(large(), which, "end")))
                .with("corrected_small", base.spread(at(small(), "corrected", "end")))
                .with("corrected_large", base.spread(at(large(), "corrected", "end")))
                .bySeed(base, seed -> {
                    double published = seed.mean(at(large(), which, "end")) - seed.mean(at(small(), which, "end"));
                    double corrected =
                            seed.mean(at(large(), "corrected", "end")) - seed.mean(at(small(), "corrected", "end"));
                    return batches.size() < 2 || Double.isNaN(published + corrected)
                            ? null
                            : Math.abs(published) < 0.25 && corrected > 0.4;
                });
    }

    private Finding widthSlope() {
        return slope(
                "P3.5",
                "width",
                "The published estimate falls with the logarithm of the width (the paper's finding for"
                        + " fully connected nets, from memory).");
    }

    private Finding depthSlope() {
        Judgement claim = Judgement.of(
                        "F2", "Over the arms, the published estimate changes less with depth than with width.")
                .needing("arms.widths and arms.depths need two values each");
        claim.with("range_over_width", range(nets, "width")).with("range_over_depth", range(nets, "depth"));
        return claim.bySeed(nets, seed -> {
            double width = range(seed, "width");
            double depth = range(seed, "depth");
            return Double.isNaN(width + depth) ? null : depth < width;
        });
    }

    private double range(Outcomes of, String setting) {
        List<Double> means = new ArrayList<>();
        for (String arm : of.having(setting).arms()) {
            means.add(of.arm(arm).mean(at(small(), "official", "end")));
        }
        return means.size() < 2
                ? Double.NaN
                : means.stream().mapToDouble(m -> m).max().orElse(0)
                        - means.stream().mapToDouble(m -> m).min().orElse(0);
    }

    private Finding slope(String id, String setting, String statement) {
        Judgement claim = Judgement.of(id, statement).needing("arms." + setting + "s needs two values or more");
        for (String when : List.of("init", "end")) {
            for (String which : List.of("official", "corrected")) {
                claim.with(which + "_slope_" + when, slope(nets, setting, at(small(), which, when)));
            }
        }
        return claim.bySeed(nets, seed -> {
            double slope = slope(seed, setting, at(small(), "official", "end"));
            return Double.isNaN(slope) ? null : slope < 0;
        });
    }

    private static double slope(Outcomes of, String setting, String number) {
        return slope(
                of.having(setting).all(),
                outcome -> Math.log(outcome.settings().getOrDefault(setting, Double.NaN)),
                outcome -> outcome.number(number));
    }

    /** Of the least-squares line; NaN for fewer than two different x. */
    private static double slope(List<Outcome> all, ToDoubleFunction<Outcome> x, ToDoubleFunction<Outcome> y) {
        List<Outcome> told = all.stream()
                .filter(o -> Double.isFinite(x.applyAsDouble(o)) && Double.isFinite(y.applyAsDouble(o)))
                .toList();
        double meanX = told.stream().mapToDouble(x).average().orElse(Double.NaN);
        double meanY = told.stream().mapToDouble(y).average().orElse(Double.NaN);
        double products = 0;
        double squares = 0;
        for (Outcome outcome : told) {
            products += (x.applyAsDouble(outcome) - meanX) * (y.applyAsDouble(outcome) - meanY);
            squares += (x.applyAsDouble(outcome) - meanX) * (x.applyAsDouble(outcome) - meanX);
        }
        return squares > 0 ? products / squares : Double.NaN;
    }

    private Finding lossMatters() {
        Outcomes losses = nets.where(
                outcome -> outcome.arm().startsWith("loss=") || outcome.arm().equals("base"));
        Judgement claim = Judgement.of(
                        "F3",
                        "The published estimate depends on the loss: two losses differ by more"
                                + " than twice the deviation over seeds.")
                .needing("arms.losses needs another loss than train.loss");
        for (String arm : losses.arms()) {
            claim.with(arm, losses.arm(arm).spread(at(small(), "official", "end")));
        }
        if (losses.arms().size() < 2) {
            return claim.untested();
        }
        var a = losses.arm(losses.arms().get(0)).spread(at(small(), "official", "end"));
        var b = losses.arm(losses.arms().get(1)).spread(at(small(), "official", "end"));
        double noise = Math.max(a.deviation(), b.deviation());
        return Double.isNaN(noise)
                ? claim.untested()
                : claim.because(
                        Math.abs(a.mean() - b.mean()) > 2 * noise,
                        "Judged on the means over %d seeds.".formatted(Math.min(a.count(), b.count())));
    }

    private Finding iterates() {
        Outcomes runs = all.having("ratio");
        Judgement claim = Judgement.of(
                        "P3.6",
                        "The tail index of iterates falls with the ratio of rate to batch size: rank correlation below"
                                + " -0.7.")
                .needing("iterates.runs is 0, or fewer than three ratios did not diverge");
        double correlation = rankCorrelation(runs.all());
        claim.with("rank_correlation", correlation);
        runs.arms()
                .forEach(arm -> claim.with(
                        arm.replace("iterates:", "") + "/tail_index",
                        runs.arm(arm).spread("iterate_tail")));
        return claim.bySeed(runs, seed -> {
            double rho = rankCorrelation(seed.all());
            return Double.isNaN(rho) ? null : rho < -0.7;
        });
    }

    /** Spearman's, of ratio and tail index; equal ratios share the mean of their ranks. NaN for fewer than three. */
    private static double rankCorrelation(List<Outcome> all) {
        List<Outcome> told = all.stream()
                .filter(o -> Double.isFinite(o.number("iterate_tail")))
                .toList();
        if (told.size() < 3) {
            return Double.NaN;
        }
        double[] x = told.stream()
                .mapToDouble(o -> o.settings().getOrDefault("ratio", Double.NaN))
                .toArray();
        double[] y = told.stream().mapToDouble(o -> o.number("iterate_tail")).toArray();
        double[] a = ranks(x);
        double[] b = ranks(y);
        double mean = (a.length - 1) / 2.0;
        double ab = 0;
        double aa = 0;
        double bb = 0;
        for (int i = 0; i < a.length; i++) {
            ab += (a[i] - mean) * (b[i] - mean);
            aa += (a[i] - mean) * (a[i] - mean);
            bb += (b[i] - mean) * (b[i] - mean);
        }
        return ab / Math.sqrt(aa * bb);
    }

    private static double[] ranks(double[] values) {
        double[] ranks = new double[values.length];
        for (int i = 0; i < values.length; i++) {
            for (double other : values) {
                ranks[i] += other < values[i] ? 1 : other == values[i] ? 0.5 : 0;
            }
            ranks[i] -= 0.5; // itself
        }
        return ranks;
    }

    private Finding panigrahi() {
        Outcomes base = all.arm("base");
        Judgement claim = Judgement.of(
                        "P3.7",
                        "Shapiro and Wilk at 5% reject random projections of the noise near the nominal rate (below 12%) for"
                                + " batches of 256 or more before training, and clearly above it (over 15%) for batches of 32"
                                + " or fewer.")
                .needing("measure.batches needs a size of 32 or fewer and one of 256 or more");
        for (int batch : batches) {
            claim.with("b" + batch + "/projections_init", base.spread(at(batch, "rejected_projections", "init")));
            claim.with("b" + batch + "/projections_end", base.spread(at(batch, "rejected_projections", "end")));
            claim.with("b" + batch + "/coordinates_init", base.spread(at(batch, "rejected_coordinates", "init")));
        }
        return claim.bySeed(base, seed -> {
            double few = seed.mean(at(small(), "rejected_projections", "init"));
            double many = seed.mean(at(large(), "rejected_projections", "init"));
            return small() > 32 || large() < 256 || Double.isNaN(few + many) ? null : many < 0.12 && few > 0.15;
        });
    }
}
