package dev.seiche.metrics.curvature;

import dev.seiche.nn.ParameterVector;
import dev.seiche.tensor.Rng;
import dev.seiche.tensor.Scope;

/**
 * Solves (A + damping) x = b for an A that is a mean over samples, from products with a few of them at a time: h_0 = b,
 * h_j = b + h_{j-1} - (A_j + damping) h_{j-1} / scale with a new draw A_j each ({@link LinearOperator#drawn}), and
 * x = h_depth / scale, of which the mean over repeats is taken. Agarwal, Bullins, Hazan, "Second-order stochastic
 * optimization for machine learning in linear time", 2017, as Koh and Liang 2017 use it.
 *
 * <p>Its error has two parts. In the mean, what an eigenvalue lambda lacks is (1 - (lambda + damping) / scale)^(depth + 1) of
 * the solution, so a small lambda takes a depth of several times scale / (lambda + damping). The draws scatter around that
 * mean with a variance that falls as scale and repeats grow. An operator of which nothing can be drawn has the first part
 * only. {@link ConjugateGradient} needs far fewer products with the whole A; this one is for data of which the whole is dear.
 *
 * <p>The series needs |1 - (lambda + damping) / scale| of every draw to be at most 1, and is meant for a scale above the largest
 * eigenvalue of a draw, with damping. Where |h_j| is more than (j + 1) |b|, which such a scale excludes, the solver refuses.
 *
 * <p>Memory: four vectors.
 *
 * @param damping   added to every eigenvalue, at least 0, in A's unit
 * @param scale     above the largest eigenvalue of a draw, in A's unit; from half of that on the series converges too
 * @param samples   of each draw
 * @param depth     draws one after the other
 * @param repeats   of all that, averaged
 * @param tolerance of |b - (A + damping) x| / |b|, which takes one product with the whole A
 * @param rng       what is drawn; the same key draws the same
 */
public record Lissa(double damping, double scale, int samples, int depth, int repeats, double tolerance, Rng rng)
        implements LinearSolver {
    /** What rounding may add to the length of h, in f32 and over thousands of draws. */
    private static final double ROUNDING = 1e-3;

    public Lissa {
        if (!(damping >= 0) || !(scale > damping) || !(tolerance > 0)) {
            throw new IllegalArgumentException(
                    "lissa: needs damping >= 0, a scale above it and a tolerance above 0, got " + damping + ", " + scale
                            + " and " + tolerance);
        }
        if (samples < 1 || depth < 1 || repeats < 1) {
            throw new IllegalArgumentException("lissa: samples, depth and repeats are at least 1, got " + samples + ", "
                    + depth + " and " + repeats);
        }
    }

    /** @throws ArithmeticException where the series diverges, because the scale is too small or A has negative eigenvalues */
    @Override
    public Solution solve(LinearOperator a, ParameterVector b, Scope into) {
        ParameterVector x = b.zeros(into);
        double length = b.norm();
        if (length == 0) {
            return new Solution(x, 0, 0, true, true);
        }
        try (Scope home = into.child("lissa")) {
            for (int repeat = 0; repeat < repeats; repeat++) {
                try (Scope one = home.child("repeat")) {
                    ParameterVector h = series(a, b, length, rng.fold(repeat), one);
                    x.copyFrom(x.addScaled(1 / (scale * repeats), h, one));
                }
            }
            double rest = a.apply(x, home)
                    .addScaled(damping, x, home)
                    .subtract(b, home)
                    .norm();
            double residual = rest / length;
            return new Solution(x, residual, depth * repeats + 1, true, residual <= tolerance);
        }
    }

    private ParameterVector series(LinearOperator a, ParameterVector b, double length, Rng key, Scope into) {
        ParameterVector h = b.keep(into);
        for (int j = 1; j <= depth; j++) {
            try (Scope step = into.child("draw")) {
                ParameterVector image =
                        a.drawn(samples, key.fold(j)).apply(h, step).addScaled(damping, h, step);
                h.copyFrom(b.add(h, step).addScaled(-1 / scale, image, step));
            }
            double grown = h.norm() / length;
            if (!(grown <= (j + 1) * (1 + ROUNDING))) {
                throw new ArithmeticException(
                        ("lissa: diverges, |h| is %.3g |b| after %d draws, where a series that converges"
                                        + " has at most %d |b|: with scale %s and damping %s, some draw has an eigenvalue above"
                                        + " twice the scale or below minus the damping; take a scale above the largest eigenvalue"
                                        + " of a draw, or a larger damping")
                                .formatted(grown, j, j + 1, scale, damping));
            }
        }
        return h;
    }
}
