package dev.seiche.tensor.op;

import dev.seiche.tensor.Op;
import dev.seiche.tensor.Rng;
import dev.seiche.tensor.TensorType;
import dev.seiche.tensor.Value;
import java.util.List;

/**
 * Uniform in [0, 1), from no input: element i is element i of the key's uniform stream of this type, as {@link Rng} defines
 * it, with the same bits on every device.
 */
public record Uniform(Rng rng, TensorType type) implements Op {
    @Override
    public TensorType infer(List<? extends Value> in) {
        Check.arity(this, 0, in);
        Check.floating(this, List.of(type));
        return type;
    }
}
