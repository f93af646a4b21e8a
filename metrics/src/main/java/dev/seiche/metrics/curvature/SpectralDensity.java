package dev.seiche.metrics.curvature;

import dev.seiche.nn.ParameterVector;
import dev.seiche.tensor.Rng;
import dev.seiche.tensor.Scope;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.DoubleUnaryOperator;

/**
 * The density of the eigenvalues of a symmetric operator, by stochastic Lanczos quadrature: for a random unit vector v the
 * Lanczos tridiagonal's eigenvalues are nodes, and the squared first elements of its eigenvectors weights, of v's spectral
 * measure, whose mean over v is the density. Ghorbani, Krishnan, Xiao 2019; Yao, Gholami, Keutzer, Mahoney 2020. Immutable;
 * arrays are shared and must not be changed.
 *
 * <p>Moments up to 2 steps - 1 are those of the measures exactly. A single eigenvalue shows only while its share of 1/M is
 * above the noise; use {@link Lanczos} for extremes.
 *
 * @param nodes   eigenvalues, in the operator's unit: [probes][steps or fewer]
 * @param weights of the nodes, at least 0, summing to 1 for each probe
 */
@SuppressWarnings("ArrayRecordComponent") // numeric, handed on, never compared
public record SpectralDensity(double[][] nodes, double[][] weights) {

    /**
     * Runs Lanczos from random vectors, orthogonalising each new vector against all others twice. Memory: {@code steps}
     * vectors.
     *
     * @param steps  products for each probe
     * @param probes random vectors
     */
    public static SpectralDensity of(
            LinearOperator operator, ParameterVector like, int steps, int probes, Rng rng, Scope scope) {
        if (steps < 1 || probes < 1) {
            throw new IllegalArgumentException(
                    "spectral density: steps and probes are at least 1, got " + steps + " and " + probes);
        }
        double[][] nodes = new double[probes][];
        double[][] weights = new double[probes][];
        for (int k = 0; k < probes; k++) {
            try (Scope step = scope.child("spectral density")) {
                SymmetricEigen eigen = lanczos(operator, HessianTrace.signs(like, rng.fold(k), step), steps, step);
                nodes[k] = eigen.values();
                weights[k] = new double[eigen.values().length];
                for (int i = 0; i < weights[k].length; i++) {
                    weights[k][i] = eigen.vectors()[i][0] * eigen.vectors()[i][0];
                }
            }
        }
        return new SpectralDensity(nodes, weights);
    }

    private static SymmetricEigen lanczos(LinearOperator operator, ParameterVector start, int steps, Scope home) {
        double[][] projected = new double[steps][steps];
        List<ParameterVector> basis = new ArrayList<>();
        basis.add(start.scale(1 / start.norm(), home));
        double scale = 0;
        for (int j = 0; j < steps; j++) {
            try (Scope step = home.child("lanczos")) {
                ParameterVector image = operator.apply(basis.get(j), step);
                scale = Math.max(scale, image.norm());
                projected[j][j] = basis.get(j).dot(image);
                ParameterVector rest = image;
                for (int pass = 0; pass < 2; pass++) {
                    for (ParameterVector q : basis) {
                        rest = rest.addScaled(-q.dot(rest), q, step);
                    }
                }
                double left = rest.norm();
                if (j + 1 == steps || left <= 1e-10 * scale || basis.size() == start.size()) {
                    return SymmetricEigen.of(projected, j + 1); // the measure has no further nodes
                }
                projected[j][j + 1] = left;
                projected[j + 1][j] = left;
                basis.add(rest.scale(1 / left, home));
            }
        }
        throw new AssertionError("lanczos: the last step returns");
    }

    /** The density at lambda, each node smeared to a Gaussian of standard deviation {@code sigma}; in 1/unit of lambda. */
    public double at(double lambda, double sigma) {
        return mean(node -> Math.exp(-0.5 * (lambda - node) * (lambda - node) / (sigma * sigma)))
                / (sigma * Math.sqrt(2 * Math.PI));
    }

    /** The mean of lambda^k: for k = 1 the trace by the number of dimensions. */
    public double moment(int k) {
        return mean(node -> Math.pow(node, k));
    }

    /** Share of eigenvalues above lambda, in [0, 1]. */
    public double shareAbove(double lambda) {
        return mean(node -> node > lambda ? 1 : 0);
    }

    /**
     * The node below which a share p of the eigenvalues lies: the smallest with at least that weight at or below it.
     *
     * @param p in (0, 1]
     */
    public double quantile(double p) {
        List<double[]> all = new ArrayList<>();
        for (int k = 0; k < nodes.length; k++) {
            for (int i = 0; i < nodes[k].length; i++) {
                all.add(new double[] {nodes[k][i], weights[k][i] / nodes.length});
            }
        }
        all.sort(Comparator.comparingDouble(node -> node[0]));
        double below = 0;
        for (double[] node : all) {
            below += node[1];
            if (below >= p - 1e-12) { // weights sum to 1 up to rounding
                return node[0];
            }
        }
        return all.get(all.size() - 1)[0];
    }

    private double mean(DoubleUnaryOperator f) {
        double sum = 0;
        for (int k = 0; k < nodes.length; k++) {
            for (int i = 0; i < nodes[k].length; i++) {
                sum += weights[k][i] * f.applyAsDouble(nodes[k][i]);
            }
        }
        return sum / nodes.length;
    }
}
