package dev.seiche.tensor.op;

import dev.seiche.tensor.DType;
import dev.seiche.tensor.Op;
import dev.seiche.tensor.Shape;
import dev.seiche.tensor.ShapeException;
import dev.seiche.tensor.Value;
import java.util.List;

/** The operand checks that several ops share. Each throws a {@link ShapeException} that names the op and operands. */
final class Check {
    private Check() {}

    static void arity(Op op, int expected, List<? extends Value> in) {
        if (in.size() != expected) {
            throw ShapeException.of(op, "takes " + expected + " input(s), got " + in.size(), in);
        }
    }

    static void floating(Op op, List<? extends Value> in) {
        for (Value value : in) {
            if (!value.dtype().floating()) {
                throw ShapeException.of(op, "needs f32 or f64, got " + value.dtype() + "; convert with cast", in);
            }
        }
    }

    static void sameDType(Op op, List<? extends Value> in) {
        for (Value value : in) {
            if (value.dtype() != in.get(0).dtype()) {
                throw ShapeException.of(
                        op,
                        "dtypes differ: " + in.get(0).dtype() + " and " + value.dtype() + "; convert with cast",
                        in);
            }
        }
    }

    static void ids(Op op, Value ids, List<? extends Value> in) {
        if (ids.dtype() != DType.I32) {
            throw ShapeException.of(op, "ids are " + ids.dtype() + ", must be i32; convert with cast", in);
        }
    }

    /** Floating x[..., C] in 0, i32 labels[...] of its rows in 1. */
    static void rows(Op op, List<? extends Value> in) {
        floating(op, in.subList(0, 1));
        ids(op, in.get(1), in);
        Shape x = in.get(0).shape();
        Shape labels = in.get(1).shape();
        boolean fits =
                x.rank() == labels.rank() + 1 && x.slice(0, labels.rank()).equals(labels);
        that(fits, op, "labels " + labels + " are not one for each row of x " + x, in);
    }

    static void rank(Op op, String name, Value value, int rank, List<? extends Value> in) {
        if (value.shape().rank() != rank) {
            throw ShapeException.of(op, name + " has rank " + value.shape().rank() + ", must have rank " + rank, in);
        }
    }

    static void axes(Op op, List<Integer> axes, Shape shape, List<? extends Value> in) {
        int last = -1;
        for (int axis : axes) {
            if (axis <= last || axis >= shape.rank()) {
                throw ShapeException.of(
                        op, "axes " + axes + " must be distinct, ascending and below rank " + shape.rank(), in);
            }
            last = axis;
        }
    }

    static void axis(Op op, int axis, Shape shape, List<? extends Value> in) {
        if (axis < 0 || axis >= shape.rank()) {
            throw ShapeException.of(op, "axis " + axis + " is out of range for rank " + shape.rank(), in);
        }
    }

    static void that(boolean holds, Op op, String reason, List<? extends Value> in) {
        if (!holds) {
            throw ShapeException.of(op, reason, in);
        }
    }
}
