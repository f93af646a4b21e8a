package dev.seiche.metrics.curvature;

import dev.seiche.nn.ParameterVector;
import java.util.List;

/** How vectors and subspaces lie to each other. Bases are orthonormal. Pure functions. */
public final class Subspaces {
    private Subspaces() {}

    /**
     * |P g|^2 / |g|^2 with P the projection on a basis, in [0, 1]: for the top k eigenvectors of the Hessian, how much of the
     * gradient is in the sharp subspace. Gur-Ari, Roberts, Dyer, "Gradient descent happens in a tiny subspace", 2018. A random
     * vector has k / M.
     */
    public static double overlap(List<ParameterVector> basis, ParameterVector g) {
        double inside = 0;
        for (ParameterVector v : basis) {
            double along = v.dot(g);
            inside += along * along;
        }
        return inside / g.dot(g);
    }

    /** The mean squared cosine of principal angles of two subspaces of the same dimension, in [0, 1]: 1 where they are equal. */
    public static double overlap(List<ParameterVector> a, List<ParameterVector> b) {
        double sum = 0;
        for (ParameterVector v : a) {
            for (ParameterVector u : b) {
                double along = v.dot(u);
                sum += along * along;
            }
        }
        return sum / Math.min(a.size(), b.size());
    }
}
