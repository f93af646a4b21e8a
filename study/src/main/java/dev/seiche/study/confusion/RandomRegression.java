package dev.seiche.study.confusion;

import dev.seiche.tensor.Rng;

/**
 * SGD with single samples on linear regression with Gaussian inputs and targets: figure 1 of Sankararaman et al. 2020. The loss
 * of sample i is r_i^2/2 with r_i = x_i'w - y_i, its gradient r_i x_i; so cosines of gradients are, but for signs, those of the
 * inputs.
 */
final class RandomRegression {
    private final double[][] inputs;
    private final double[] targets;
    private final double[] weights;

    RandomRegression(int samples, int dimensions, Rng rng) {
        inputs = new double[samples][dimensions];
        targets = new double[samples];
        weights = new double[dimensions];
        rng.fold("targets").normal(targets);
        for (int i = 0; i < samples; i++) {
            rng.fold("inputs").fold(i).normal(inputs[i]);
        }
    }

    /** One step with one sample, drawn with replacement. */
    void step(double rate, long t, Rng rng) {
        int i = rng.below(t, inputs.length);
        double residual = residual(i);
        for (int j = 0; j < weights.length; j++) {
            weights[j] -= rate * residual * inputs[i][j];
        }
    }

    private double residual(int i) {
        return dot(inputs[i], weights) - targets[i];
    }

    /** Mean over samples. */
    double loss() {
        double sum = 0;
        for (int i = 0; i < inputs.length; i++) {
            sum += 0.5 * residual(i) * residual(i);
        }
        return sum / inputs.length;
    }

    /** Inner products of the gradients of all pairs of samples. */
    double[][] gram() {
        int n = inputs.length;
        double[][] gram = new double[n][n];
        for (int i = 0; i < n; i++) {
            for (int j = 0; j < n; j++) {
                gram[i][j] = residual(i) * residual(j) * dot(inputs[i], inputs[j]);
            }
        }
        return gram;
    }

    /** Inner products of the inputs. */
    double[][] inputGram() {
        int n = inputs.length;
        double[][] gram = new double[n][n];
        for (int i = 0; i < n; i++) {
            for (int j = 0; j < n; j++) {
                gram[i][j] = dot(inputs[i], inputs[j]);
            }
        }
        return gram;
    }

    private static double dot(double[] a, double[] b) {
        double sum = 0;
        for (int j = 0; j < a.length; j++) {
            sum += a[j] * b[j];
        }
        return sum;
    }
}
