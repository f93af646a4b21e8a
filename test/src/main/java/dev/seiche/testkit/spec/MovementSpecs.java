package dev.seiche.testkit.spec;

import dev.seiche.tensor.Shape;
import dev.seiche.tensor.op.Concat;
import dev.seiche.tensor.op.Expand;
import dev.seiche.tensor.op.Gather;
import dev.seiche.tensor.op.Pick;
import dev.seiche.tensor.op.Place;
import dev.seiche.tensor.op.Reshape;
import dev.seiche.tensor.op.ScatterAdd;
import dev.seiche.tensor.op.Slice;
import dev.seiche.tensor.op.Transpose;
import dev.seiche.tensor.op.Unpick;
import dev.seiche.testkit.Draw;
import dev.seiche.testkit.Literal;
import dev.seiche.testkit.OpSpec;
import dev.seiche.testkit.OpSpec.Drawn;
import dev.seiche.testkit.Operand;
import java.util.ArrayList;
import java.util.List;

/** Specs of the ops that move elements, by position or by id. */
final class MovementSpecs {
    private static final Literal MATRIX = Literal.of(Shape.of(2, 3), 1, 2, 3, 4, 5, 6);

    private MovementSpecs() {}

    static List<OpSpec<?>> all() {
        return List.of(
                OpSpec.of(Reshape.class, d -> {
                    int m = d.dim();
                    int n = d.ragged();
                    return Drawn.of(new Reshape(Shape.of(n, m)), Operand.uniform(Shape.of(m, n), -4, 4));
                }),
                OpSpec.of(Transpose.class, d -> {
                            Shape shape = d.shape();
                            return Drawn.of(new Transpose(d.permutation(shape.rank())), Operand.uniform(shape, -4, 4));
                        })
                        .example(
                                new Transpose(List.of(1, 0)),
                                List.of(MATRIX),
                                Literal.of(Shape.of(3, 2), 1, 4, 2, 5, 3, 6)),
                OpSpec.of(Expand.class, d -> {
                    Shape to = d.shape();
                    return Drawn.of(new Expand(to), Operand.uniform(d.stretchable(to), -4, 4));
                }),
                OpSpec.of(Slice.class, MovementSpecs::slice)
                        .example(
                                new Slice(List.of(0, 0), List.of(2, 3), List.of(1, 2)),
                                List.of(MATRIX),
                                Literal.of(Shape.of(2, 2), 1, 3, 4, 6)),
                OpSpec.of(Place.class, MovementSpecs::place)
                        .example(
                                new Place(Shape.of(5), List.of(1), List.of(2)),
                                List.of(Literal.vector(7, 8)),
                                Literal.vector(0, 7, 0, 8, 0)),
                OpSpec.of(Concat.class, d -> {
                            Shape first = d.shape(d.between(1, 3));
                            int axis = d.between(0, first.rank() - 1);
                            List<Operand> parts = new ArrayList<>();
                            int count = d.between(1, 4);
                            for (int i = 0; i < count; i++) {
                                parts.add(Operand.uniform(first.with(axis, d.dim()), -4, 4));
                            }
                            return new Drawn(new Concat(axis), parts);
                        })
                        .example(
                                new Concat(0),
                                List.of(Literal.vector(1), Literal.vector(2, 3)),
                                Literal.vector(1, 2, 3)),
                OpSpec.of(Gather.class, d -> {
                            Shape x = d.shape(d.between(1, 3));
                            int axis = d.between(0, x.rank() - 1);
                            return Drawn.of(
                                    new Gather(axis), Operand.uniform(x, -4, 4), Operand.ids(smallIds(d), x.dim(axis)));
                        })
                        .example(
                                new Gather(0),
                                List.of(MATRIX, Literal.ids(Shape.of(2), 1, 1)),
                                Literal.of(Shape.of(2, 3), 4, 5, 6, 4, 5, 6)),
                OpSpec.of(ScatterAdd.class, d -> {
                            int size = d.dim();
                            Shape ids = smallIds(d);
                            Shape before = d.chance(0.5) ? Shape.scalar() : Shape.of(d.dim());
                            Shape after = d.chance(0.5) ? Shape.scalar() : Shape.of(d.ragged());
                            return Drawn.of(
                                    new ScatterAdd(before.rank(), size),
                                    Operand.uniform(before.concat(ids).concat(after), -4, 4),
                                    Operand.ids(ids, size));
                        })
                        .terms(c -> c.operands().get(1).shape().size())
                        .example(
                                new ScatterAdd(0, 3),
                                List.of(Literal.vector(1, 2, 4), Literal.ids(Shape.of(3), 2, 0, 2)),
                                Literal.vector(2, 0, 5)),
                OpSpec.of(Pick.class, d -> {
                            Shape ids = smallIds(d);
                            int classes = d.ragged();
                            return Drawn.of(
                                    new Pick(),
                                    Operand.uniform(ids.concat(Shape.of(classes)), -4, 4),
                                    Operand.ids(ids, classes));
                        })
                        .example(new Pick(), List.of(MATRIX, Literal.ids(Shape.of(2), 2, 0)), Literal.vector(3, 4)),
                OpSpec.of(Unpick.class, d -> {
                            Shape ids = smallIds(d);
                            int classes = d.ragged();
                            return Drawn.of(
                                    new Unpick(classes), Operand.uniform(ids, -4, 4), Operand.ids(ids, classes));
                        })
                        .example(
                                new Unpick(3),
                                List.of(Literal.vector(7, 8), Literal.ids(Shape.of(2), 2, 0)),
                                Literal.of(Shape.of(2, 3), 0, 0, 7, 8, 0, 0)));
    }

    static Shape smallIds(Draw d) {
        return d.chance(0.5) ? Shape.of(d.dim()) : Shape.of(d.dim(), d.dim());
    }

    private static Drawn slice(Draw d) {
        Shape shape = d.shape();
        List<Integer> start = new ArrayList<>();
        List<Integer> stop = new ArrayList<>();
        List<Integer> step = new ArrayList<>();
        for (int k = 0; k < shape.rank(); k++) {
            int from = d.between(0, shape.dim(k) - 1);
            start.add(from);
            stop.add(d.between(from, shape.dim(k)));
            step.add(d.between(1, 3));
        }
        return Drawn.of(new Slice(start, stop, step), Operand.uniform(shape, -4, 4));
    }

    private static Drawn place(Draw d) {
        Shape shape = d.shape();
        List<Integer> start = new ArrayList<>();
        List<Integer> step = new ArrayList<>();
        int[] into = new int[shape.rank()];
        for (int k = 0; k < shape.rank(); k++) {
            start.add(d.between(0, 2));
            step.add(d.between(1, 3));
            into[k] = start.get(k) + (shape.dim(k) - 1) * step.get(k) + 1 + d.between(0, 2);
        }
        return Drawn.of(new Place(Shape.of(into), start, step), Operand.uniform(shape, -4, 4));
    }
}
