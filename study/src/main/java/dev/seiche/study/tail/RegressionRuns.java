package dev.seiche.study.tail;

import dev.seiche.tensor.Rng;
import java.util.Arrays;

/**
 * SGD with a constant rate on linear regression, many times over: y = a'x + 3 N(0, 1) with a ~ N(0, I) and x ~ N(0, 9 I), as in
 * Gurbuzbalaban, Simsekli, Zhu, ICML 2021. The loss of a sample is (a'w - y)^2 / 2. Runs start at 0 and draw samples with
 * replacement. Plain numbers: a network would only be slower.
 */
final class RegressionRuns {
    private static final double DEVIATION = 3;

    private final double[][] inputs;
    private final double[] targets;
    private final double[] solution;

    /**
     * Draws data.
     *
     * @param samples    more than dimensions
     * @param dimensions of a
     */
    RegressionRuns(int samples, int dimensions, Rng rng) {
        inputs = new double[samples][dimensions];
        targets = new double[samples];
        double[] truth = new double[dimensions];
        double[] noise = new double[samples];
        rng.fold("truth").normal(truth);
        rng.fold("noise").normal(noise);
        for (int i = 0; i < samples; i++) {
            rng.fold("input").fold(i).normal(inputs[i]);
            targets[i] = DEVIATION * (dot(inputs[i], truth) + noise[i]);
        }
        solution = leastSquares();
    }

    /** The weights of least mean loss. */
    double[] solution() {
        return solution.clone();
    }

    /** The mean of the iterates of the second half of one run; not finite where it diverged. */
    double[] run(double rate, int batch, int steps, Rng rng) {
        int dimensions = solution.length;
        double[] w = new double[dimensions];
        double[] gradient = new double[dimensions];
        double[] mean = new double[dimensions];
        int from = steps / 2;
        for (int t = 0; t < steps; t++) {
            Arrays.fill(gradient, 0);
            for (int k = 0; k < batch; k++) {
                int i = rng.below((long) t * batch + k, inputs.length);
                double error = dot(inputs[i], w) - targets[i];
                for (int j = 0; j < dimensions; j++) {
                    gradient[j] += error * inputs[i][j];
                }
            }
            for (int j = 0; j < dimensions; j++) {
                w[j] -= rate / batch * gradient[j];
                mean[j] += t < from ? 0 : w[j] / (steps - from);
            }
        }
        return mean;
    }

    /** By the normal equations and Gaussian elimination: far more samples than dimensions make them well conditioned. */
    private double[] leastSquares() {
        int d = inputs[0].length;
        double[][] a = new double[d][d + 1];
        for (int i = 0; i < inputs.length; i++) {
            for (int r = 0; r < d; r++) {
                for (int c = 0; c < d; c++) {
                    a[r][c] += inputs[i][r] * inputs[i][c];
                }
                a[r][d] += inputs[i][r] * targets[i];
            }
        }
        for (int p = 0; p < d; p++) {
            for (int r = p + 1; r < d; r++) {
                double factor = a[r][p] / a[p][p];
                for (int c = p; c <= d; c++) {
                    a[r][c] -= factor * a[p][c];
                }
            }
        }
        double[] x = new double[d];
        for (int r = d - 1; r >= 0; r--) {
            double rest = a[r][d];
            for (int c = r + 1; c < d; c++) {
                rest -= a[r][c] * x[c];
            }
            x[r] = rest / a[r][r];
        }
        return x;
    }

    private static double dot(double[] a, double[] b) {
        double sum = 0;
        for (int j = 0; j < a.length; j++) {
            sum += a[j] * b[j];
        }
        return sum;
    }
}
