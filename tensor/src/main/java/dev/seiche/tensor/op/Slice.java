package dev.seiche.tensor.op;

import dev.seiche.tensor.Layout;
import dev.seiche.tensor.Shape;
import dev.seiche.tensor.TensorType;
import dev.seiche.tensor.Value;
import dev.seiche.tensor.ViewOp;
import java.util.List;

/**
 * Every {@code step[k]}-th element of axis k from {@code start[k]} (inclusive) to {@code stop[k]} (exclusive). A view.
 * Linear; its adjoint is {@link Place}.
 */
public record Slice(List<Integer> start, List<Integer> stop, List<Integer> step) implements ViewOp {
    public Slice {
        start = List.copyOf(start);
        stop = List.copyOf(stop);
        step = List.copyOf(step);
    }

    @Override
    public List<String> inputNames() {
        return List.of("x");
    }

    @Override
    public TensorType infer(List<? extends Value> in) {
        Check.arity(this, 1, in);
        Shape shape = in.get(0).shape();
        int rank = shape.rank();
        Check.that(
                start.size() == rank && stop.size() == rank && step.size() == rank,
                this,
                "needs start, stop and step for each of " + rank + " axes",
                in);
        return in.get(0).type().withShape(result(shape, in));
    }

    private Shape result(Shape shape, List<? extends Value> in) {
        int[] dims = new int[shape.rank()];
        for (int k = 0; k < dims.length; k++) {
            int from = start.get(k);
            int to = stop.get(k);
            Check.that(
                    from >= 0 && from <= to && to <= shape.dim(k) && step.get(k) >= 1,
                    this,
                    "axis " + k + ": " + from + ".." + to + " step " + step.get(k) + " does not fit size "
                            + shape.dim(k),
                    in);
            dims[k] = (to - from + step.get(k) - 1) / step.get(k);
        }
        return Shape.of(dims);
    }

    @Override
    public Layout view(Layout input) {
        int rank = start.size();
        int[] dims = new int[rank];
        int[] from = new int[rank];
        int[] by = new int[rank];
        for (int k = 0; k < rank; k++) {
            from[k] = start.get(k);
            by[k] = step.get(k);
            dims[k] = (stop.get(k) - from[k] + by[k] - 1) / by[k];
        }
        return input.slice(Shape.of(dims), from, by);
    }
}
