package dev.seiche.nn.layer;

import dev.seiche.nn.Forward;
import dev.seiche.nn.Module;
import dev.seiche.tensor.Value;

/**
 * In training each element is zeroed with probability {@code rate} and the others scaled by 1 / (1 - rate); evaluating, the
 * identity. Which ones depends on the pass's key and the path of this module, so another layer shifts nothing.
 *
 * @param rate in [0, 1)
 */
public record Dropout(double rate) implements Module {
    public Dropout {
        if (!(rate >= 0 && rate < 1)) {
            throw new IllegalArgumentException("dropout: the rate is at least 0 and below 1, got " + rate);
        }
    }

    @Override
    public <T extends Value> T forward(Forward<T> pass, T x) {
        return pass.training() && rate > 0 ? pass.ops().dropout(x, rate, pass.rng()) : x;
    }
}
