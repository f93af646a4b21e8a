package dev.seiche.metrics.curvature;

import dev.seiche.metrics.BatchGradients;
import dev.seiche.metrics.statistics.Summary;
import dev.seiche.nn.Objective;
import dev.seiche.nn.ParameterVector;
import dev.seiche.tensor.Rng;
import dev.seiche.tensor.Scope;

/** The curvature of the loss along directions that training takes, in units of 1/learning rate. Pure functions. */
public final class DirectionalSharpness {
    private DirectionalSharpness() {}

    /** u'Au / |u|^2 along any direction, as of an update. Pan and Li 2023. In [smallest, largest eigenvalue]. */
    public static double along(ParameterVector u, LinearOperator operator, Scope scope) {
        try (Scope step = scope.child("directional sharpness")) {
            return u.dot(operator.apply(u, step)) / u.dot(u);
        }
    }

    /**
     * The mean over random mini-batches of g'Hg / |g|^2, with gradient and Hessian of the same batch: batch sharpness, which
     * SGD drives to 2/eta. Andreyev and Beneventano 2024.
     *
     * @param size    examples in a mini-batch
     * @param batches drawn, each without replacement
     */
    public static Summary batch(
            BatchGradients source, ParameterVector weights, int size, int batches, Rng rng, Scope scope) {
        double[] values = new double[batches];
        for (int k = 0; k < batches; k++) {
            try (Scope step = scope.child("batch sharpness")) {
                Objective objective = source.objective(weights, step, source.draw(size, rng.fold(k)));
                ParameterVector gradient = objective.gradient(weights, step);
                values[k] = along(gradient, (v, into) -> objective.hvp(weights, v, into), step);
            }
        }
        return Summary.of(values);
    }
}
