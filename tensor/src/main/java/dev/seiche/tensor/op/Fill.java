package dev.seiche.tensor.op;

import dev.seiche.tensor.Op;
import dev.seiche.tensor.TensorType;
import dev.seiche.tensor.Value;
import java.util.List;

/** A tensor of one value, from no input. */
public record Fill(TensorType type, double value) implements Op {
    public Fill {
        if (!type.dtype().floating() && value != (int) value) {
            throw new IllegalArgumentException("fill: " + value + " is not a value of " + type.dtype());
        }
    }

    @Override
    public TensorType infer(List<? extends Value> in) {
        Check.arity(this, 0, in);
        return type;
    }
}
