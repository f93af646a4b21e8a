package dev.seiche.tensor.ops;

import dev.seiche.tensor.Value;
import dev.seiche.tensor.op.CrossEntropy;
import java.util.List;

/** Losses per sample: the first axis is the sample, the result has shape [B]. Means over samples are the caller's. */
public interface Losses<T extends Value> extends Normalisation<T>, Indexing<T> {
    /** {@code -ln softmax(logits)[label]} of logits[B,...,C] and i32 labels[B,...], averaged over a sample's positions. */
    default T crossEntropy(T logits, T labels) {
        return perSampleMean(apply(new CrossEntropy(), List.of(logits, labels)));
    }

    /** {@code 1/2 sum (prediction - target)^2} over each sample's elements. */
    default T halfSquaredError(T prediction, T target) {
        return scale(perSampleSum(square(sub(prediction, target))), 0.5);
    }

    /** {@code mean (prediction - target)^2} over each sample's elements. */
    default T meanSquaredError(T prediction, T target) {
        return perSampleMean(square(sub(prediction, target)));
    }

    /** Linear hinge, the mean over outputs of {@code max(0, 1 - t o)} with targets t of +-1. */
    default T hinge(T outputs, T targets) {
        return perSampleMean(relu(shift(neg(mul(outputs, targets)), 1.0)));
    }

    /** Sum of all elements of each sample. */
    default T perSampleSum(T x) {
        return x.shape().rank() == 1 ? x : sum(flatten(x, 1), 1);
    }

    /** Mean of all elements of each sample. */
    default T perSampleMean(T x) {
        return x.shape().rank() == 1 ? x : mean(flatten(x, 1), 1);
    }
}
