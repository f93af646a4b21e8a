package dev.seiche.study.trial;

import dev.seiche.metrics.statistics.Summary;
import dev.seiche.study.trial.TrialResults.Outcome;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/**
 * The outcomes of a study's trials, asked by arm.
 *
 * @param all in the order of the trials
 */
public record Outcomes(List<Outcome> all) {
    public Outcomes {
        all = List.copyOf(all);
    }

    /** The arms, in order. */
    public List<String> arms() {
        return all.stream().map(Outcome::arm).distinct().toList();
    }

    /** The seeds, in order. */
    public List<Long> seeds() {
        return all.stream().map(Outcome::seed).distinct().toList();
    }

    /** The outcomes that fit. */
    public Outcomes where(Predicate<Outcome> fits) {
        return new Outcomes(all.stream().filter(fits).toList());
    }

    /** The outcomes of one arm. */
    public Outcomes arm(String arm) {
        return where(outcome -> outcome.arm().equals(arm));
    }

    /** The outcomes of one seed. */
    public Outcomes seed(long seed) {
        return where(outcome -> outcome.seed() == seed);
    }

    /** The outcomes whose arm has this setting. */
    public Outcomes having(String setting) {
        return where(outcome -> outcome.settings().containsKey(setting));
    }

    /** One number of all, in order, with NaN where it was not measured. */
    public double[] numbers(String name) {
        return all.stream().mapToDouble(outcome -> outcome.number(name)).toArray();
    }

    /** Mean, deviation, extremes of one number over all; NaN are left out. */
    public Summary spread(String name) {
        return Summary.of(numbers(name));
    }

    /** The mean of one number over all; NaN are left out. */
    public double mean(String name) {
        return spread(name).mean();
    }

    /** The settings of an arm. */
    public Map<String, Double> settings(String arm) {
        return arm(arm).all.isEmpty() ? Map.of() : arm(arm).all.get(0).settings();
    }
}
