package dev.seiche.nn.optim;

import java.util.Arrays;
import java.util.List;

/** The learning rate over time. A pure function of the step, which counts from 0, so a resumed run meets the same rates. */
@FunctionalInterface
public interface LearningRate {

    /** The rate of this step. */
    double at(long step);

    static LearningRate constant(double rate) {
        return new Constant(positive(rate));
    }

    /** {@code rate}, multiplied by {@code factor} at each of these steps: PyTorch's MultiStepLR. */
    static LearningRate steps(double rate, double factor, long... milestones) {
        return new Milestones(
                positive(rate), factor, Arrays.stream(milestones).boxed().toList());
    }

    /**
     * From {@code rate} down to {@code end} along half a cosine over {@code steps} steps, and {@code end} from then on:
     * Loshchilov and Hutter 2017, without restarts.
     */
    static LearningRate cosine(double rate, double end, long steps) {
        return new Cosine(positive(rate), end, steps);
    }

    /** This, scaled by {@code (step + 1)/steps} during the first steps: a linear warm-up that starts above 0. */
    default LearningRate warmedUp(long steps) {
        return new WarmUp(this, steps);
    }

    private static double positive(double rate) {
        if (!(rate > 0 && rate < Double.POSITIVE_INFINITY)) {
            throw new IllegalArgumentException("learning rate: must be positive and finite, got " + rate);
        }
        return rate;
    }

    /** The same rate at every step. */
    record Constant(double rate) implements LearningRate {
        @Override
        public double at(long step) {
            return rate;
        }
    }

    /** A rate that drops by a factor at some steps. */
    record Milestones(double rate, double factor, List<Long> milestones) implements LearningRate {
        public Milestones {
            milestones = List.copyOf(milestones);
            if (!(factor > 0)) {
                throw new IllegalArgumentException("learning rate: the factor must be positive, got " + factor);
            }
        }

        @Override
        public double at(long step) {
            long passed = milestones.stream().filter(m -> m <= step).count();
            return rate * StrictMath.pow(factor, (double) passed);
        }
    }

    /** Half a cosine. */
    record Cosine(double rate, double end, long steps) implements LearningRate {
        public Cosine {
            if (steps < 1 || !(end >= 0 && end <= rate)) {
                throw new IllegalArgumentException(
                        "learning rate: cosine needs steps >= 1 and an end in [0, rate], got " + steps + " steps from "
                                + rate + " to " + end);
            }
        }

        @Override
        public double at(long step) {
            double way = Math.min(step, steps) / (double) steps;
            // StrictMath: the same bits on every machine
            return end + (rate - end) * (1 + StrictMath.cos(Math.PI * way)) / 2;
        }
    }

    /** Another rate, approached linearly. */
    record WarmUp(LearningRate then, long steps) implements LearningRate {
        public WarmUp {
            if (steps < 1) {
                throw new IllegalArgumentException("learning rate: a warm-up needs 1 step or more, got " + steps);
            }
        }

        @Override
        public double at(long step) {
            return then.at(step) * Math.min(1, (step + 1) / (double) steps);
        }
    }
}
