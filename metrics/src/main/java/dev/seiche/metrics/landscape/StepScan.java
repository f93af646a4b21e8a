package dev.seiche.metrics.landscape;

import dev.seiche.nn.Evaluation;
import dev.seiche.nn.Objective;
import dev.seiche.nn.ParameterVector;
import dev.seiche.tensor.Scope;
import java.util.Arrays;

/**
 * Loss and gradient along the ray w - eta g, for several eta: how far a step could be trusted. Santurkar, Tsipras, Ilyas,
 * Madry, "How does batch normalization help optimization?", 2018. Immutable; arrays are shared and must not be changed.
 *
 * @param rates     eta, above 0
 * @param losses    L(w - eta g)
 * @param distances |grad L(w) - grad L(w - eta g)|, in units of the gradient
 * @param loss      L(w)
 * @param norm      |g|
 */
@SuppressWarnings("ArrayRecordComponent") // numeric, handed on, never compared
public record StepScan(double[] rates, double[] losses, double[] distances, double loss, double norm) {

    /**
     * Evaluates one gradient for each rate.
     *
     * @param gradient of the objective at the weights
     */
    public static StepScan of(
            Objective objective,
            ParameterVector weights,
            double loss,
            ParameterVector gradient,
            double[] rates,
            Scope scope) {
        double[] losses = new double[rates.length];
        double[] distances = new double[rates.length];
        for (int k = 0; k < rates.length; k++) {
            try (Scope step = scope.child("scan")) {
                Evaluation there = objective.evaluate(weights.addScaled(-rates[k], gradient, step), step);
                losses[k] = there.loss();
                distances[k] = there.gradient().subtract(gradient, step).norm();
            }
        }
        return new StepScan(rates.clone(), losses, distances, loss, gradient.norm());
    }

    /** The largest of the distances: the upper end of gradient predictiveness; the lower is 0 where rates are small. */
    public double predictiveness() {
        return Arrays.stream(distances).max().orElse(Double.NaN);
    }

    /**
     * Effective beta-smoothness, the largest |grad L(w) - grad L(w - eta g)| / |eta g|, in units of 1/learning rate. On a
     * quadratic |Hg|/|g|, whatever the rates; never above the largest |eigenvalue| along the ray.
     */
    public double effectiveSmoothness() {
        double most = Double.NaN;
        for (int k = 0; k < rates.length; k++) {
            double ratio = distances[k] / (rates[k] * norm);
            most = Double.isNaN(most) ? ratio : Math.max(most, ratio);
        }
        return most;
    }

    /** Relative progress of the step with rate k, as {@link #relativeProgress(double, double, double, double)}. */
    public double relativeProgress(int k) {
        return relativeProgress(loss, losses[k], rates[k], norm * norm);
    }

    /**
     * (L+ - L) / (eta |g|^2): -1 for a small step of gradient descent, -1 + eta q / 2 on a quadratic of curvature q along g,
     * near 0 in unstable convergence, positive where the loss rises. Ahn, Zhang, Sra 2022.
     */
    public static double relativeProgress(double before, double after, double rate, double squaredNorm) {
        return (after - before) / (rate * squaredNorm);
    }
}
