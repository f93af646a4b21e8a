package dev.seiche.bench;

import dev.seiche.tensor.Rng;
import dev.seiche.tensor.Shape;

/**
 * Numbers that go into a framework or come out of it, in row-major order, in Seiche's layouts: images NHWC, convolution
 * weights [KH, KW, in, out], linear weights [in, out]. Whoever lays them out differently converts at both ends.
 */
public record Array(String name, Shape shape, float[] values) {
    public Array {
        if (shape.size() != values.length) {
            throw new IllegalArgumentException(
                    "array " + name + shape + ": needs " + shape.size() + " values, got " + values.length);
        }
    }

    /** Normal values of this standard deviation, the same for the same name and size on every machine. */
    static Array normal(String name, double deviation, int... dims) {
        Shape shape = Shape.of(dims);
        double[] drawn = new double[Math.toIntExact(shape.size())];
        Rng.seed(1).fold(name).normal(drawn);
        float[] values = new float[drawn.length];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) (deviation * drawn[i]);
        }
        return new Array(name, shape, values);
    }
}
