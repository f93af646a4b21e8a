package dev.seiche.metrics.opposing;

import dev.seiche.metrics.BatchGradients;
import dev.seiche.nn.ParameterVector;
import dev.seiche.tensor.Scope;

/**
 * The mean gradients of two groups of samples at the same weights, against each other and against the sharpest direction.
 *
 * @param cosine       C = cos(g_{G+}, g_{G-}), in [-1, 1]; groups of an opposing signal are below 0, random ones above
 * @param risingNorm   |g_{G+}|, in units of the gradient
 * @param fallingNorm  |g_{G-}|
 * @param risingAlong  V+ = |cos(g_{G+}, v)|, v the top Hessian eigenvector, whose own sign means nothing, in [0, 1]
 * @param fallingAlong V- = cos(g_{G-}, v) with v turned so that it lies along g_{G+}, in [-1, 1]; below 0 where the groups hold
 *     a balance along v
 */
public record GroupGradients(
        double cosine, double risingNorm, double fallingNorm, double risingAlong, double fallingAlong) {

    /**
     * Two gradients.
     *
     * @param groups numbers of examples of the source's data
     * @param top    the direction v of length 1, as from {@link dev.seiche.metrics.curvature.Lanczos}
     */
    public static GroupGradients of(
            BatchGradients source, ParameterVector weights, OpposingGroups groups, ParameterVector top, Scope scope) {
        try (Scope step = scope.child("groups")) {
            ParameterVector up = source.of(weights, step, groups.rising());
            ParameterVector down = source.of(weights, step, groups.falling());
            double upNorm = up.norm();
            double downNorm = down.norm();
            double along = up.dot(top);
            return new GroupGradients(
                    up.dot(down) / (upNorm * downNorm),
                    upNorm,
                    downNorm,
                    Math.abs(along) / upNorm,
                    (along < 0 ? -1 : 1) * down.dot(top) / downNorm);
        }
    }
}
