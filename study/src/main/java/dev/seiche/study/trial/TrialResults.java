package dev.seiche.study.trial;

import dev.seiche.metrics.Finding;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a study of trials found.
 *
 * @param findings a verdict on each claim
 * @param outcomes what each trial measured, in their order
 */
public record TrialResults(List<Finding> findings, List<Outcome> outcomes) {
    public TrialResults {
        findings = List.copyOf(findings);
        outcomes = List.copyOf(outcomes);
    }

    /**
     * What one trial measured.
     *
     * @param arm      of the trial
     * @param settings of the trial
     * @param seed     of the trial
     * @param numbers  by name, in the order in which they were measured; may be NaN
     * @param failed   why it ended early, or null where it came to its end
     */
    public record Outcome(
            String arm,
            Map<String, Double> settings,
            long seed,
            Map<String, Double> numbers,
            @Nullable String failed) {
        public Outcome {
            settings = Collections.unmodifiableMap(new LinkedHashMap<>(settings));
            numbers = Collections.unmodifiableMap(new LinkedHashMap<>(numbers));
        }

        /** The number of this name; NaN where it was not measured. */
        public double number(String name) {
            return numbers.getOrDefault(name, Double.NaN);
        }
    }
}
