package dev.seiche.study.trial;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
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

    /**
     * Each arm at each seed.
     *
     * @param arms      settings by the name of the arm
     * @param firstSeed of {@code seeds} seeds in a row
     */
    public static List<Trial> all(Map<String, Map<String, Double>> arms, long firstSeed, int seeds) {
        List<Trial> trials = new ArrayList<>();
        arms.forEach((arm, settings) -> {
            for (int s = 0; s < seeds; s++) {
                trials.add(new Trial(arm, settings, firstSeed + s));
            }
        });
        return trials;
    }

    /** The prefix of its metrics, as in {@code width=32/seed=1}. */
    public String name() {
        return arm + "/seed=" + seed;
    }
}
