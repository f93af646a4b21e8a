package dev.seiche.tensor.ops;

import dev.seiche.tensor.Shape;
import dev.seiche.tensor.op.Place;
import dev.seiche.tensor.op.Slice;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/** Attributes of movement ops worked out from what the user names. */
final class Dims {
    private Dims() {}

    static List<Integer> list(int... values) {
        return IntStream.of(values).boxed().toList();
    }

    static Shape resolve(Shape from, int... dims) {
        int[] out = dims.clone();
        int open = -1;
        long known = 1;
        for (int k = 0; k < out.length; k++) {
            if (out[k] != -1) {
                known *= out[k];
            } else if (open >= 0) {
                throw new IllegalArgumentException("reshape: only one size may be -1, got " + list(dims));
            } else {
                open = k;
            }
        }
        if (open >= 0) {
            if (known == 0 || from.size() % known != 0) {
                throw new IllegalArgumentException("reshape: " + from + " has " + from.size() + " elements, which "
                        + list(dims) + " does not divide");
            }
            out[open] = Math.toIntExact(from.size() / known);
        }
        return Shape.of(out);
    }

    static Slice slice(Shape x, int axis, int start, int stop) {
        List<Integer> from = new ArrayList<>();
        List<Integer> to = new ArrayList<>();
        List<Integer> by = new ArrayList<>();
        for (int k = 0; k < x.rank(); k++) {
            from.add(k == axis ? start : 0);
            to.add(k == axis ? stop : x.dim(k));
            by.add(1);
        }
        return new Slice(from, to, by);
    }

    static Place pad(Shape x, int[] before, int[] after) {
        if (before.length != x.rank() || after.length != x.rank()) {
            throw new IllegalArgumentException("pad: shape " + x + " needs " + x.rank()
                    + " amounts before and after, got " + before.length + " and " + after.length);
        }
        int[] into = new int[x.rank()];
        int[] step = new int[x.rank()];
        for (int k = 0; k < into.length; k++) {
            into[k] = before[k] + x.dim(k) + after[k];
            step[k] = 1;
        }
        return new Place(Shape.of(into), list(before), list(step));
    }
}
