package dev.seiche.tensor.op;

import dev.seiche.tensor.Op;
import dev.seiche.tensor.TensorType;
import dev.seiche.tensor.Value;
import java.util.List;

/**
 * {@code y = (x - mean) / sqrt(variance + eps)}, mean and biased variance over some axes: layer, group and batch norm before
 * their affine maps. What {@code sub}, {@code meanKeep}, {@code square}, {@code sqrt} and {@code div} compute in eleven passes.
 * Elements that are all equal give 0, or NaN where eps is 0. Derivative: see {@link StandardiseGrad}.
 *
 * <p>Whoever needs the mean and the variance themselves, as batch norm's running statistics, asks {@link Moments}.
 *
 * @param eps added to the variance, 0 or more
 * @param axes from the front, ascending
 */
public record Standardise(double eps, List<Integer> axes) implements Op {
    public Standardise {
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
        Check.that(eps >= 0, this, "eps must be 0 or more", in);
        return in.get(0).type();
    }
}
