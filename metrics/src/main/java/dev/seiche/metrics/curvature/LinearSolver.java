package dev.seiche.metrics.curvature;

import dev.seiche.nn.ParameterVector;
import dev.seiche.tensor.Scope;

/** Solves (A + damping) x = b for a symmetric A that is known by its products only. */
public sealed interface LinearSolver permits ConjugateGradient, Lissa {
    /** x is born in {@code into}. */
    Solution solve(LinearOperator a, ParameterVector b, Scope into);

    /**
     * What was found. Ask {@link #converged} before trusting it.
     *
     * @param x        the last iterate
     * @param residual |b - (A + damping) x| / |b|
     * @param products with A, or with a draw of it
     * @param positive false where a direction of curvature 0 or below ended the search: A + damping is not positive definite
     * @param converged whether the residual is within the tolerance
     */
    record Solution(ParameterVector x, double residual, int products, boolean positive, boolean converged) {}
}
