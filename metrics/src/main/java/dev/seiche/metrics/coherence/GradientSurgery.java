package dev.seiche.metrics.coherence;

import dev.seiche.nn.ParameterVector;
import dev.seiche.tensor.Rng;
import dev.seiche.tensor.Scope;
import java.util.ArrayList;
import java.util.List;

/**
 * Gradients of several tasks made to agree: of each is taken away what points against another one. PCGrad of Yu, Kumar,
 * Gupta, Levine, Hausman, Finn, "Gradient surgery for multi-task learning", 2020. Pure functions.
 */
public final class GradientSurgery {
    private GradientSurgery() {}

    /** g where g.h >= 0, else g - (g.h / |h|^2) h, which is orthogonal to h; born in {@code scope}. */
    public static ParameterVector project(ParameterVector g, ParameterVector h, Scope scope) {
        double product = g.dot(h);
        return product >= 0 ? g.keep(scope) : g.addScaled(-product / h.dot(h), h, scope);
    }

    /**
     * Each gradient projected off the original ones of all others that it conflicts with, one after the other.
     *
     * @param rng   of the order, drawn for each gradient
     * @param scope of the results
     */
    public static List<ParameterVector> project(List<ParameterVector> gradients, Rng rng, Scope scope) {
        List<ParameterVector> projected = new ArrayList<>();
        for (int i = 0; i < gradients.size(); i++) {
            try (Scope step = scope.child("surgery")) {
                ParameterVector g = gradients.get(i);
                for (int other : rng.fold(i).permutation(gradients.size())) {
                    if (other != i) {
                        g = project(g, gradients.get(other), step);
                    }
                }
                projected.add(g.keep(scope));
            }
        }
        return projected;
    }
}
