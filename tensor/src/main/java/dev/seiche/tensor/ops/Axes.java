package dev.seiche.tensor.ops;

import dev.seiche.tensor.Shape;
import dev.seiche.tensor.Value;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/** Axes as the user names them, turned into what ops take: distinct, ascending, from the front. */
final class Axes {
    private Axes() {}

    static List<Integer> of(Value x, int... axes) {
        IntStream named = axes.length == 0
                ? IntStream.range(0, x.shape().rank())
                : IntStream.of(axes).map(x.shape()::axis);
        return named.sorted().boxed().toList();
    }

    /** Number of elements that one result of a reduction over these axes is made of. */
    static long count(Value x, int... axes) {
        long count = 1;
        for (int axis : of(x, axes)) {
            count *= x.shape().dim(axis);
        }
        return count;
    }

    /** Axes of {@code to} along which broadcasting {@code from} repeats elements. */
    static List<Integer> stretched(Shape from, Shape to) {
        List<Integer> axes = new ArrayList<>();
        int lead = to.rank() - from.rank();
        for (int axis = 0; axis < to.rank(); axis++) {
            if (axis < lead || (from.dim(axis - lead) == 1 && to.dim(axis) != 1)) {
                axes.add(axis);
            }
        }
        return axes;
    }
}
