package dev.seiche.metrics.curvature;

import dev.seiche.metrics.BatchGradients;
import dev.seiche.nn.Loss;
import dev.seiche.nn.Objective;
import dev.seiche.nn.ParameterVector;
import dev.seiche.nn.data.Column;
import dev.seiche.nn.data.Dataset;
import dev.seiche.tensor.Rng;
import dev.seiche.tensor.Scope;
import dev.seiche.tensor.Tensor;

/**
 * The Fisher matrix itself, by labels that the network draws: E over y ~ p(. | x_i) of the mean of s s', s the gradient of
 * -ln p(y | x_i). Its mean over draws is the Gauss-Newton matrix of cross-entropy; the empirical Fisher matrix, with the labels
 * of the data, is something else. Kunstner, Balles, Hennig, "Limitations of the empirical Fisher approximation", 2019.
 */
public final class SampledFisher {
    private SampledFisher() {}

    /**
     * The product with a draw of the matrix: a label for each example, by the softmax of its outputs at these weights. The
     * product is valid at these weights only; its data live in {@code scope}. (L per weight)^2.
     */
    public static LinearOperator of(
            BatchGradients source, ParameterVector weights, Rng rng, Scope scope, int... examples) {
        int[] labels = new int[examples.length];
        try (Scope step = scope.child("labels")) {
            Tensor inputs = source.data().batch(step, weights.dtype(), examples).inputs();
            Tensor outputs = source.outputs(weights, inputs, step.ops(), step);
            if (outputs.shape().rank() != 2) {
                throw new IllegalArgumentException(
                        "sampled Fisher: needs outputs [B, C], the network gives " + outputs.shape());
            }
            int classes = outputs.shape().dim(1);
            double[] p = step.ops().softmax(outputs, 1).toDoubles();
            double[] u = new double[examples.length];
            rng.uniform(u);
            for (int i = 0; i < labels.length; i++) {
                double rest = u[i];
                while (labels[i] < classes - 1 && rest >= p[i * classes + labels[i]]) {
                    rest -= p[i * classes + labels[i]];
                    labels[i]++;
                }
            }
        }
        Dataset drawn = source.data().select(examples).withTargets(Column.labels(labels));
        BatchGradients own = BatchGradients.of(source.network(), Loss.CROSS_ENTROPY, drawn);
        if (source.statistics() != null) {
            own = own.withStatistics(source.statistics());
        }
        Objective objective = own.objective(weights, scope, own.first(examples.length));
        return (v, into) -> objective.empiricalFisher(weights, v, into);
    }
}
