package dev.seiche.tensor.op;

import dev.seiche.tensor.Op;
import dev.seiche.tensor.TensorType;
import dev.seiche.tensor.Value;
import java.util.List;

/** {@code y = x - max - ln sum e^(x - max)} along one axis, without overflow or ln 0. Derivative {@code dy - softmax(x) sum(dy)}. */
public record LogSoftmax(int axis) implements Op {
    @Override
    public List<String> inputNames() {
        return List.of("x");
    }

    @Override
    public TensorType infer(List<? extends Value> in) {
        Check.arity(this, 1, in);
        Check.floating(this, in);
        Check.axis(this, axis, in.get(0).shape(), in);
        return in.get(0).type();
    }
}
