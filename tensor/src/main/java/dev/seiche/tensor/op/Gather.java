package dev.seiche.tensor.op;

import dev.seiche.tensor.Op;
import dev.seiche.tensor.Shape;
import dev.seiche.tensor.TensorType;
import dev.seiche.tensor.Value;
import java.util.List;

/**
 * Takes slices of x by index along one axis: with ids of shape S, axis {@code axis} of x is replaced by S. An embedding
 * look-up is a Gather along axis 0. Ids outside 0..size-1 are an error at run time. Linear in x; its adjoint is
 * {@link ScatterAdd}.
 */
public record Gather(int axis) implements Op {
    @Override
    public List<String> inputNames() {
        return List.of("x", "ids");
    }

    @Override
    public TensorType infer(List<? extends Value> in) {
        Check.arity(this, 2, in);
        Check.ids(this, in.get(1), in);
        Shape x = in.get(0).shape();
        Check.axis(this, axis, x, in);
        Shape shape = x.slice(0, axis).concat(in.get(1).shape()).concat(x.slice(axis + 1, x.rank()));
        return in.get(0).type().withShape(shape);
    }
}
