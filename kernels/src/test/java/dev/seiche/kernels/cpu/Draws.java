package dev.seiche.kernels.cpu;

import dev.seiche.tensor.Rng;
import dev.seiche.tensor.Shape;
import java.util.ArrayList;
import java.util.List;

/** A stream of random choices. */
final class Draws {
    /** Around vector widths, tiles and blocks; 0 now and then. */
    private static final int[] SIZES = {0, 1, 1, 2, 3, 5, 8, 10, 15, 16, 17, 31, 33, 64, 65, 130};

    private static final int[] LARGE = {255, 257, 513, 2047, 2049, 4097, 70_000};

    private final Rng rng;
    private long next;

    Draws(long seed) {
        this.rng = Rng.seed(seed).fold("case");
    }

    int below(int bound) {
        return rng.below(next++, bound);
    }

    int size() {
        return SIZES[below(SIZES.length)];
    }

    Shape shape() {
        return shape(below(5));
    }

    /** A shape of this rank, at most some 100 000 elements; one size may be large. */
    Shape shape(int rank) {
        int[] dims = new int[rank];
        for (int k = 0; k < rank; k++) {
            dims[k] = rank > 2 ? Math.min(size(), rank > 3 ? 8 : 17) : size();
        }
        if (rank > 0 && below(4) == 0) {
            for (int k = 0; k < rank; k++) {
                dims[k] = Math.min(dims[k], 3);
            }
            dims[below(rank)] = LARGE[below(rank == 1 && below(4) == 0 ? LARGE.length : LARGE.length - 1)];
        }
        return Shape.of(dims);
    }

    Shape small(int rank) {
        int[] dims = new int[rank];
        for (int k = 0; k < rank; k++) {
            dims[k] = 1 + below(4);
        }
        return Shape.of(dims);
    }

    /** A shape without sizes of 0. */
    Shape filled() {
        return filled(below(5));
    }

    Shape filled(int rank) {
        int[] dims = shape(rank).dims();
        for (int k = 0; k < rank; k++) {
            dims[k] = Math.max(dims[k], 1);
        }
        return Shape.of(dims);
    }

    /** A shape that broadcasts to this one. */
    Shape stretchable(Shape to) {
        int from = below(2) == 0 ? 0 : below(to.rank() + 1);
        int[] dims = new int[to.rank() - from];
        for (int k = 0; k < dims.length; k++) {
            dims[k] = below(3) == 0 ? 1 : to.dim(from + k);
        }
        return Shape.of(dims);
    }

    List<Integer> axes(Shape shape) {
        List<Integer> axes = new ArrayList<>();
        for (int k = 0; k < shape.rank(); k++) {
            if (below(2) == 0) {
                axes.add(k);
            }
        }
        return axes;
    }
}
