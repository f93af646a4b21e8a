package dev.seiche.nn.data;

import dev.seiche.tensor.Rng;
import dev.seiche.tensor.Shape;

/**
 * Data sets made from a formula and a key: small, exact, and the same bits everywhere. A longer set of the same key begins
 * with the shorter one, where the examples are random.
 */
public final class Synthetic {

    private Synthetic() {}

    /**
     * Isotropic Gaussian clouds: class c has its centre at separation * N(0, I), its examples are centre + N(0, I). Example
     * i is of class i mod classes, so every stretch of the set is balanced. Inputs [features], targets are labels.
     *
     * @param separation 0 makes the classes the same, 3 and more in several dimensions makes them easy
     */
    public static Dataset gaussianBlobs(Rng rng, int examples, int classes, int features, double separation) {
        positive("examples", examples);
        positive("classes", classes);
        positive("features", features);
        double[] centres = normals(rng.fold("centres"), classes, features);
        double[] inputs = normals(rng.fold("inputs"), examples, features);
        int[] labels = new int[examples];
        for (int i = 0; i < examples; i++) {
            labels[i] = i % classes;
            for (int d = 0; d < features; d++) {
                inputs[i * features + d] += separation * centres[labels[i] * features + d];
            }
        }
        return new Dataset("gaussian-blobs", Column.of(Shape.of(features), inputs), Column.labels(labels));
    }

    /**
     * Regression on a random two-layer tanh network: x ~ N(0, I), y = V tanh(W x) + noise * N(0, I), with W[hidden,
     * features] ~ N(0, 1/features) and V[outputs, hidden] ~ N(0, 1/hidden). Inputs [features], targets [outputs].
     */
    public static Dataset teacherStudent(Rng rng, int examples, int features, int hidden, int outputs, double noise) {
        positive("examples", examples);
        positive("features", features);
        positive("hidden", hidden);
        positive("outputs", outputs);
        double[] w = normals(rng.fold("teacher.w"), hidden, features);
        double[] v = normals(rng.fold("teacher.v"), outputs, hidden);
        double[] inputs = normals(rng.fold("inputs"), examples, features);
        double[] targets = normals(rng.fold("noise"), examples, outputs);
        double[] active = new double[hidden];
        for (int i = 0; i < examples; i++) {
            for (int h = 0; h < hidden; h++) {
                // StrictMath, because Math.tanh may differ between JVMs.
                active[h] = StrictMath.tanh(dot(w, h, inputs, i, features) / Math.sqrt(features));
            }
            for (int o = 0; o < outputs; o++) {
                int at = i * outputs + o;
                targets[at] = dot(v, o, active, 0, hidden) / Math.sqrt(hidden) + noise * targets[at];
            }
        }
        return new Dataset(
                "teacher-student", Column.of(Shape.of(features), inputs), Column.of(Shape.of(outputs), targets));
    }

    /**
     * The Chebyshev polynomial of the first kind T_degree at equally spaced points on [-1, 1], both ends included. Inputs
     * [1], targets [1], in increasing order of x. Nothing is random.
     *
     * @param degree 0 or more
     * @param points 2 or more
     */
    public static Dataset chebyshev(int degree, int points) {
        if (degree < 0 || points < 2) {
            throw new IllegalArgumentException(
                    "chebyshev: needs degree >= 0 and points >= 2, got %d and %d".formatted(degree, points));
        }
        double[] x = new double[points];
        double[] y = new double[points];
        for (int i = 0; i < points; i++) {
            // From integers, so that the points are exactly symmetric about 0 and end at exactly -1 and 1.
            x[i] = (2.0 * i - (points - 1)) / (points - 1);
            y[i] = chebyshev(degree, x[i]);
        }
        return new Dataset("chebyshev-" + degree, Column.of(Shape.of(1), x), Column.of(Shape.of(1), y));
    }

    /** T_0 = 1, T_1 = x, T_(k+1) = 2 x T_k - T_(k-1). */
    private static double chebyshev(int degree, double x) {
        double before = x; // T_(-1) = T_1
        double now = 1;
        for (int k = 0; k < degree; k++) {
            double next = 2 * x * now - before;
            before = now;
            now = next;
        }
        return now;
    }

    private static double[] normals(Rng rng, int rows, int columns) {
        double[] values = new double[Math.multiplyExact(rows, columns)];
        rng.normal(values);
        return values;
    }

    private static double dot(double[] a, int rowOfA, double[] b, int rowOfB, int length) {
        double sum = 0;
        for (int i = 0; i < length; i++) {
            sum += a[rowOfA * length + i] * b[rowOfB * length + i];
        }
        return sum;
    }

    private static void positive(String what, int value) {
        if (value < 1) {
            throw new IllegalArgumentException("synthetic data: %s is at least 1, got %d".formatted(what, value));
        }
    }
}
