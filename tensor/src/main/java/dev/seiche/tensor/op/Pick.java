package dev.seiche.tensor.op;

import dev.seiche.tensor.Op;
import dev.seiche.tensor.Shape;
import dev.seiche.tensor.TensorType;
import dev.seiche.tensor.Value;
import java.util.List;

/**
 * One element of each row: {@code y[...] = x[..., ids[...]]}. What a cross-entropy takes from the log-probabilities.
 * Ids outside 0..C-1 are an error at run time. Linear in x; its adjoint is {@link Unpick}.
 */
public record Pick() implements Op {
    @Override
    public List<String> inputNames() {
        return List.of("x", "ids");
    }

    @Override
    public TensorType infer(List<? extends Value> in) {
        Check.arity(this, 2, in);
        Check.ids(this, in.get(1), in);
        Shape x = in.get(0).shape();
        Shape ids = in.get(1).shape();
        boolean fits = x.rank() == ids.rank() + 1 && x.slice(0, ids.rank()).equals(ids);
        Check.that(fits, this, "ids " + ids + " do not index the rows of x " + x, in);
        return in.get(0).type().withShape(ids);
    }
}
