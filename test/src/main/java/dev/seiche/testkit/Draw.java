package dev.seiche.testkit;

import dev.seiche.tensor.Rng;
import dev.seiche.tensor.Shape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** A stream of random choices for building op cases: sizes that hurt (1, odd, around vector widths), shapes, attributes. */
public final class Draw {
    private static final int[] SMALL = {1, 2, 3, 4, 5, 7};
    private static final int[] RAGGED = {1, 2, 3, 8, 15, 16, 17, 31, 32, 33, 65};

    private final Rng rng;
    private long next;

    public Draw(Rng rng) {
        this.rng = rng;
    }

    /** An integer in low..high, both included. */
    public int between(int low, int high) {
        return low + rng.below(next++, high - low + 1);
    }

    public boolean chance(double probability) {
        return rng.uniform(next++) < probability;
    }

    public double uniform(double low, double high) {
        return low + (high - low) * rng.uniform(next++);
    }

    /** A small size, 1 to 7. */
    public int dim() {
        return SMALL[between(0, SMALL.length - 1)];
    }

    /** A size around the widths that kernels block by, now and then 257. */
    public int ragged() {
        return chance(0.05) ? 257 : RAGGED[between(0, RAGGED.length - 1)];
    }

    /** A shape of this rank; the last axis is ragged, the others small. */
    public Shape shape(int rank) {
        int[] dims = new int[rank];
        for (int k = 0; k < rank; k++) {
            dims[k] = k == rank - 1 ? ragged() : dim();
        }
        return Shape.of(dims);
    }

    /** A shape of rank 0 to 4. */
    public Shape shape() {
        return shape(between(0, 4));
    }

    /** A shape that broadcasts to {@code target}: some axes of size 1, some leading axes left out. */
    public Shape stretchable(Shape target) {
        int from = chance(0.5) ? 0 : between(0, target.rank());
        int[] dims = new int[target.rank() - from];
        for (int k = 0; k < dims.length; k++) {
            dims[k] = chance(0.3) ? 1 : target.dim(from + k);
        }
        return Shape.of(dims);
    }

    /** Some axes of a shape, ascending; at least {@code atLeast} of them. */
    public List<Integer> axes(Shape shape, int atLeast) {
        List<Integer> axes = new ArrayList<>();
        for (int k = 0; k < shape.rank(); k++) {
            if (chance(0.5)) {
                axes.add(k);
            }
        }
        while (axes.size() < atLeast) {
            int axis = between(0, shape.rank() - 1);
            if (!axes.contains(axis)) {
                axes.add(axis);
            }
        }
        axes.sort(null);
        return axes;
    }

    /** A random order of 0..n-1. */
    public List<Integer> permutation(int n) {
        return Arrays.stream(rng.fold(next++).permutation(n)).boxed().toList();
    }
}
