package dev.seiche.nn.init;

import dev.seiche.tensor.Rng;
import dev.seiche.tensor.Shape;

/**
 * gain * Q, where Q comes from the QR factorisation of a Gaussian matrix with the signs of R's diagonal made positive: then
 * Q is uniform (Haar) among such matrices. A weight [.., in, out] is read as the matrix [taps * in, out]; the shorter side
 * is orthonormal. Householder reflections, in f64.
 */
record Orthogonal(double gain) implements Init {
    Orthogonal {
        if (!(gain >= 0 && gain < Double.POSITIVE_INFINITY)) {
            throw new IllegalArgumentException("init: the gain must be 0 or more and finite, got " + gain);
        }
    }

    @Override
    public double[] values(Rng rng, Shape shape, Fans fans) {
        if (shape.rank() < 2) {
            throw new IllegalArgumentException(
                    "orthogonal init: needs a weight [.., in, out], got shape " + shape + "; give a bias a constant");
        }
        int columns = shape.dim(-1);
        int rows = Math.toIntExact(shape.size() / Math.max(1, columns));
        boolean wide = columns > rows;
        int tall = Math.max(rows, columns);
        int narrow = Math.min(rows, columns);
        // vectors[j] is column j of the tall matrix: reflections then run along contiguous memory
        double[][] vectors = gaussianColumns(rng, tall, narrow);
        double[][] q = orthonormal(vectors, tall);
        double[] out = new double[rows * columns];
        for (int j = 0; j < narrow; j++) {
            for (int i = 0; i < tall; i++) {
                out[wide ? j * columns + i : i * columns + j] = gain * q[j][i];
            }
        }
        return out;
    }

    private static double[][] gaussianColumns(Rng rng, int length, int count) {
        double[][] columns = new double[count][length];
        for (int j = 0; j < count; j++) {
            rng.fold(j).normal(columns[j]);
        }
        return columns;
    }

    /** Columns of Q for the matrix with these columns, which are overwritten by the reflections. */
    private static double[][] orthonormal(double[][] columns, int length) {
        int count = columns.length;
        double[] sign = new double[count];
        for (int k = 0; k < count; k++) {
            double[] v = columns[k];
            double norm = Math.sqrt(dot(v, v, k));
            sign[k] = v[k] > 0 ? -1 : 1; // R[k][k] = sign * norm, chosen against cancellation
            v[k] -= sign[k] * norm;
            normalise(v, k);
            for (int j = k + 1; j < count; j++) {
                reflect(v, columns[j], k);
            }
        }
        double[][] q = new double[count][length];
        for (int j = 0; j < count; j++) {
            q[j][j] = sign[j]; // turns R's diagonal positive
            for (int k = j; k >= 0; k--) {
                reflect(columns[k], q[j], k);
            }
        }
        return q;
    }

    private static void normalise(double[] v, int from) {
        double norm = Math.sqrt(dot(v, v, from));
        for (int i = from; norm > 0 && i < v.length; i++) {
            v[i] /= norm;
        }
    }

    /** x minus 2 v (v.x), both from element {@code from} on. */
    private static void reflect(double[] v, double[] x, int from) {
        double twice = 2 * dot(v, x, from);
        for (int i = from; i < x.length; i++) {
            x[i] -= twice * v[i];
        }
    }

    private static double dot(double[] a, double[] b, int from) {
        double sum = 0;
        for (int i = from; i < a.length; i++) {
            sum += a[i] * b[i];
        }
        return sum;
    }
}
