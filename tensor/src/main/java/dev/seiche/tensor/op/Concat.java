package dev.seiche.tensor.op;

import dev.seiche.tensor.Op;
import dev.seiche.tensor.Shape;
import dev.seiche.tensor.TensorType;
import dev.seiche.tensor.Value;
import java.util.List;

/** The inputs one after the other along one axis; all other axes agree. Any number of inputs from one up. Linear. */
public record Concat(int axis) implements Op {
    @Override
    public TensorType infer(List<? extends Value> in) {
        Check.that(!in.isEmpty(), this, "needs at least one input", in);
        Check.sameDType(this, in);
        Shape first = in.get(0).shape();
        Check.axis(this, axis, first, in);
        int total = 0;
        for (Value value : in) {
            Shape shape = value.shape();
            Check.that(
                    shape.rank() == first.rank()
                            && shape.with(axis, first.dim(axis)).equals(first),
                    this,
                    "shapes differ outside axis " + axis + ": " + first + " and " + shape,
                    in);
            total = Math.addExact(total, shape.dim(axis));
        }
        return in.get(0).type().withShape(first.with(axis, total));
    }
}
