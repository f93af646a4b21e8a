package dev.seiche.tensor.op;

import dev.seiche.tensor.DType;
import dev.seiche.tensor.Op;
import dev.seiche.tensor.TensorType;
import dev.seiche.tensor.Value;
import java.util.List;

/** {@code y = x} in another dtype: rounds to nearest from f64 to f32; to i32 it truncates toward zero. */
public record Cast(DType to) implements Op {
    @Override
    public List<String> inputNames() {
        return List.of("x");
    }

    @Override
    public TensorType infer(List<? extends Value> in) {
        Check.arity(this, 1, in);
        return new TensorType(to, in.get(0).shape());
    }
}
