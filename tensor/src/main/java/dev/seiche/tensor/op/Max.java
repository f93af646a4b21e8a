package dev.seiche.tensor.op;

import dev.seiche.tensor.Op;
import dev.seiche.tensor.TensorType;
import dev.seiche.tensor.Value;
import java.util.List;

/**
 * {@code y = max of x over the axes}. NaN if any element is NaN. Equal maxima share the derivative evenly. An empty maximum is an error.
 *
 * @param axes ascending, from the front; none reduces nothing
 * @param keepDims keep reduced axes at size 1
 */
public record Max(List<Integer> axes, boolean keepDims) implements Op {
    public Max {
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
        for (int axis : axes) {
            Check.that(
                    in.get(0).shape().dim(axis) > 0,
                    this,
                    "the maximum over axis " + axis + " of size 0 is undefined",
                    in);
        }
        return in.get(0).type().withShape(in.get(0).shape().reduce(axes, keepDims));
    }
}
