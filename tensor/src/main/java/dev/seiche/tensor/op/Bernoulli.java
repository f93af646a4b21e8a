package dev.seiche.tensor.op;

import dev.seiche.tensor.Op;
import dev.seiche.tensor.Rng;
import dev.seiche.tensor.TensorType;
import dev.seiche.tensor.Value;
import java.util.List;

/** 1 with the given probability, else 0, from no input: element i depends on the key and i only. */
public record Bernoulli(Rng rng, double probability, TensorType type) implements Op {
    public Bernoulli {
        if (!(probability >= 0.0 && probability <= 1.0)) {
            throw new IllegalArgumentException("bernoulli: probability " + probability + " is not in [0, 1]");
        }
    }

    @Override
    public TensorType infer(List<? extends Value> in) {
        Check.arity(this, 0, in);
        Check.floating(this, List.of(type));
        return type;
    }
}
