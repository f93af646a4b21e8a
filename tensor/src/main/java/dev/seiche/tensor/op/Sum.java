package dev.seiche.tensor.op;

import dev.seiche.tensor.Op;
import dev.seiche.tensor.TensorType;
import dev.seiche.tensor.Value;
import java.util.List;

/**
 * {@code y = sum of x over the axes}. Summed as a tree that depends on sizes only, f32 in f32 lanes with f64 across; an empty sum is 0. Linear.
 *
 * @param axes ascending, from the front; none reduces nothing
 * @param keepDims keep reduced axes at size 1
 */
public record Sum(List<Integer> axes, boolean keepDims) implements Op {
    public Sum {
        axes = List.copyOf(axes);
    }

    @Override
    public List<String> inputNames() {
        return List.of("x");
    }

    @Override
    public TensorType infer(List<? extends Value> in) {
        Check.arity(this, 1, in);
        Check.floating(this, in);
        Check.axes(this, axes, in.get(0).shape(), in);
        return in.get(0).type().withShape(in.get(0).shape().reduce(axes, keepDims));
    }
}
