package dev.seiche.nn.layer;

import dev.seiche.nn.Forward;
import dev.seiche.nn.Module;
import dev.seiche.tensor.Value;

/** x above 0, else slope * x. */
public record LeakyRelu(double slope) implements Module {

    /** The gain for Kaiming inits: sqrt(2 / (1 + slope^2)). */
    public double gain() {
        return Math.sqrt(2 / (1 + slope * slope));
    }

    @Override
    public <T extends Value> T forward(Forward<T> pass, T x) {
        return pass.ops().leakyRelu(x, slope);
    }
}
