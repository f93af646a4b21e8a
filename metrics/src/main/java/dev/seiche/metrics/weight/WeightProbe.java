package dev.seiche.metrics.weight;

import dev.seiche.metrics.MetricSink;
import dev.seiche.metrics.Need;
import dev.seiche.metrics.StatelessMetric;
import dev.seiche.metrics.curvature.SymmetricEigen;
import dev.seiche.metrics.statistics.PowerLaw;
import dev.seiche.nn.Parameter;
import dev.seiche.nn.ParameterVector;
import dev.seiche.nn.train.Schedule;
import dev.seiche.nn.train.Step;
import dev.seiche.tensor.DType;
import dev.seiche.tensor.Scope;
import dev.seiche.tensor.Shape;
import dev.seiche.tensor.Tensor;

/**
 * Measures {@code weights/alpha/<parameter>}, the exponent of a power law in the tail of the eigenvalues of W'W, for every
 * parameter of two axes or more; all but the last axis are one. Martin and Mahoney, "Implicit self-regularization in deep neural
 * networks", JMLR 2021. Work: an eigenvalue decomposition of the smaller side.
 */
public final class WeightProbe extends StatelessMetric {
    public WeightProbe(Schedule schedule, MetricSink sink) {
        super("weights", schedule, sink, Need.LOSS);
    }

    @Override
    public void observe(Step step) {
        ParameterVector weights = step.weights();
        for (Parameter parameter : weights.parameters()) {
            if (parameter.shape().rank() >= 2) {
                try (Scope scope = step.scope().child("weights")) {
                    double[] eigenvalues = eigenvalues(weights.get(parameter.name()), scope);
                    sink.put(
                            step.index(),
                            "weights/alpha/" + parameter.name(),
                            PowerLaw.fit(eigenvalues).alpha());
                }
            }
        }
    }

    /** The eigenvalues of W'W, or the same without some zeros of W W', whichever is smaller; largest first. */
    public static double[] eigenvalues(Tensor weights, Scope scope) {
        int columns = weights.shape().dim(-1);
        int rows = Math.toIntExact(weights.shape().size() / columns);
        Tensor w = scope.ops().reshape(scope.ops().cast(weights, DType.F64), Shape.of(rows, columns));
        int n = Math.min(rows, columns);
        boolean tall = columns <= rows;
        double[] flat = scope.ops().matmul(w, w, tall, !tall).toDoubles();
        double[][] gram = new double[n][n];
        for (int i = 0; i < n; i++) {
            System.arraycopy(flat, i * n, gram[i], 0, n);
        }
        return SymmetricEigen.of(gram, n).values();
    }
}
