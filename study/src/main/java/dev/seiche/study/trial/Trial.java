package dev.seiche.study.trial;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * One training, or one measurement, of a study: an arm at a seed.
 *
 * @param arm      what sets it apart from the others, without blanks: {@code width=32}; the same for all seeds
 * @param settings the numbers behind it, by name, for the axes of charts
 * @param seed     of all its randomness
 */
public record Trial(String arm, Map<String, Double> settings, long seed) {
    public Trial {
        if (!arm.matches("[^\\s\"\\\\]+")) {
            throw new IllegalArgumentException("trial: '" + arm + "' cannot be the name of an arm");
        }
        settings = Collections.unmodifiableMap(new LinkedHashMap<>(settings));
    }

    /** The prefix of its metrics, as in {@code width=32/seed=1}. */
    public String name() {
        return arm + "/seed=" + seed;
    }
}
