package dev.seiche.metrics.curvature;

import dev.seiche.metrics.statistics.Moments;
import dev.seiche.nn.ParameterVector;
import dev.seiche.tensor.Rng;
import dev.seiche.tensor.Scope;
import java.util.ArrayList;
import java.util.List;

/**
 * The trace of a symmetric operator from products with random vectors, unbiased.
 *
 * @param trace         in the operator's unit: of the Hessian, the sum of its eigenvalues
 * @param standardError of the random part, in the same unit; NaN from fewer than two random vectors
 * @param products      operator applications
 */
public record HessianTrace(double trace, double standardError, int products) {

    /**
     * Hutchinson (1990): the mean of z'Az over random signs z. The variance of one term is twice the sum of squared
     * off-diagonal entries: exact for a diagonal operator.
     */
    public static HessianTrace hutchinson(
            LinearOperator operator, ParameterVector like, int probes, Rng rng, Scope scope) {
        Moments terms = Moments.EMPTY;
        for (int k = 0; k < probes; k++) {
            try (Scope step = scope.child("hutchinson")) {
                ParameterVector z = signs(like, rng.fold(k), step);
                terms = terms.plus(z.dot(operator.apply(z, step)));
            }
        }
        return new HessianTrace(terms.mean(), terms.deviation() / Math.sqrt(probes), probes);
    }

    /**
     * Hutch++ (Meyer, Musco, Musco, Woodruff 2021): the trace over the range Q of A applied to a third of the vectors is exact,
     * only the rest is estimated. Error falls like 1/products instead of 1/sqrt(products); exact for a rank of at most a third
     * of the products. Memory: a third of the products, in vectors.
     *
     * @param products 3 or more; what a multiple of 3 leaves over is not spent
     */
    public static HessianTrace hutchPlusPlus(
            LinearOperator operator, ParameterVector like, int products, Rng rng, Scope scope) {
        if (products < 3) {
            throw new IllegalArgumentException("hutch++: needs 3 products or more, got " + products);
        }
        int third = products / 3;
        try (Scope home = scope.child("hutch++")) {
            List<ParameterVector> range = new ArrayList<>();
            for (int k = 0; k < third; k++) {
                try (Scope step = home.child("sketch")) {
                    // Gaussian, because few signs can be dependent on a small range
                    ParameterVector start = like.gaussian(rng.fold("range").fold(k), step);
                    ParameterVector image = operator.apply(start, step);
                    double before = image.norm();
                    ParameterVector rest = without(without(image, range, step), range, step);
                    double left = rest.norm();
                    if (left > 1e-6 * before) { // else it lies in the range already, up to rounding
                        range.add(rest.scale(1 / left, home));
                    }
                }
            }
            double captured = 0;
            for (ParameterVector q : range) {
                try (Scope step = home.child("captured")) {
                    captured += q.dot(operator.apply(q, step));
                }
            }
            Moments terms = Moments.EMPTY;
            for (int k = 0; k < third; k++) {
                try (Scope step = home.child("rest")) {
                    ParameterVector z = without(signs(like, rng.fold("rest").fold(k), step), range, step);
                    terms = terms.plus(z.dot(operator.apply(z, step)));
                }
            }
            return new HessianTrace(
                    captured + terms.mean(), terms.deviation() / Math.sqrt(third), 2 * third + range.size());
        }
    }

    /** A vector of independent signs, of {@code like}'s types. */
    static ParameterVector signs(ParameterVector like, Rng rng, Scope into) {
        double[] signs = new double[Math.toIntExact(like.size())];
        rng.uniform(signs);
        for (int i = 0; i < signs.length; i++) {
            signs[i] = signs[i] < 0.5 ? -1 : 1;
        }
        return like.withValues(signs, into);
    }

    private static ParameterVector without(ParameterVector v, List<ParameterVector> basis, Scope into) {
        ParameterVector rest = v;
        for (ParameterVector q : basis) {
            rest = rest.addScaled(-q.dot(rest), q, into);
        }
        return rest;
    }
}
