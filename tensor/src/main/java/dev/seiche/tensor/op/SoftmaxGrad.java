package dev.seiche.tensor.op;

import dev.seiche.tensor.Op;
import dev.seiche.tensor.TensorType;
import dev.seiche.tensor.Value;
import java.util.List;

/**
 * {@code dx = y (dy - sum(y dy))} for y = {@link Softmax} of x, sums along the axis; the Jacobian is its own adjoint. What
 * {@code mul}, {@code sumKeep} and {@code sub} compute from y and dy.
 */
public record SoftmaxGrad(int axis) implements Op, FusedOp {
    @Override
    public List<String> inputNames() {
        return List.of("y", "dy");
    }

    @Override
    public TensorType infer(List<? extends Value> in) {
        Check.arity(this, 2, in);
        Check.floating(this, in);
        Check.sameDType(this, in);
        Check.axis(this, axis, in.get(0).shape(), in);
        Check.that(in.get(1).shape().equals(in.get(0).shape()), this, "y and dy differ in shape", in);
        return in.get(0).type();
    }
}
