package dev.seiche.study.tail;

import dev.seiche.metrics.Finding;
import dev.seiche.study.trial.Judgement;
import dev.seiche.study.trial.Outcomes;
import dev.seiche.study.trial.TrialResults.Outcome;
import java.util.List;

/** The claim on the iterates of linear regression, judged. */
final class IterateClaim {
    private IterateClaim() {}

    static Finding finding(Outcomes all) {
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
}
