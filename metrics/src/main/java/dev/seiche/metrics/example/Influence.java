package dev.seiche.metrics.example;

import dev.seiche.autograd.sample.SampleGradients;
import dev.seiche.metrics.BatchGradients;
import dev.seiche.metrics.curvature.LinearOperator;
import dev.seiche.metrics.curvature.LinearSolver;
import dev.seiche.nn.ParameterVector;
import dev.seiche.tensor.Rng;
import dev.seiche.tensor.Scope;
import java.util.stream.IntStream;

/**
 * Influence functions: what more weight on a training example does to a target's loss at the minimum that training ends in,
 * -g_target' (H + damping)^-1 g_z, in units of loss per unit of weight; H is of the mean loss. Leaving z out of N changes the
 * target's loss by about -1/N times that. Koh and Liang, "Understanding black-box predictions via influence functions", 2017.
 *
 * <p>The formula is about a minimum. Elsewhere H may have negative eigenvalues: take the Gauss-Newton matrix, or a damping
 * above the most negative one.
 *
 * @param solution of (H + damping) x = g_target
 */
public record Influence(LinearSolver.Solution solution) {

    /**
     * Of all examples on one target.
     *
     * @param target    gradient of the target's loss
     * @param curvature H, or the Gauss-Newton matrix
     * @param into      outlives the influence
     */
    public static Influence on(ParameterVector target, LinearOperator curvature, LinearSolver solver, Scope into) {
        return new Influence(solver.solve(curvature, target, into));
    }

    /**
     * The Gauss-Newton matrix of the mean loss of all examples at these weights; draws are of examples with replacement, for
     * {@link dev.seiche.metrics.curvature.Lissa}.
     */
    public static LinearOperator gaussNewton(BatchGradients source, ParameterVector weights) {
        int all = source.data().size();
        return new LinearOperator() {
            @Override
            public ParameterVector apply(ParameterVector v, Scope into) {
                return product(source, weights, v, into, source.first(all));
            }

            @Override
            public LinearOperator drawn(int samples, Rng key) {
                int[] some =
                        IntStream.range(0, samples).map(i -> key.below(i, all)).toArray();
                return (v, into) -> product(source, weights, v, into, some);
            }
        };
    }

    private static ParameterVector product(
            BatchGradients source, ParameterVector weights, ParameterVector v, Scope into, int... examples) {
        try (Scope data = into.child("examples")) {
            return source.objective(weights, data, examples)
                    .gaussNewton(weights, v, data)
                    .keep(into);
        }
    }

    /** Of each of these examples: below 0 helps the target. */
    public double[] of(SampleGradients examples) {
        double[] along = examples.dot(solution.x().tensors());
        for (int i = 0; i < along.length; i++) {
            along[i] = -along[i];
        }
        return along;
    }
}
