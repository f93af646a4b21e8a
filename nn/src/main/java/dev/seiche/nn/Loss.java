package dev.seiche.nn;

import dev.seiche.tensor.DType;
import dev.seiche.tensor.Ops;
import dev.seiche.tensor.Value;

/**
 * The usual losses of a sample. Losses that compare numbers also take I32 labels [B, ...] for outputs [B, ..., C]: as
 * one-hot vectors of 0 and 1, or of -1 and +1 for the hinge.
 */
public enum Loss implements PerSampleLoss {
    /** -ln softmax(output)[label], averaged over a sample's positions. */
    CROSS_ENTROPY {
        @Override
        public <T extends Value> T perSample(Ops<T> ops, T output, T target) {
            return ops.crossEntropy(output, target);
        }
    },
    /** Half the sum of squared differences. */
    HALF_SQUARED_ERROR {
        @Override
        public <T extends Value> T perSample(Ops<T> ops, T output, T target) {
            return ops.halfSquaredError(output, matching(ops, output, target, false));
        }
    },
    /** The mean of squared differences: PyTorch's MSELoss. */
    MEAN_SQUARED_ERROR {
        @Override
        public <T extends Value> T perSample(Ops<T> ops, T output, T target) {
            return ops.meanSquaredError(output, matching(ops, output, target, false));
        }
    },
    /** The mean over outputs of max(0, 1 - t o), with targets t of -1 and +1. */
    HINGE {
        @Override
        public <T extends Value> T perSample(Ops<T> ops, T output, T target) {
            return ops.hinge(output, matching(ops, output, target, true));
        }
    };

    private static <T extends Value> T matching(Ops<T> ops, T output, T target, boolean signs) {
        if (target.dtype() == DType.I32) {
            T oneHot = ops.oneHot(target, output.shape().dim(-1), output.dtype());
            return signs ? ops.shift(ops.scale(oneHot, 2), -1) : oneHot;
        }
        // a difference would broadcast [B, 1] against [B], and average over pairs of samples
        if (!target.shape().equals(output.shape())) {
            throw new IllegalArgumentException(
                    "loss: the output is " + output.describe() + ", but the target is " + target.describe());
        }
        return target;
    }
}
