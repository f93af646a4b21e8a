package dev.seiche.study.opposing;

import dev.seiche.metrics.Finding;
import dev.seiche.metrics.statistics.Summary;
import dev.seiche.study.trial.Judgement;
import dev.seiche.study.trial.Outcomes;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The claims on optimizers: what Rosenfeld and Risteski 2024 are remembered to say, by measures of ours. */
final class RaceClaims {
    private static final String NEED = "race.steps is 0";

    private RaceClaims() {}

    static List<Finding> findings(Outcomes all) {
        Outcomes race = all.having(OptimizerRace.SHARE);
        return List.of(swings(race), split(race));
    }

    private static Finding swings(Outcomes race) {
        Judgement claim = Judgement.of(
                        "P2.8",
                        "From look to look the groups swing less under Adam than under SGD with momentum (mean change of loss in"
                                + " the groups by the mean loss, median of the second half).")
                .needing(NEED);
        for (String arm : race.arms()) {
            claim.with(arm + "/swing", race.arm(arm).spread("race_swing"));
            claim.with(arm + "/last_loss", race.arm(arm).spread("race_loss/" + OptimizerRace.PLACES));
        }
        return claim.bySeed(
                race,
                seed -> below(
                        seed.arm("race:adam").mean("race_swing"),
                        seed.arm("race:sgd").mean("race_swing")));
    }

    private static Finding split(Outcomes race) {
        Judgement claim = Judgement.of(
                        "P2.9",
                        "SplitSGD follows Adam's loss more closely than SGD with momentum does, at the fraction that is closest on"
                                + " the average (mean |ln L - ln L of Adam| over ten places of the curve).")
                .needing(NEED);
        String best = "";
        double least = Double.POSITIVE_INFINITY;
        for (String arm : race.arms()) {
            if (arm.equals("race:adam")) {
                continue;
            }
            Summary distances = Summary.of(race.seeds().stream()
                    .mapToDouble(seed -> distance(race.seed(seed), arm))
                    .toArray());
            claim.with(arm + "/distance", distances);
            if (arm.startsWith("race:split") && distances.mean() < least) {
                best = arm;
                least = distances.mean();
            }
        }
        String closest = best;
        return claim.bySeed(race, seed -> below(distance(seed, closest), distance(seed, "race:sgd")));
    }

    /** Null where one of them was not measured. */
    private static @Nullable Boolean below(double a, double b) {
        return Double.isNaN(a) || Double.isNaN(b) ? null : a < b;
    }

    private static double distance(Outcomes seed, String arm) {
        double sum = 0;
        for (int place = 1; place <= OptimizerRace.PLACES; place++) {
            String number = "race_loss/" + place;
            sum += Math.abs(
                    Math.log(seed.arm(arm).mean(number) / seed.arm("race:adam").mean(number)));
        }
        return sum / OptimizerRace.PLACES;
    }
}
