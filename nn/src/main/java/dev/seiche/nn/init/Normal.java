package dev.seiche.nn.init;

import dev.seiche.tensor.Rng;
import dev.seiche.tensor.Shape;

/** N(0, deviation^2). */
record Normal(double deviation) implements Init {
    Normal {
        if (!(deviation >= 0 && deviation < Double.POSITIVE_INFINITY)) {
            throw new IllegalArgumentException("init: the deviation must be 0 or more and finite, got " + deviation);
        }
    }

    @Override
    public double[] values(Rng rng, Shape shape, Fans fans) {
        double[] out = new double[Math.toIntExact(shape.size())];
        rng.normal(out);
        for (int i = 0; i < out.length; i++) {
            out[i] *= deviation;
        }
        return out;
    }
}
