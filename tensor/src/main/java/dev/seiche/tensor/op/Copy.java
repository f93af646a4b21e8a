package dev.seiche.tensor.op;

import dev.seiche.tensor.Op;
import dev.seiche.tensor.TensorType;
import dev.seiche.tensor.Value;
import java.util.List;

/** {@code y = x}: the same elements in fresh contiguous memory, of any dtype. What a view becomes when it must be laid out. */
public record Copy() implements Op {
    @Override
    public List<String> inputNames() {
        return List.of("x");
    }

    @Override
    public TensorType infer(List<? extends Value> in) {
        Check.arity(this, 1, in);
        return in.get(0).type();
    }
}
