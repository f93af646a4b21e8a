package dev.seiche.tensor;

import java.util.List;

/**
 * What a device does to whole lists of tensors at once, where op by op the launches, or the passes over memory, would cost
 * more than the work. Tensor i of each list has the same shape; all are contiguous, of one floating type, and of this device. Each
 * equals the composed ops that its doc names up to the rounding of fused multiplications and additions.
 */
public interface MultiTensor {

    /**
     * {@code d = g + weightDecay w; m <- momentum m + d; w <- w - rate (nesterov ? d + momentum m : m)}, or, without
     * velocities, {@code w <- w - rate d}: {@link dev.seiche.tensor.op.AddScaled}, once a term.
     *
     * @param velocities changed in place; empty for a momentum of 0
     * @return false where op by op is as good: then nothing was done
     */
    default boolean sgd(SgdStep step, List<Tensor> weights, List<Tensor> gradients, List<Tensor> velocities) {
        return false;
    }

    /** One step of Adam in place, in the terms of {@link AdamStep}. */
    void adam(AdamStep step, List<Tensor> weights, List<Tensor> gradients, List<Tensor> first, List<Tensor> second);

    /**
     * The inner product of each pair, products and sums in f64; the order of a sum depends on its size only. Waits for the
     * result.
     */
    double[] dots(List<Tensor> a, List<Tensor> b);

    /**
     * Holds lists to what this interface asks of them.
     *
     * @throws IllegalArgumentException that shows the two lists which differ
     */
    static void requireAlike(String name, List<List<Tensor>> lists) {
        List<Tensor> like = lists.get(0);
        for (List<Tensor> list : lists) {
            boolean alike = list.size() == like.size();
            for (int k = 0; alike && k < like.size(); k++) {
                Tensor t = list.get(k);
                alike = t.isContiguous()
                        && t.dtype() == like.get(0).dtype()
                        && t.shape().equals(like.get(k).shape());
            }
            if (!alike) {
                throw new IllegalArgumentException("multi-tensor " + name
                        + ": lists must hold contiguous tensors of one type and, in order, the same shapes; got "
                        + like + " and " + list);
            }
        }
    }

    /** The numbers of one step of gradient descent. */
    record SgdStep(double rate, double momentum, boolean nesterov, double weightDecay) {}

    /**
     * The numbers of one step of Adam:
     *
     * <pre>
     * g <- g + weightDecay w;  w <- shrink w
     * m <- beta1 m + (1 - beta1) g;  v <- beta2 v + (1 - beta2) g^2
     * w <- w - rate m / (rootScale sqrt(v) + eps)
     * </pre>
     *
     * @param rate with the correction of the first moment's bias in it
     * @param rootScale corrects the bias of the second moment's root
     * @param weightDecay coupled, through the moments
     * @param shrink decoupled decay; 1 for none
     */
    record AdamStep(
            double rate, double rootScale, double beta1, double beta2, double eps, double weightDecay, double shrink) {}
}
