package dev.seiche.nn.init;

import dev.seiche.tensor.Rng;
import dev.seiche.tensor.Shape;
import java.util.Arrays;

/** The same value everywhere. */
record Constant(double value) implements Init {
    @Override
    public double[] values(Rng rng, Shape shape, Fans fans) {
        double[] out = new double[Math.toIntExact(shape.size())];
        Arrays.fill(out, value);
        return out;
    }
}
