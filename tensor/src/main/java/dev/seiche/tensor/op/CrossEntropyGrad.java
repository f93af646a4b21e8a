package dev.seiche.tensor.op;

import dev.seiche.tensor.Op;
import dev.seiche.tensor.TensorType;
import dev.seiche.tensor.Value;
import java.util.List;

/**
 * {@code dx[..., c] = dy[...] (softmax(x[...])[c] - (c = labels[...]))}, the gradient of {@link CrossEntropy}: what
 * {@code sub(mul(softmax(x, -1), dy), unpick(dy, labels, C))} computes, dy with a last axis of size 1 in the product.
 */
public record CrossEntropyGrad() implements Op, FusedOp {
    @Override
    public List<String> inputNames() {
        return List.of("x", "labels", "dy");
    }

    @Override
    public TensorType infer(List<? extends Value> in) {
        Check.arity(this, 3, in);
        Check.rows(this, in);
        Check.sameDType(this, List.of(in.get(0), in.get(2)));
        boolean fits = in.get(2).shape().equals(in.get(1).shape());
        Check.that(
                fits,
                this,
                "dy " + in.get(2).shape() + " and labels " + in.get(1).shape() + " differ",
                in);
        return in.get(0).type();
    }
}
