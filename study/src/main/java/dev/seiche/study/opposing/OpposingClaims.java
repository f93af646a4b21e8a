package dev.seiche.study.opposing;

import dev.seiche.metrics.Finding;
import dev.seiche.study.trial.Judgement;
import dev.seiche.study.trial.Outcomes;
import dev.seiche.study.trial.TrialResults.Outcome;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The claims on opposing signals, judged on arms whose gradients oscillate. */
final class OpposingClaims {
    private final Outcomes all;
    private final Outcomes oscillating;

    OpposingClaims(Outcomes all) {
        this.all = all;
        this.oscillating = all.where(o -> !Double.isNaN(o.number("onset")));
    }

    List<Finding> findings() {
        List<Finding> findings = new ArrayList<>(List.of(
                swings(), smoothBefore(), outsize(), gradients(), curvature(), spikes(), risingShare(), causal()));
        findings.addAll(RaceClaims.findings(all));
        findings.addAll(List.of(
                ranges(), continuations(), control("C1", "loss", "loss"), control("C2", "gradient", "norm"), toy()));
        return findings;
    }

    private Judgement tell(String id, String statement, String... numbers) {
        return Judgement.of(id, statement)
                .needing("no arm oscillated, or not for long enough")
                .with(oscillating, numbers);
    }

    private Finding each(Judgement claim, Function<Outcome, @Nullable Boolean> holds) {
        return claim.byOutcome(oscillating, holds);
    }

    private static @Nullable Boolean told(boolean holds, double... values) {
        for (double value : values) {
            if (Double.isNaN(value)) {
                return null;
            }
        }
        return holds;
    }

    private Finding swings() {
        return each(
                tell(
                        "P2.1a",
                        "While gradients oscillate, the group that rises is the one that fell in the step before (stability"
                                + " J > 0.7), and on held-out steps the groups' losses move against each other (R < -0.8) and"
                                + " alternate (A < -0.8).",
                        "stability@after",
                        "opposition@after",
                        "alternation@after"),
                o -> told(
                        o.number("stability@after") > 0.7
                                && o.number("opposition@after") < -0.8
                                && o.number("alternation@after") < -0.8,
                        o.number("stability@after"),
                        o.number("opposition@after"),
                        o.number("alternation@after")));
    }

    private Finding smoothBefore() {
        return each(
                tell(
                        "P2.1b",
                        "Before they oscillate, the groups' losses do not alternate (A > 0) and the groups do not swap (J"
                                + " below 0.2).",
                        "stability@before",
                        "alternation@before"),
                o -> told(
                        o.number("alternation@before") > 0 && o.number("stability@before") < 0.2,
                        o.number("alternation@before"),
                        o.number("stability@before")));
    }

    private Finding outsize() {
        return each(
                tell(
                        "P2.2",
                        "The groups carry at least 3 times their share of all changes of loss, and the top 1% of the samples"
                                + " at least 5%.",
                        "outsize@after",
                        "outsize_possible",
                        "top_share@after"),
                o -> told(
                        o.number("outsize@after") >= 3 && o.number("top_share@after") >= 0.05,
                        o.number("outsize@after"),
                        o.number("top_share@after")));
    }

    private Finding gradients() {
        return each(
                tell(
                                "P2.3",
                                "The groups' gradients point against each other while those of random groups do not, and are at least"
                                        + " 1.5 times as long.",
                                "gradient_cos@after",
                                "random_cos@after",
                                "norm_ratio")
                        .needing("no arm oscillated, or groups.gradientsEvery is 0"),
                o -> told(
                        o.number("gradient_cos@after") < 0
                                && o.number("random_cos@after") > 0
                                && o.number("norm_ratio") >= 1.5,
                        o.number("gradient_cos@after"),
                        o.number("random_cos@after"),
                        o.number("norm_ratio")));
    }

    private Finding curvature() {
        return each(
                tell(
                                "P2.4",
                                "The groups' gradients lie along the sharpest direction with opposite signs (at more than half of the"
                                        + " measured steps) and by more than random groups'.",
                                "along_opposite",
                                "along_ratio")
                        .needing("no arm oscillated, or groups.gradientsEvery is 0"),
                o -> told(
                        o.number("along_opposite") > 0.5 && o.number("along_ratio") > 1,
                        o.number("along_opposite"),
                        o.number("along_ratio")));
    }

    private Finding spikes() {
        return each(
                tell(
                                "P2.5",
                                "The gap between the groups' losses grew over the 5 steps before a spike of the loss (9 of 10"
                                        + " spikes).",
                                "spikes",
                                "spikes_with_growth")
                        .needing("no loss had a spike of 5%"),
                o -> told(o.number("spikes_with_growth") >= 0.9, o.number("spikes_with_growth")));
    }

    private Finding risingShare() {
        return each(
                tell("P2.6", "In a typical step 40% to 60% of the samples see their loss rise.", "rising@after"),
                o -> told(
                        o.number("rising@after") >= 0.4 && o.number("rising@after") <= 0.6, o.number("rising@after")));
    }

    private Finding causal() {
        return each(
                tell(
                                "P2.7",
                                "Taking the selected samples away lowers the sharpness at once by more than taking any of several"
                                        + " sets of as many random ones.",
                                "without_selected/sharpness_at_once",
                                "without_random/sharpness_at_once",
                                "without_random/sharpness_least",
                                "without_selected/stability",
                                "without_random/stability")
                        .needing("groups.stepsWithout is 0, or no arm oscillated"),
                o -> told(
                        o.number("without_selected/sharpness_at_once") < o.number("without_random/sharpness_least"),
                        o.number("without_selected/sharpness_at_once"),
                        o.number("without_random/sharpness_least")));
    }

    private Finding ranges() {
        return each(
                tell(
                                "P2.10",
                                "On a curve the two groups are two ranges of x: all points of one lie to one side of the other's.",
                                "ranges_apart")
                        .needing("no arm oscillated, or the data is no curve"),
                o -> told(o.number("ranges_apart") == 1, o.number("ranges_apart")));
    }

    private Finding continuations() {
        return each(
                tell(
                                "P2.11",
                                "In a text a sample that rises and one that falls follow the same character and differ in the next"
                                        + " one more often than two random samples do.",
                                "same_context",
                                "same_context_random")
                        .needing("no arm oscillated, or the data is no text"),
                o -> told(
                        o.number("same_context") > o.number("same_context_random"),
                        o.number("same_context"),
                        o.number("same_context_random")));
    }

    private Finding control(String id, String largest, String number) {
        String jaccard = "jaccard_" + number + "@after";
        return each(
                tell(
                        id,
                        "Control: the selected samples are not simply those of the largest %s (Jaccard index below 0.5)."
                                .formatted(largest),
                        jaccard),
                o -> told(o.number(jaccard) < 0.5, o.number(jaccard)));
    }

    private Finding toy() {
        Outcomes toys = all.having("toy_rate");
        Judgement claim = Judgement.of(
                        "KAT2.5",
                        "Two-layer linear model: at 0.002 the outlier weight does not oscillate for long (under 5% of the steps"
                                + " flip its sign) and the sharpness grows to about 512; at 0.004 it flips at over 90% of the"
                                + " steps and the sharpness ends just below 2/0.004; at 0.008 it diverges.")
                .needing("toy.rates does not name 0.002, 0.004 and 0.008");
        for (String arm : toys.arms()) {
            Outcomes mine = toys.arm(arm);
            claim.with(arm + "/flips", mine.mean("toy_flips"))
                    .with(arm + "/sharpness_first", mine.mean("toy_sharpness_first"))
                    .with(arm + "/sharpness_lowest", mine.mean("toy_sharpness_lowest"))
                    .with(arm + "/sharpness_last", mine.mean("toy_sharpness_last"))
                    .with(arm + "/diverged", mine.mean("toy_diverged"));
        }
        Outcomes slow = toys.arm("toy:rate=0.002");
        Outcomes edge = toys.arm("toy:rate=0.004");
        Outcomes fast = toys.arm("toy:rate=0.008");
        if (slow.all().isEmpty() || edge.all().isEmpty() || fast.all().isEmpty()) {
            return claim.untested();
        }
        boolean holds = slow.mean("toy_flips") < 0.05
                && Math.abs(slow.mean("toy_sharpness_last") / 512 - 1) < 0.02
                && edge.mean("toy_flips") > 0.9
                && edge.mean("toy_sharpness_last") < 500
                && edge.mean("toy_sharpness_last") > 480
                && fast.mean("toy_diverged") == 1;
        return claim.because(holds, "Nothing in it is random.");
    }
}
