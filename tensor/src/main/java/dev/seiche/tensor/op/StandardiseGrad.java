package dev.seiche.tensor.op;

import dev.seiche.tensor.Op;
import dev.seiche.tensor.TensorType;
import dev.seiche.tensor.Value;
import java.util.List;

/**
 * {@code dx = (dy - mean(dy) - y mean(dy y)) / sqrt(variance + eps)} for y = {@link Standardise} of x, means over the same
 * axes; the Jacobian is its own adjoint. What {@code sub}, {@code mul}, {@code meanKeep} and {@code div} compute from x, y
 * and dy.
 */
public record StandardiseGrad(double eps, List<Integer> axes) implements Op, FusedOp {
    public StandardiseGrad {
        axes = List.copyOf(axes);
    }

    @Override
    public List<String> inputNames() {
        return List.of("x", "dy");
    }

    @Override
    public TensorType infer(List<? extends Value> in) {
        Check.arity(this, 2, in);
        Check.floating(this, in);
        Check.sameDType(this, in);
        Check.axes(this, axes, in.get(0).shape(), in);
        Check.that(eps >= 0, this, "eps must be 0 or more", in);
        Check.that(in.get(1).shape().equals(in.get(0).shape()), this, "x and dy differ in shape", in);
        return in.get(0).type();
    }
}
