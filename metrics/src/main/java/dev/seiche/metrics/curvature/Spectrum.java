package dev.seiche.metrics.curvature;

import dev.seiche.nn.ParameterVector;
import java.util.List;

/**
 * Extreme eigenpairs of a symmetric operator, and how well they were found. Always ask {@link #converged} before trusting
 * a value: nothing is thrown when a search ends early. Holds vectors that live in the scope which the search was given.
 *
 * @param largest   by falling value; empty when not asked for
 * @param smallest  by rising value; empty when not asked for
 * @param products  operator applications in all, the final measurements of the residuals included
 * @param restarts  times the basis was full and condensed
 * @param scale     largest |eigenvalue| seen, the stand-in for the operator's norm
 * @param tolerance residuals up to tolerance * scale count as converged
 */
public record Spectrum(
        List<EigenPair> largest, List<EigenPair> smallest, int products, int restarts, double scale, double tolerance) {
    public Spectrum {
        largest = List.copyOf(largest);
        smallest = List.copyOf(smallest);
    }

    /** Whether every pair's measured residual is within the tolerance. */
    public boolean converged() {
        return worstResidual() <= tolerance * scale;
    }

    /** The largest residual |Av - lambda v| of all pairs, in the operator's unit; NaN if any is. */
    public double worstResidual() {
        double worst = 0;
        for (EigenPair pair : largest) {
            worst = Math.max(worst, pair.residual());
        }
        for (EigenPair pair : smallest) {
            worst = Math.max(worst, pair.residual());
        }
        return worst;
    }

    /** The algebraically largest eigenvalue; the search must have asked for it. */
    public double top() {
        return largest.get(0).value();
    }

    /** The vectors of the largest eigenvalues, as a start for the next search on a slightly different operator. */
    public List<ParameterVector> vectors() {
        return largest.stream().map(EigenPair::vector).toList();
    }
}
