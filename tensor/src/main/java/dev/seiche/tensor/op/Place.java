package dev.seiche.tensor.op;

import dev.seiche.tensor.Op;
import dev.seiche.tensor.Shape;
import dev.seiche.tensor.TensorType;
import dev.seiche.tensor.Value;
import java.util.List;

/**
 * x placed into zeros of shape {@code into}: element i of axis k goes to {@code start[k] + i * step[k]}. The adjoint of
 * {@link Slice}; zero padding is a Place with step 1. Linear.
 */
public record Place(Shape into, List<Integer> start, List<Integer> step) implements Op {
    public Place {
        start = List.copyOf(start);
        step = List.copyOf(step);
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
        Check.that(
                shape.rank() == into.rank() && start.size() == into.rank() && step.size() == into.rank(),
                this,
                "rank " + shape.rank() + " does not place into " + into,
                in);
        for (int k = 0; k < into.rank(); k++) {
            int last = start.get(k) + (shape.dim(k) - 1) * step.get(k);
            Check.that(
                    start.get(k) >= 0 && step.get(k) >= 1 && (shape.dim(k) == 0 || last < into.dim(k)),
                    this,
                    "axis " + k + ": start " + start.get(k) + " step " + step.get(k) + " and " + shape.dim(k)
                            + " elements do not fit size " + into.dim(k),
                    in);
        }
        return in.get(0).type().withShape(into);
    }
}
