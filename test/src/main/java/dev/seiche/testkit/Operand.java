package dev.seiche.testkit;

import dev.seiche.tensor.DType;
import dev.seiche.tensor.Rng;
import dev.seiche.tensor.Scope;
import dev.seiche.tensor.Shape;
import dev.seiche.tensor.Tensor;

/**
 * One input of an op under test: its shape and where its values come from.
 *
 * @param kind how values are drawn; see the factories
 * @param low lower end of the range, the offset of a grid, or unused for ids
 * @param high upper end of the range, the step of a grid, or the bound of ids (exclusive)
 */
public record Operand(Shape shape, Kind kind, double low, double high) {
    /** Where values come from. */
    public enum Kind {
        UNIFORM,
        GRID,
        DISTINCT,
        MASK,
        IDS
    }

    /** Uniform in [low, high). */
    public static Operand uniform(Shape shape, double low, double high) {
        return new Operand(shape, Kind.UNIFORM, low, high);
    }

    /**
     * {@code offset + step * k} with k in -10..10: keeps finite differences away from kinks, which sit at other offsets.
     */
    public static Operand grid(Shape shape, double offset, double step) {
        return new Operand(shape, Kind.GRID, offset, step);
    }

    /** All elements different, at least 0.01 apart, in random order: for maxima without ties. */
    public static Operand distinct(Shape shape) {
        return new Operand(shape, Kind.DISTINCT, 0, 0);
    }

    /** 0 or 1. */
    public static Operand mask(Shape shape) {
        return new Operand(shape, Kind.MASK, 0, 1);
    }

    /** i32 ids in 0..bound-1, repeats likely. */
    public static Operand ids(Shape shape, int bound) {
        return new Operand(shape, Kind.IDS, 0, bound);
    }

    /** True when a derivative with respect to this operand may be asked for. */
    public boolean differentiable() {
        return kind != Kind.IDS && kind != Kind.MASK;
    }

    /** The values, a function of the key only. */
    public double[] values(Rng rng) {
        int n = Math.toIntExact(shape.size());
        double[] out = new double[n];
        int[] order = kind == Kind.DISTINCT ? rng.permutation(n) : new int[0];
        for (int i = 0; i < n; i++) {
            out[i] = switch (kind) {
                case UNIFORM -> low + (high - low) * rng.uniform(i);
                case GRID -> low + high * (rng.below(i, 21) - 10);
                case DISTINCT -> 0.01 * (order[i] - n / 2);
                case MASK -> rng.below(i, 2);
                case IDS -> rng.below(i, (int) high);
            };
        }
        return out;
    }

    /** A tensor of the values in {@code dtype}; ids are i32. */
    public Tensor tensor(Scope scope, DType dtype, Rng rng) {
        return scope.tensor(kind == Kind.IDS ? DType.I32 : dtype, shape, values(rng));
    }
}
