package dev.seiche.tensor.op;

import dev.seiche.tensor.Op;
import dev.seiche.tensor.Shape;
import dev.seiche.tensor.TensorType;
import dev.seiche.tensor.Value;
import java.util.List;

/**
 * One element of each row of zeros: {@code y[..., ids[...]] = x[...]}, rows of {@code classes} elements. The adjoint of
 * {@link Pick}; of ones it is the one-hot encoding. Ids outside 0..classes-1 are an error at run time. Linear in x.
 */
public record Unpick(int classes) implements Op {
    @Override
    public List<String> inputNames() {
        return List.of("x", "ids");
    }

    @Override
    public TensorType infer(List<? extends Value> in) {
        Check.arity(this, 2, in);
        Check.ids(this, in.get(1), in);
        Check.floating(this, in.subList(0, 1));
        Shape ids = in.get(1).shape();
        Check.that(in.get(0).shape().equals(ids), this, "x " + in.get(0).shape() + " and ids " + ids + " differ", in);
        return in.get(0).type().withShape(ids.concat(Shape.of(classes)));
    }
}
