package dev.seiche.study.oscillation;

import dev.seiche.metrics.MetricTable;
import dev.seiche.metrics.oscillation.ScaleCheck;
import dev.seiche.metrics.statistics.Summary;
import dev.seiche.study.oscillation.OscillationResults.Outcome;
import dev.seiche.study.oscillation.OscillationResults.Verdict;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/**
 * The check of scales: from an oscillating point training goes on with a quarter and a sixteenth of the learning rate. Names
 * are those of the arm behind {@code restart/4/} and {@code restart/16/}; steps count from the restart.
 */
final class Restarts {
    static final List<Integer> DIVISORS = List.of(4, 16);

    private static final String FIRST_COSINE = "first_cosine";
    private static final String FIRST = "rate_x_sharpness_first";
    private static final String LAST = "rate_x_sharpness_last";
    private static final String RESUMED = "oscillates_again_at";
    private static final List<String> ALL = List.of(FIRST_COSINE, FIRST, LAST, RESUMED);

    private Restarts() {}

    static String prefix(int divisor) {
        return "restart/" + divisor + "/";
    }

    static Map<String, Double> numbers(int divisor, ScaleCheck found) {
        Map<String, Double> numbers = new LinkedHashMap<>();
        numbers.put(prefix(divisor) + FIRST_COSINE, found.firstCosine());
        numbers.put(prefix(divisor) + FIRST, found.etaSharpness().first());
        numbers.put(prefix(divisor) + LAST, found.etaSharpness().last());
        numbers.put(prefix(divisor) + RESUMED, (double) found.resumed());
        return numbers;
    }

    /** The two parts of the claim over all restarts of all arms. */
    static List<Verdict> verdicts(OscillationArms arms) {
        List<Map<String, Double>> restarts = new ArrayList<>();
        Map<String, List<Double>> numbers = new LinkedHashMap<>();
        for (int arm = 0; arm < arms.count(); arm++) {
            MetricTable table = arms.table(arm);
            for (int divisor : DIVISORS) {
                if (table.column(prefix(divisor) + FIRST_COSINE).isEmpty()) {
                    continue;
                }
                Map<String, Double> found = new LinkedHashMap<>();
                for (String name : ALL) {
                    double value =
                            table.column(prefix(divisor) + name).lastEntry().getValue();
                    found.put(name, value);
                    numbers.computeIfAbsent(
                                    "lr=" + arms.rate(arm) + " to its " + divisor + "th/" + name,
                                    n -> new ArrayList<>())
                            .add(value);
                }
                restarts.add(found);
            }
        }
        Map<String, Double> spread = new LinkedHashMap<>();
        numbers.forEach((name, values) -> {
            Summary summary =
                    Summary.of(values.stream().mapToDouble(Double::doubleValue).toArray());
            spread.put(name, summary.mean());
            if (summary.count() > 1) {
                spread.put(name + "_sd", summary.deviation());
            }
        });
        return List.of(
                verdict(
                        "1.4.5a From an oscillating point, a quarter and a sixteenth of the rate stop the oscillation at once"
                                + " (mean of the first ten cosines above 0), and rate x sharpness then rises.",
                        restarts,
                        spread,
                        found -> of(found, FIRST_COSINE) > 0 && of(found, LAST) > of(found, FIRST)),
                verdict(
                        "1.4.5b After that the oscillation begins again within the steps of the restart (a cosine below -0.5"
                                + " after the tenth step); expected only where sharpening goes on for long enough.",
                        restarts,
                        spread,
                        found -> of(found, FIRST_COSINE) > 0 && of(found, RESUMED) > 10));
    }

    private static double of(Map<String, Double> found, String name) {
        return found.getOrDefault(name, Double.NaN);
    }

    private static Verdict verdict(
            String claim,
            List<Map<String, Double>> restarts,
            Map<String, Double> numbers,
            Predicate<Map<String, Double>> holds) {
        if (restarts.isEmpty()) {
            return new Verdict(
                    claim, Outcome.NOT_TESTED, "No run oscillated at its end, or measure.restartSteps is 0.", numbers);
        }
        long yes = restarts.stream().filter(holds).count();
        return new Verdict(
                claim,
                yes == restarts.size() ? Outcome.HOLDS : Outcome.DOES_NOT_HOLD,
                "True for %d of %d restarts.".formatted(yes, restarts.size()),
                numbers);
    }
}
