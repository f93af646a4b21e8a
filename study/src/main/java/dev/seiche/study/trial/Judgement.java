package dev.seiche.study.trial;

import dev.seiche.metrics.Finding;
import dev.seiche.metrics.Verdict;
import dev.seiche.metrics.statistics.Summary;
import dev.seiche.study.trial.TrialResults.Outcome;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Judges a claim seed by seed: it holds where it holds for every seed that could decide it, and does not where one says no.
 * Numbers are given as mean and standard deviation over seeds.
 */
public final class Judgement {
    private final String id;
    private final String statement;
    private final Map<String, Double> numbers = new LinkedHashMap<>();
    private String need = "the numbers were not measured";

    private Judgement(String id, String statement) {
        this.id = id;
        this.statement = statement;
    }

    /**
     * A claim.
     *
     * @param id        short and stable: {@code P3.2}
     * @param statement the claim with the thresholds that decide it
     */
    public static Judgement of(String id, String statement) {
        return new Judgement(id, statement);
    }

    /** What would be needed, said when no seed can decide. */
    public Judgement needing(String what) {
        need = what;
        return this;
    }

    /** A number that the verdict rests on. */
    public Judgement with(String name, double value) {
        numbers.put(name, value);
        return this;
    }

    /** A number with its spread over seeds. */
    public Judgement with(String name, Summary spread) {
        numbers.put(name, spread.mean());
        if (spread.count() > 1) {
            numbers.put(name + "_sd", spread.deviation());
        }
        return this;
    }

    /** These numbers of each arm, with their spread over seeds. */
    public Judgement with(Outcomes of, String... names) {
        for (String arm : of.arms()) {
            for (String name : names) {
                with(arm + "/" + name, of.arm(arm).spread(name));
            }
        }
        return this;
    }

    /**
     * The verdict where a seed has several outcomes: they have to agree.
     *
     * @param holds whether it holds for one outcome; null where it cannot tell
     */
    public Finding byOutcome(Outcomes outcomes, Function<Outcome, @Nullable Boolean> holds) {
        return bySeed(outcomes, seed -> {
            Boolean every = null;
            for (Outcome outcome : seed.all()) {
                Boolean one = holds.apply(outcome);
                if (one != null) {
                    every = (every == null || every) && one;
                }
            }
            return every;
        });
    }

    /**
     * The verdict.
     *
     * @param holds whether it holds for the outcomes of one seed; null where they cannot tell
     */
    public Finding bySeed(Outcomes outcomes, Function<Outcomes, @Nullable Boolean> holds) {
        int yes = 0;
        int told = 0;
        for (long seed : outcomes.seeds()) {
            Boolean answer = holds.apply(outcomes.seed(seed));
            if (answer != null) {
                told++;
                yes += answer ? 1 : 0;
            }
        }
        if (told == 0) {
            return untested();
        }
        String few = told < 3 ? "; 3 seeds or more would tell the spread" : "";
        String reason = "True for %d of %d seed%s%s.".formatted(yes, told, told == 1 ? "" : "s", few);
        return new Finding(id, statement, yes == told ? Verdict.HOLDS : Verdict.DOES_NOT_HOLD, reason, numbers);
    }

    /** The verdict where all seeds are judged together, or nothing is random, and why. */
    public Finding because(boolean holds, String reason) {
        return new Finding(id, statement, holds ? Verdict.HOLDS : Verdict.DOES_NOT_HOLD, reason, numbers);
    }

    /** The verdict where nothing was measured that decides it. */
    public Finding untested() {
        return new Finding(id, statement, Verdict.NOT_TESTED, "Not tested: " + need + ".", numbers);
    }
}
