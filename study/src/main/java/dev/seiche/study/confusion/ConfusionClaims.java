package dev.seiche.study.confusion;

import dev.seiche.metrics.Finding;
import dev.seiche.metrics.statistics.Summary;
import dev.seiche.study.trial.Judgement;
import dev.seiche.study.trial.Outcomes;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The claims on gradient confusion, judged. */
final class ConfusionClaims {
    /** Which parts the convolutional network has. */
    static final List<String> PARTS = List.of("plain", "norm", "skip", "norm+skip");

    private static final String MIN = "batch/min_cos@end";
    private static final String SPREAD = "batch/sd_cos@end";
    private static final String LOSS = "loss@end";

    /** What is told of a net beside a claim; matched is at equal loss, where it came so far. */
    private static final String[] TOLD = {MIN, SPREAD, LOSS, "batch/min_cos@init", "batch/min_cos@matched"};

    private final Outcomes all;

    ConfusionClaims(Outcomes all) {
        this.all = all;
    }

    static boolean hasNorm(String parts) {
        return parts.startsWith("norm");
    }

    static boolean hasSkip(String parts) {
        return parts.endsWith("skip");
    }

    List<Finding> findings() {
        return List.of(
                depth("P4.1a", "plain convolutional nets", "plain_depth"),
                depth("P4.1b", "multi-layer perceptrons", "depth"),
                width(),
                parts(),
                regression(),
                regressionLoosely(),
                signs(),
                orthogonal(),
                perceptronsOnDigits());
    }

    /** The arms with this setting, by its value. */
    private static List<String> arms(Outcomes of, String setting) {
        Outcomes with = of.having(setting);
        return with.arms().stream()
                .sorted(Comparator.comparingDouble(arm -> with.settings(arm).getOrDefault(setting, 0.0)))
                .toList();
    }

    private static void tell(Judgement claim, Outcomes of, List<String> arms, String... numbers) {
        for (String arm : arms) {
            for (String number : numbers) {
                Summary found = of.arm(arm).spread(number);
                if (found.count() > 0) { // not every net comes down to the loss at which they are compared
                    claim.with(arm + "/" + number.replace("batch/", "").replace("sample/", ""), found);
                }
            }
        }
    }

    private void tellNets(Judgement claim, List<String> arms) {
        tell(claim, all, arms, TOLD);
        for (String arm : arms) {
            claim.with(arm + "/rate", all.arm(arm).mean("rate"))
                    .with(arm + "/learnt", all.arm(arm).mean(ConfusionTraining.TRAINED));
        }
    }

    private static double difference(Outcomes of, List<String> arms, String number) {
        return arms.size() < 2
                ? Double.NaN
                : of.arm(arms.get(arms.size() - 1)).mean(number)
                        - of.arm(arms.get(0)).mean(number);
    }

    private Finding depth(String id, String nets, String setting) {
        List<String> arms = arms(all, setting);
        Judgement claim = Judgement.of(
                        id,
                        "In " + nets
                                + " more depth goes with a lower smallest cosine, wider cosines and a higher loss after"
                                + " as many steps, each net at its own best rate (deepest against shallowest).")
                .needing("the setting of depths in arms needs two or more");
        tellNets(claim, arms);
        return claim.bySeed(all, seed -> {
            double min = difference(seed, arms, MIN);
            double spread = difference(seed, arms, SPREAD);
            double loss = difference(seed, arms, LOSS);
            return Double.isNaN(min + spread + loss) ? null : min < 0 && spread > 0 && loss > 0;
        });
    }

    private Finding width() {
        List<String> arms = arms(all, "width");
        Judgement claim = Judgement.of(
                        "P4.2",
                        "More width goes with a smallest cosine closer to 0, narrower cosines and a lower loss after as many"
                                + " steps, each net at its own best rate (widest against narrowest).")
                .needing("arms.widths needs two or more");
        tellNets(claim, arms);
        return claim.bySeed(all, seed -> {
            double min = difference(seed, arms, MIN);
            double spread = difference(seed, arms, SPREAD);
            double loss = difference(seed, arms, LOSS);
            return Double.isNaN(min + spread + loss) ? null : min > 0 && spread < 0 && loss < 0;
        });
    }

    private Finding parts() {
        Judgement claim = Judgement.of(
                        "P4.3",
                        "At the largest depth, batch norm with skip paths has a higher smallest cosine and a lower loss than"
                                + " either part alone, and those than neither.")
                .needing("arms.convolutionalDepths is empty");
        for (String parts : PARTS) {
            List<String> arms = arms(all, parts + "_depth");
            tellNets(claim, arms.subList(Math.max(0, arms.size() - 1), arms.size()));
        }
        return claim.bySeed(all, seed -> {
            @Nullable Boolean confusion = ordered(seed, MIN, 1);
            @Nullable Boolean loss = ordered(seed, LOSS, -1);
            return confusion == null || loss == null ? null : confusion && loss;
        });
    }

    /** Whether both parts together beat each alone, and each alone beats none, where larger times {@code sign} is better. */
    private static @Nullable Boolean ordered(Outcomes seed, String number, int sign) {
        double[] values = new double[PARTS.size()];
        for (int i = 0; i < values.length; i++) {
            List<String> arms = arms(seed, PARTS.get(i) + "_depth");
            values[i] = arms.isEmpty()
                    ? Double.NaN
                    : sign * seed.arm(arms.get(arms.size() - 1)).mean(number);
            if (Double.isNaN(values[i])) {
                return null;
            }
        }
        double alone = Math.max(values[1], values[2]);
        return values[3] > alone && Math.min(values[1], values[2]) > values[0];
    }

    /** The page's numbers: what its pilot of 20,000 steps at rate 1/(2 dimensions) saw, and the factor that it states. */
    private Finding regression() {
        return regression(
                "P4.4",
                "Linear regression with more dimensions than samples goes to a loss of 0 (at most 0.002), with fewer it stalls"
                        + " (at 0.10 or more); the raw bound tells them apart by a factor of 100, cosines hardly (smallest ones"
                        + " by at most 0.11).",
                new Apart(0.002, 0.10, 100, 0.11));
    }

    private Finding regressionLoosely() {
        return regression(
                "P4.4, ours",
                "Beside P4.4, with thresholds of ours: a loss below 0.01 and above 0.05, a factor of 10, smallest cosines that"
                        + " differ by less than 0.2.",
                new Apart(0.01, 0.05, 10, 0.2));
    }

    /** What tells the two cases apart: largest loss, smallest loss, factor of the bounds, difference of smallest cosines. */
    private record Apart(double gone, double stalled, double factor, double cosines) {}

    private Finding regression(String id, String statement, Apart apart) {
        List<String> arms = arms(all, "dimensions");
        Judgement claim = Judgement.of(id, statement)
                .needing("regression.dimensions needs one above and one below regression.samples");
        tell(claim, all, arms, LOSS, "sample/bound@end", "sample/min_cos@end", "sample/sd_cos@end");
        return claim.bySeed(all, seed -> {
            if (arms.size() < 2) {
                return null;
            }
            Outcomes few = seed.arm(arms.get(0));
            Outcomes many = seed.arm(arms.get(arms.size() - 1));
            return many.mean(LOSS) <= apart.gone
                    && few.mean(LOSS) >= apart.stalled
                    && few.mean("sample/bound@end") >= apart.factor * many.mean("sample/bound@end")
                    && Math.abs(many.mean("sample/min_cos@end") - few.mean("sample/min_cos@end")) <= apart.cosines;
        });
    }

    private Finding signs() {
        Outcomes runs = all.having("dimensions");
        return Judgement.of(
                        "P4.5",
                        "In a linear model with squared loss the cosines of sample gradients are those of the inputs but for"
                                + " signs: their mean squares agree to 1e-9.")
                .needing("regression.dimensions is empty")
                .with("gradients", runs.spread("cos_square_gradients"))
                .with("inputs", runs.spread("cos_square_inputs"))
                .bySeed(
                        runs,
                        seed -> seed.all().stream()
                                .allMatch(o ->
                                        Math.abs(o.number("cos_square_gradients") / o.number("cos_square_inputs") - 1)
                                                < 1e-9));
    }

    private Finding orthogonal() {
        List<String> orthogonal = arms(all, "orthogonal_depth");
        List<String> gaussian = arms(all, "gaussian_depth");
        String spread = "sample/sd_cos@init";
        Judgement claim = Judgement.of(
                        "P4.6",
                        "At the start of deep linear nets, the spread of sample cosines does not depend on depth with orthogonal"
                                + " weights (less than 15% from shallowest to deepest) and grows with Gaussian ones.")
                .needing("arms.linearDepths needs two depths");
        tell(claim, all, orthogonal, spread);
        tell(claim, all, gaussian, spread);
        return claim.bySeed(all, seed -> {
            double changed = difference(seed, orthogonal, spread);
            double grown = difference(seed, gaussian, spread);
            return Double.isNaN(changed + grown)
                    ? null
                    : Math.abs(changed) < 0.15 * seed.arm(orthogonal.get(0)).mean(spread) && grown > 0;
        });
    }

    private static Finding perceptronsOnDigits() {
        return Judgement.of(
                        "P4.7",
                        "On 400 digits of 8 x 8 pixels the smallest cosine of small perceptrons follows neither width (-0.39,"
                                + " -0.51, -0.42 at 8, 32, 128) nor depth (-0.39, -0.51, -0.49, -0.49 at 1, 2, 4, 8 hidden"
                                + " layers), while the training loss follows both.")
                .needing("these digits are not shipped with the program; its tests have them (DigitsConfusionTest)")
                .untested();
    }
}
