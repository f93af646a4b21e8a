package dev.seiche.study.oscillation;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a run of the study found. Written as {@code results} into {@code run.json}; a report draws it as it is.
 *
 * @param verdicts the claims, each with what was measured
 * @param arms     one per learning rate, in the order of the configuration
 */
public record OscillationResults(List<Verdict> verdicts, List<Arm> arms) {
    public OscillationResults {
        verdicts = List.copyOf(verdicts);
        arms = List.copyOf(arms);
    }

    /** What a claim came to. */
    public enum Outcome {
        /** The predicate was true of this run. */
        HOLDS,
        /** The predicate was false of this run. */
        DOES_NOT_HOLD,
        /** The run has nothing to say on it. */
        NOT_TESTED;

        /** The words in {@code run.json} and in the report. */
        @JsonValue
        public String words() {
            return name().toLowerCase(Locale.ROOT).replace('_', ' ');
        }

        /** Reads the words back. */
        @JsonCreator
        static Outcome of(String words) {
            return valueOf(words.toUpperCase(Locale.ROOT).replace(' ', '_'));
        }
    }

    /**
     * A claim and what it came to.
     *
     * @param claim    the predicate in words, with its numbers
     * @param outcome  what it came to
     * @param evidence one sentence: what decided it, or what was missing
     * @param numbers  the measurements behind it, by name, with the arm in front where they belong to one
     */
    public record Verdict(String claim, Outcome outcome, String evidence, Map<String, Double> numbers) {
        public Verdict {
            numbers = Collections.unmodifiableMap(new LinkedHashMap<>(numbers));
        }
    }

    /**
     * One learning rate.
     *
     * @param name           prefix of its metrics, such as {@code lr=0.1}
     * @param learningRate   step size
     * @param steps          steps taken
     * @param firstLoss      loss before the first step
     * @param lastLoss       loss at the last step
     * @param risingShare    share of the steps at which the loss rose, 0 to 1
     * @param lowestCosine   smallest cosine of adjacent gradients, -1 to 1
     * @param onset          first step with a cosine below -0.5, or null
     * @param crossing       first measured step at which learning rate times sharpness is at least 2, or null
     * @param firstStability learning rate times sharpness at the first step
     * @param peakStability  the largest learning rate times sharpness
     * @param afterStability median of learning rate times sharpness after the onset, or over the run without one
     * @param thresholds     how often, and how much progress, below each threshold
     * @param layers         each layer, from input to output
     * @param prediction     how well one Hessian-vector product foretells the cosine
     */
    public record Arm(
            String name,
            double learningRate,
            long steps,
            double firstLoss,
            double lastLoss,
            double risingShare,
            double lowestCosine,
            @Nullable Long onset,
            @Nullable Long crossing,
            double firstStability,
            double peakStability,
            double afterStability,
            List<Threshold> thresholds,
            List<Layer> layers,
            Prediction prediction) {
        public Arm {
            thresholds = List.copyOf(thresholds);
            layers = List.copyOf(layers);
        }
    }

    /**
     * The steps whose cosine lies below minus a threshold.
     *
     * @param tau        the threshold: 0, 0.5 or 0.9
     * @param share      their share of all steps, 0 to 1
     * @param afterOnset their share of the steps after the onset, 0 to 1, NaN without an onset
     * @param oneStep    their share of the progress in loss, summed step by step; may be negative
     * @param segments   their share of the progress in loss, runs with gaps of at most 2 steps merged
     * @param log        their share of the progress in log loss, runs merged as before
     */
    public record Threshold(double tau, double share, double afterOnset, double oneStep, double segments, double log) {}

    /**
     * One layer's own cosine.
     *
     * @param name       path of the layer
     * @param prevalence share of the steps with a cosine below -0.5, 0 to 1
     * @param mean       mean cosine after the onset, NaN without an onset
     */
    public record Layer(String name, double prevalence, double mean) {}

    /**
     * The cosine foretold from one Hessian-vector product, against the one measured at the next step.
     *
     * @param medianError median of the absolute difference
     * @param within005   share of the steps with a difference of at most 0.05, 0 to 1
     */
    public record Prediction(double medianError, double within005) {}
}
