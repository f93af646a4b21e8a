package dev.seiche.metrics.curvature;

import dev.seiche.nn.ParameterVector;
import dev.seiche.tensor.Rng;
import dev.seiche.tensor.Scope;
import java.util.List;

/**
 * Finds one eigenpair of a symmetric operator A by repeating v := (A + shift) v / |(A + shift) v|: slow, but so simple
 * that it serves as the check of {@link Lanczos}. It converges to the eigenvalue lambda with the largest
 * |lambda + shift|; a shift of at least minus the smallest eigenvalue makes that the largest one.
 *
 * <p>Memory: two vectors. The error of the value shrinks by the squared ratio of the two largest |lambda + shift| with
 * each product.
 *
 * @param shift       added to every eigenvalue, in the operator's unit; the value found is without it
 * @param tolerance   ends when |Av - lambda v| is at most this times |lambda|, above 0
 * @param maxProducts operator applications after which it gives up, at least 1
 */
public record PowerIteration(double shift, double tolerance, int maxProducts) {
    public PowerIteration {
        if (!(tolerance > 0) || maxProducts < 1) {
            throw new IllegalArgumentException(
                    "power iteration: tolerance %s and products %d must be above 0".formatted(tolerance, maxProducts));
        }
    }

    /**
     * Iterates from a random vector.
     *
     * @param like a vector of the space
     * @param into where the eigenvector is born
     * @return one pair in {@code largest}; ask whether it converged
     */
    public Spectrum solve(LinearOperator operator, ParameterVector like, Rng rng, Scope into) {
        try (Scope scope = into.child("power iteration")) {
            ParameterVector v = like.gaussian(rng.fold("start"), scope);
            double length = v.norm();
            for (int products = 1; ; products++) {
                try (Scope step = into.child("power step")) {
                    ParameterVector unit = v.scale(1 / length, step);
                    ParameterVector image = operator.apply(unit, step);
                    double value = unit.dot(image);
                    double residual = image.addScaled(-value, unit, step).norm();
                    if (!Double.isFinite(residual)) {
                        throw new ArithmeticException("power iteration: product " + products + " is not finite");
                    }
                    if (residual <= tolerance * Math.abs(value) || products == maxProducts) {
                        EigenPair pair = new EigenPair(value, unit.keep(into), residual);
                        return new Spectrum(List.of(pair), List.of(), products, 0, Math.abs(value), tolerance);
                    }
                    ParameterVector next = image.addScaled(shift, unit, step);
                    length = next.norm();
                    v.copyFrom(next);
                }
            }
        }
    }
}
