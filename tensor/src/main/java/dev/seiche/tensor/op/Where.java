package dev.seiche.tensor.op;

import dev.seiche.tensor.Op;
import dev.seiche.tensor.Shape;
import dev.seiche.tensor.ShapeException;
import dev.seiche.tensor.TensorType;
import dev.seiche.tensor.Value;
import java.util.List;

/** {@code y = a} where the mask is not 0, else b. All three broadcast. No derivative flows to the mask. */
public record Where() implements Op {
    @Override
    public List<String> inputNames() {
        return List.of("mask", "a", "b");
    }

    @Override
    public TensorType infer(List<? extends Value> in) {
        Check.arity(this, 3, in);
        Check.floating(this, in);
        Check.sameDType(this, in);
        Shape ab = Shape.broadcast(in.get(1).shape(), in.get(2).shape());
        Shape all = ab == null ? null : Shape.broadcast(in.get(0).shape(), ab);
        if (all == null) {
            throw ShapeException.of(this, "shapes do not broadcast", in);
        }
        return in.get(1).type().withShape(all);
    }
}
