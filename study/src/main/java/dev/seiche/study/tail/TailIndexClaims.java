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
    /** Measurements of a training below which its phases cannot be told. */
    private static final int MANY_TIMES = 10;

    private final List<Integer> batches;
    private final int times;
    private final Outcomes all;
    private final Outcomes nets;

    TailIndexClaims(TailIndexConfig.Measure config, Outcomes all) {
        this.batches = config.batches();
        this.times = config.times();
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
                EstimatorClaim.finding(),
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
                publishedBatchSize(),
                widthSlope(),
                depthSlope(),
                lossMatters(),
                twoPhases(),
                IterateClaim.finding(all),
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

    private Finding publishedBatchSize() {
        Outcomes base = all.arm("base");
        Judgement claim = Judgement.of(
                        "F4",
                        "Batch size changes the published estimate very little: by less than 0.25 (our threshold) from %d to"
                                        .formatted(small())
                                + " %d, before and after training.".formatted(large()))
                .needing("measure.batches names one size only");
        for (String when : List.of("init", "end")) {
            claim.with("small@" + when, base.spread(at(small(), RANDOM, when)))
                    .with("large@" + when, base.spread(at(large(), RANDOM, when)));
        }
        return claim.bySeed(base, seed -> {
            double before = seed.mean(at(large(), RANDOM, "init")) - seed.mean(at(small(), RANDOM, "init"));
            double after = seed.mean(at(large(), RANDOM, "end")) - seed.mean(at(small(), RANDOM, "end"));
            return batches.size() < 2 || Double.isNaN(before + after)
                    ? null
                    : Math.max(Math.abs(before), Math.abs(after)) < 0.25;
        });
    }

    private Finding twoPhases() {
        Outcomes base = all.arm("base");
        return Judgement.of(
                        "F5",
                        "Training has two phases: the published estimate falls to its minimum while the accuracy gains at most"
                                + " a tenth of what it gains in all (our threshold), and rises from there on.")
                .needing(
                        "the minimum of the estimate takes %d measurements of a training or more, and measure.times is %d"
                                .formatted(MANY_TIMES, times))
                .with("before", base.spread(at(small(), PASS, "init")))
                .with(TailIndexExperiment.LOWEST, base.spread(TailIndexExperiment.LOWEST))
                .with("after", base.spread(at(small(), PASS, "end")))
                .with(TailIndexExperiment.LOWEST_AT, base.spread(TailIndexExperiment.LOWEST_AT))
                .with(TailIndexExperiment.ACCURACY + "@lowest", base.spread(TailIndexExperiment.ACCURACY + "@lowest"))
                .with(TailIndexExperiment.ACCURACY, base.spread(TailIndexExperiment.ACCURACY))
                .bySeed(base, seed -> {
                    double first = seed.mean(TailIndexExperiment.ACCURACY + "@init");
                    double gained = seed.mean(TailIndexExperiment.ACCURACY + "@lowest") - first;
                    double whole = seed.mean(TailIndexExperiment.ACCURACY) - first;
                    double place = seed.mean(TailIndexExperiment.LOWEST_AT);
                    return times < MANY_TIMES || Double.isNaN(gained + whole + place)
                            ? null
                            : place > 0 && place < 1 && gained <= 0.1 * whole;
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
