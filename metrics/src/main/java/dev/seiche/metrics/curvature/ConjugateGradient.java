package dev.seiche.metrics.curvature;

import dev.seiche.nn.ParameterVector;
import dev.seiche.tensor.Scope;

/**
 * Solves (A + damping) x = b for a positive definite A that is known by its products only. Hestenes and Stiefel 1952. After k
 * products x is the best in the space of b, Ab, ..., A^(k-1) b in the norm of A. Memory: five vectors.
 *
 * @param damping   added to every eigenvalue, at least 0, in A's unit
 * @param most      products at most
 * @param tolerance of |b - (A + damping) x| / |b|
 */
public record ConjugateGradient(double damping, int most, double tolerance) implements LinearSolver {
    public ConjugateGradient {
        if (!(damping >= 0) || most < 1 || !(tolerance > 0)) {
            throw new IllegalArgumentException(
                    "conjugate gradient: needs damping >= 0, a product or more and a tolerance above 0, got " + damping
                            + ", " + most + " and " + tolerance);
        }
    }

    /** Starts from 0. The residual is as the recurrence has it. */
    @Override
    public Solution solve(LinearOperator a, ParameterVector b, Scope into) {
        ParameterVector x = b.zeros(into);
        double length = b.norm();
        if (length == 0) {
            return new Solution(x, 0, 0, true, true);
        }
        try (Scope home = into.child("conjugate gradient")) {
            ParameterVector rest = b.keep(home);
            ParameterVector p = b.keep(home);
            double squared = length * length;
            int products = 0;
            boolean positive = true;
            while (products < most && Math.sqrt(squared) > tolerance * length && positive) {
                try (Scope step = home.child("step")) {
                    ParameterVector image = a.apply(p, step).addScaled(damping, p, step);
                    products++;
                    double curvature = p.dot(image);
                    positive = curvature > 0;
                    if (positive) {
                        double far = squared / curvature;
                        x.copyFrom(x.addScaled(far, p, step));
                        rest.copyFrom(rest.addScaled(-far, image, step));
                        double next = rest.dot(rest);
                        p.copyFrom(rest.addScaled(next / squared, p, step));
                        squared = next;
                    }
                }
            }
            double residual = Math.sqrt(squared) / length;
            return new Solution(x, residual, products, positive, residual <= tolerance);
        }
    }
}
