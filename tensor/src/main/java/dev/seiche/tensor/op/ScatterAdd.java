package dev.seiche.tensor.op;

import dev.seiche.tensor.Op;
import dev.seiche.tensor.Shape;
import dev.seiche.tensor.TensorType;
import dev.seiche.tensor.Value;
import java.util.List;

/**
 * Adds slices of {@code src} into zeros by index along one axis of size {@code size}: the adjoint of {@link Gather}.
 * Repeated ids add up in the order of their positions. Linear in src.
 */
public record ScatterAdd(int axis, int size) implements Op {
    @Override
    public List<String> inputNames() {
        return List.of("src", "ids");
    }

    @Override
    public TensorType infer(List<? extends Value> in) {
        Check.arity(this, 2, in);
        Check.ids(this, in.get(1), in);
        Shape src = in.get(0).shape();
        Shape ids = in.get(1).shape();
        boolean fits = axis >= 0
                && axis + ids.rank() <= src.rank()
                && src.slice(axis, axis + ids.rank()).equals(ids);
        Check.that(fits, this, "src " + src + " does not hold ids " + ids + " from axis " + axis, in);
        Shape shape = src.slice(0, axis).concat(Shape.of(size)).concat(src.slice(axis + ids.rank(), src.rank()));
        return in.get(0).type().withShape(shape);
    }
}
