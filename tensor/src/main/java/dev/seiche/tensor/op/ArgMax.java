package dev.seiche.tensor.op;

import dev.seiche.tensor.DType;
import dev.seiche.tensor.Op;
import dev.seiche.tensor.TensorType;
import dev.seiche.tensor.Value;
import java.util.List;

/** Index (i32) of the largest element along one axis, which is dropped; the first of equals, the first NaN if any. */
public record ArgMax(int axis) implements Op {
    @Override
    public List<String> inputNames() {
        return List.of("x");
    }

    @Override
    public TensorType infer(List<? extends Value> in) {
        Check.arity(this, 1, in);
        Check.floating(this, in);
        Check.axis(this, axis, in.get(0).shape(), in);
        Check.that(in.get(0).shape().dim(axis) > 0, this, "axis " + axis + " has size 0", in);
        return new TensorType(DType.I32, in.get(0).shape().reduce(List.of(axis), false));
    }
}
