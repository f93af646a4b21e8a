package dev.seiche.nn.init;

import dev.seiche.tensor.Rng;
import dev.seiche.tensor.Shape;

/** Uniform on [-bound, bound). */
record Uniform(double bound) implements Init {
    Uniform {
        if (!(bound >= 0 && bound < Double.POSITIVE_INFINITY)) {
            throw new IllegalArgumentException("init: the bound must be 0 or more and finite, got " + bound);
        }
    }

    @Override
    public double[] values(Rng rng, Shape shape, Fans fans) {
        double[] out = new double[Math.toIntExact(shape.size())];
        rng.uniform(out);
        for (int i = 0; i < out.length; i++) {
            out[i] = bound * (2 * out[i] - 1);
        }
        return out;
    }
}
