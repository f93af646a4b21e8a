package dev.seiche.metrics.landscape;

import dev.seiche.nn.ParameterVector;
import dev.seiche.tensor.Scope;

/**
 * How a gradient lies to the way to some weights w*, a minimum say, or where a training ended. Guille-Escuret, Naganuma,
 * Fatras, Mitliagkas, "No wrong turns", 2024.
 *
 * @param restrictedSecant g.(w - w*) / |w - w*|^2, in units of 1/learning rate; above 0 descent comes nearer
 * @param errorBound       |g| / |w - w*|, same unit, at least 0
 */
public record SecantCondition(double restrictedSecant, double errorBound) {
    /**
     * Of a gradient at some weights. NaN at w* itself.
     *
     * @param target w*
     */
    public static SecantCondition of(
            ParameterVector gradient, ParameterVector weights, ParameterVector target, Scope scope) {
        try (Scope step = scope.child("way")) {
            ParameterVector way = weights.subtract(target, step);
            double squared = way.dot(way);
            return new SecantCondition(gradient.dot(way) / squared, gradient.norm() / Math.sqrt(squared));
        }
    }

    /** Their ratio, in [-1, 1]: the cosine between the gradient and the way that lies behind. */
    public double gamma() {
        return restrictedSecant / errorBound;
    }
}
