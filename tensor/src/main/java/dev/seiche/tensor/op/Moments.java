package dev.seiche.tensor.op;

import dev.seiche.tensor.Op;
import dev.seiche.tensor.Shape;
import dev.seiche.tensor.TensorType;
import dev.seiche.tensor.Value;
import java.util.List;

/**
 * {@code y[0] = mean of x, y[1] = its biased variance}, over some axes, which are dropped: y is {@code [2, ...]} of the others.
 * What {@code mean}, {@code sub} and {@code square} compute in five passes. The variance of equal elements is 0 up to
 * rounding. No elements have no moments: an error.
 *
 * <p>{@code dx = (dy[0] + 2 (x - mean) dy[1]) / n}.
 *
 * @param axes from the front, ascending
 */
public record Moments(List<Integer> axes) implements Op {
    public Moments {
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
        Shape shape = in.get(0).shape();
        Check.axes(this, axes, shape, in);
        for (int axis : axes) {
            Check.that(shape.dim(axis) > 0, this, "axis " + axis + " of size 0 has no mean", in);
        }
        return in.get(0).type().withShape(Shape.of(2).concat(shape.reduce(axes, false)));
    }
}
