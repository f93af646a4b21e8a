package dev.seiche.metrics.curvature;

import dev.seiche.nn.ParameterVector;
import dev.seiche.tensor.Rng;
import dev.seiche.tensor.Scope;

/**
 * A symmetric linear map of parameter vectors, known only by what it does to one: the Hessian of an objective, say,
 * {@code (v, into) -> objective.hvp(weights, v, into)}. Symmetry is assumed and not checked.
 */
@FunctionalInterface
public interface LinearOperator {
    /** The image of v, of v's type, born in {@code into}. Must not change v, and must give the same bits every time. */
    ParameterVector apply(ParameterVector v, Scope into);

    /**
     * An operator whose mean over keys is this one and whose products are cheaper: that of a few samples, where this one is a
     * mean over samples. This one itself where nothing can be drawn.
     *
     * @param samples at least 1
     */
    default LinearOperator drawn(int samples, Rng key) {
        return this;
    }
}
