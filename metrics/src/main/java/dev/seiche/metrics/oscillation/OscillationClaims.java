package dev.seiche.metrics.oscillation;

import dev.seiche.metrics.Finding;
import dev.seiche.metrics.Verdict;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;

/**
 * The claims that a reproduction of gradient oscillation checks, P1.1 to P1.7, judged on the runs of one experiment: same
 * data, network, loss and start, full-batch gradient descent, different learning rates. Claims C and D are those of the
 * Allerton 2023 paper; the thresholds are our choice and part of each statement. A claim that the runs cannot decide is
 * {@link Verdict#NOT_TESTED}, never guessed. Runs that diverged say nothing and are left out.
 */
public final class OscillationClaims {
    /** Range in which eta times sharpness counts as hovering just above 2. */
    private static final double HOVER_LOW = 1.8;

    private static final double HOVER_HIGH = 2.5;

    /** Rows after the onset below which nothing is said about what happens there. */
    private static final int ENOUGH_ROWS = 20;

    private record Judged(OscillationArm arm, OscillationSummary summary) {
        double rate() {
            return arm.learningRate();
        }

        boolean oscillated() {
            return summary.onset().isPresent() && summary.afterOnset().count() >= ENOUGH_ROWS;
        }
    }

    private final boolean crossEntropy;
    private final List<Judged> arms;

    /**
     * @param crossEntropy whether the loss is cross-entropy, which P1.7 is about
     * @param arms         the runs, in any order; diverged ones are left out
     */
    public OscillationClaims(boolean crossEntropy, List<OscillationArm> arms) {
        this.crossEntropy = crossEntropy;
        this.arms = arms.stream()
                .map(arm -> new Judged(arm, OscillationSummary.of(arm.series())))
                .filter(judged -> !judged.summary.diverged())
                .sorted(Comparator.comparingDouble(Judged::rate))
                .toList();
    }

    /** All findings, P1.1 first. */
    public List<Finding> findings() {
        return List.of(
                rateDecides(),
                sharpnessLeads(),
                lossKeepsFalling(),
                progressIsLogarithmic(),
                allLayersAtLargeRate(),
                inputLayersAtSmallRate(),
                briefUnderCrossEntropy(),
                missing(
                        "B",
                        "Oscillation appears in different stages of training for different architectures (claim B).",
                        "runs of different architectures, and a study has one: seiche sweep with network.kind lists their"
                                + " onsets"));
    }

    private Finding rateDecides() {
        Map<String, Double> numbers = new LinkedHashMap<>();
        double largestSmooth = Double.NaN;
        double smallestOscillating = Double.NaN;
        boolean clean = true;
        for (Judged each : arms) {
            double min = each.summary.whole().min();
            double share = each.summary.afterOnset().prevalence(0.9);
            numbers.put(each.arm.name() + "/min_cos", min);
            numbers.put(each.arm.name() + "/share_below_-0.9_after_onset", share);
            if (min > 0) {
                largestSmooth = each.rate();
                clean &= Double.isNaN(smallestOscillating);
            } else if (each.oscillated() && share > 0.5) {
                smallestOscillating = Double.isNaN(smallestOscillating) ? each.rate() : smallestOscillating;
            } else {
                clean = false;
            }
        }
        numbers.put("largest_smooth_rate", largestSmooth);
        numbers.put("smallest_oscillating_rate", smallestOscillating);
        boolean both = largestSmooth > 0 && smallestOscillating > 0;
        return new Finding(
                "P1.1",
                "One learning rate divides the runs: below it every adjacent cosine is above 0, above it more than half"
                        + " of the cosines after the onset are below -0.9.",
                !both && clean ? Verdict.NOT_TESTED : verdict(both && clean),
                both && clean
                        ? "The dividing rate lies between %s and %s.".formatted(largestSmooth, smallestOscillating)
                        : clean
                                ? "Needs runs on both sides."
                                : "Some run is neither smooth nor oscillating, or out of order.",
                numbers);
    }

    private Finding sharpnessLeads() {
        return forEachArm(
                "P1.2",
                "eta times sharpness reaches 2 no later than the onset, and its median over the later half of what follows"
                        + " lies in [%s, %s].".formatted(HOVER_LOW, HOVER_HIGH),
                "an onset and sharpness measured often enough around and after it",
                this::sharpnessLeads);
    }

    private ArmVerdict sharpnessLeads(Judged each) {
        int onset = each.summary.onset().orElseThrow();
        TreeMap<Integer, Double> scaled = new TreeMap<>();
        each.arm.sharpness().forEach((row, value) -> scaled.put(row, each.rate() * value));
        int crossing = scaled.entrySet().stream()
                .filter(e -> e.getValue() >= 2)
                .mapToInt(Map.Entry::getKey)
                .findFirst()
                .orElse(Integer.MAX_VALUE);
        Integer before = crossing == Integer.MAX_VALUE
                ? (scaled.isEmpty() ? null : scaled.lastKey())
                : scaled.lowerKey(crossing);
        double[] late = scaled.tailMap((onset + each.summary.rows()) / 2, true).values().stream()
                .mapToDouble(Double::doubleValue)
                .sorted()
                .toArray();
        Map<String, Double> numbers = new LinkedHashMap<>();
        numbers.put("onset", (double) onset);
        numbers.put("last_row_below_2", before == null ? Double.NaN : before);
        numbers.put("first_row_at_2", crossing == Integer.MAX_VALUE ? Double.NaN : crossing);
        numbers.put(
                "peak",
                scaled.values().stream().mapToDouble(Double::doubleValue).max().orElse(Double.NaN));
        double median = late.length == 0 ? Double.NaN : Quantiles.median(late);
        numbers.put("late_median", median);
        boolean leads = crossing <= onset;
        boolean lags = before != null && before >= onset;
        if (!leads && !lags || late.length == 0) {
            return new ArmVerdict(Verdict.NOT_TESTED, numbers);
        }
        return new ArmVerdict(verdict(leads && median >= HOVER_LOW && median <= HOVER_HIGH), numbers);
    }

    private Finding lossKeepsFalling() {
        return forEachArm(
                "P1.3",
                "From the onset on the loss falls in all, although single steps raise it.",
                "an onset with at least " + ENOUGH_ROWS + " rows after it",
                each -> {
                    OscillationSummary s = each.summary;
                    Map<String, Double> numbers = new LinkedHashMap<>();
                    numbers.put("share_of_rising_steps", s.rising());
                    numbers.put("loss_at_onset", s.onsetLoss());
                    numbers.put("last_loss", s.lastLoss());
                    return new ArmVerdict(
                            verdict(s.finite() && s.rising() > 0 && s.lastLoss() < s.onsetLoss()), numbers);
                });
    }

    private Finding progressIsLogarithmic() {
        return forEachArm(
                "P1.4",
                "Where the onset comes after a twentieth of the run or later, the progress made from it on is substantial"
                        + " in ln L (at least 10%) and small in L (below 10%).",
                "an onset that is not at the start",
                each -> {
                    OscillationSummary s = each.summary;
                    Map<String, Double> numbers = new LinkedHashMap<>();
                    numbers.put("raw_share_since_onset", s.sinceOnset().segmentNet());
                    numbers.put("log_share_since_onset", s.sinceOnset().log());
                    numbers.put("onset", (double) s.onset().orElseThrow());
                    numbers.put(
                            "share_of_rows_since_onset", (double) s.afterOnset().count() / s.rows());
                    boolean late = s.onset().orElseThrow() >= s.rows() / 20.0;
                    boolean as = s.sinceOnset().log() >= 0.1 && s.sinceOnset().segmentNet() < 0.1;
                    return new ArmVerdict(late ? verdict(as) : Verdict.NOT_TESTED, numbers);
                });
    }

    private Finding allLayersAtLargeRate() {
        String statement = "At the largest learning rate every layer oscillates: in each, more than half of the cosines"
                + " after the onset are below -0.5 (claim C).";
        List<Judged> layered = layered();
        if (layered.isEmpty()) {
            return missing("P1.5", statement, "an oscillating run with cosines of at least two layers");
        }
        Judged largest = layered.get(layered.size() - 1);
        Map<String, Double> numbers = layerShares(largest);
        boolean all = largest.summary.layers().values().stream().allMatch(tally -> tally.prevalence(0.5) > 0.5);
        return new Finding("P1.5", statement, verdict(all), "Judged at rate " + largest.rate() + ".", numbers);
    }

    private Finding inputLayersAtSmallRate() {
        String statement =
                "At the smallest learning rate that oscillates, layers in the half next to the input have more"
                        + " cosines below -0.5 after the onset than those in the half next to the output (claim D).";
        List<Judged> layered = layered();
        if (layered.isEmpty()) {
            return missing("P1.6", statement, "an oscillating run with cosines of at least two layers");
        }
        Judged smallest = layered.get(0);
        Map<String, Double> numbers = layerShares(smallest);
        List<CosineTally> tallies = List.copyOf(smallest.summary.layers().values());
        int half = tallies.size() / 2;
        double input = 0;
        double output = 0;
        for (int i = 0; i < half; i++) {
            input += tallies.get(i).prevalence(0.5) / half;
            output += tallies.get(tallies.size() - 1 - i).prevalence(0.5) / half;
        }
        numbers.put("input_half", input);
        numbers.put("output_half", output);
        return new Finding(
                "P1.6", statement, verdict(input > output), "Judged at rate " + smallest.rate() + ".", numbers);
    }

    private Finding briefUnderCrossEntropy() {
        String statement =
                "Under cross-entropy oscillation is short or absent: at no learning rate are half of all cosines"
                        + " below -0.9.";
        if (!crossEntropy || arms.isEmpty()) {
            return missing("P1.7", statement, "runs with cross-entropy");
        }
        Map<String, Double> numbers = new LinkedHashMap<>();
        boolean brief = true;
        for (Judged each : arms) {
            double share = each.summary.whole().prevalence(0.9);
            numbers.put(each.arm.name() + "/min_cos", each.summary.whole().min());
            numbers.put(each.arm.name() + "/share_below_-0.9", share);
            brief &= share < 0.5;
        }
        return new Finding("P1.7", statement, verdict(brief), "Judged on " + arms.size() + " runs.", numbers);
    }

    private record ArmVerdict(Verdict verdict, Map<String, Double> numbers) {}

    /** Judges every arm that oscillated; the claim holds when it holds in each arm that can decide it. */
    private Finding forEachArm(String id, String statement, String needs, Function<Judged, ArmVerdict> judge) {
        Map<String, Double> numbers = new LinkedHashMap<>();
        List<String> holds = new ArrayList<>();
        List<String> fails = new ArrayList<>();
        for (Judged each : arms) {
            if (each.oscillated()) {
                ArmVerdict found = judge.apply(each);
                found.numbers.forEach((name, value) -> numbers.put(each.arm.name() + "/" + name, value));
                if (found.verdict != Verdict.NOT_TESTED) {
                    (found.verdict == Verdict.HOLDS ? holds : fails).add(each.arm.name());
                }
            }
        }
        if (holds.isEmpty() && fails.isEmpty()) {
            return new Finding(id, statement, Verdict.NOT_TESTED, "No run has " + needs + ".", numbers);
        }
        String held = holds.isEmpty() ? "" : "Holds at " + String.join(", ", holds) + ".";
        String failed = fails.isEmpty() ? "" : "Fails at " + String.join(", ", fails) + ".";
        String reason = (held + " " + failed).strip();
        return new Finding(id, statement, verdict(fails.isEmpty()), reason, numbers);
    }

    private List<Judged> layered() {
        return arms.stream()
                .filter(each -> each.oscillated() && each.summary.layers().size() > 1)
                .toList();
    }

    private static Map<String, Double> layerShares(Judged each) {
        Map<String, Double> numbers = new LinkedHashMap<>();
        numbers.put("learning_rate", each.rate());
        each.summary
                .layers()
                .forEach((layer, tally) -> numbers.put("share_below_-0.5/" + layer, tally.prevalence(0.5)));
        return numbers;
    }

    private static Finding missing(String id, String statement, String needs) {
        return new Finding(id, statement, Verdict.NOT_TESTED, "Needs " + needs + ".", Map.of());
    }

    private static Verdict verdict(boolean holds) {
        return holds ? Verdict.HOLDS : Verdict.DOES_NOT_HOLD;
    }
}
