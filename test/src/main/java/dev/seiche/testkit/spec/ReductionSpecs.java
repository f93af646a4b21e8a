package dev.seiche.testkit.spec;

import dev.seiche.tensor.Shape;
import dev.seiche.tensor.op.ArgMax;
import dev.seiche.tensor.op.LogSoftmax;
import dev.seiche.tensor.op.LogSoftmaxGrad;
import dev.seiche.tensor.op.Max;
import dev.seiche.tensor.op.Softmax;
import dev.seiche.tensor.op.SoftmaxGrad;
import dev.seiche.tensor.op.Sum;
import dev.seiche.testkit.Literal;
import dev.seiche.testkit.OpCase;
import dev.seiche.testkit.OpSpec;
import dev.seiche.testkit.OpSpec.Drawn;
import dev.seiche.testkit.Operand;
import java.util.List;

/** Specs of the ops that fold, or normalise along, axes. */
final class ReductionSpecs {
    private static final Literal MATRIX = Literal.of(Shape.of(2, 3), 1, 2, 3, 4, 5, 6);

    private ReductionSpecs() {}

    static List<OpSpec<?>> all() {
        return List.of(
                OpSpec.of(Sum.class, d -> {
                            Shape shape = d.shape();
                            return Drawn.of(new Sum(d.axes(shape, 0), d.chance(0.5)), Operand.uniform(shape, -4, 4));
                        })
                        .terms(ReductionSpecs::size)
                        .example(new Sum(List.of(0, 1), false), List.of(MATRIX), Literal.of(Shape.scalar(), 21))
                        .example(new Sum(List.of(0), true), List.of(MATRIX), Literal.of(Shape.of(1, 3), 5, 7, 9)),
                OpSpec.of(Max.class, d -> {
                            Shape shape = d.shape(d.between(1, 3));
                            return Drawn.of(new Max(d.axes(shape, 1), d.chance(0.5)), Operand.distinct(shape));
                        })
                        .example(new Max(List.of(1), false), List.of(MATRIX), Literal.vector(3, 6)),
                OpSpec.of(ArgMax.class, d -> {
                            Shape shape = d.shape(d.between(1, 3));
                            return Drawn.of(new ArgMax(d.between(0, shape.rank() - 1)), Operand.grid(shape, 0, 0.1));
                        })
                        .example(
                                new ArgMax(1),
                                List.of(Literal.of(Shape.of(2, 3), 1, 3, 3, 4, 0, 4)),
                                Literal.ids(Shape.of(2), 1, 0)),
                OpSpec.of(Softmax.class, d -> {
                            Shape shape = d.shape(d.between(1, 3));
                            return Drawn.of(new Softmax(d.between(0, shape.rank() - 1)), Operand.uniform(shape, -4, 4));
                        })
                        .ulps(8)
                        .terms(ReductionSpecs::size)
                        .example(new Softmax(0), List.of(Literal.vector(1000, 1000)), Literal.vector(0.5, 0.5)),
                OpSpec.of(LogSoftmax.class, d -> {
                            Shape shape = d.shape(d.between(1, 3));
                            return Drawn.of(
                                    new LogSoftmax(d.between(0, shape.rank() - 1)), Operand.uniform(shape, -4, 4));
                        })
                        .ulps(8)
                        .terms(ReductionSpecs::size)
                        .example(new LogSoftmax(0), List.of(Literal.vector(0, -2000)), Literal.vector(0, -2000)),
                OpSpec.of(SoftmaxGrad.class, d -> {
                            Shape shape = d.shape(d.between(1, 3));
                            Operand y = Operand.uniform(shape, 0, 1);
                            return Drawn.of(
                                    new SoftmaxGrad(d.between(0, shape.rank() - 1)), y, Operand.uniform(shape, -1, 1));
                        })
                        .ulps(8)
                        .terms(ReductionSpecs::size)
                        .example(
                                new SoftmaxGrad(0),
                                List.of(Literal.vector(0.5, 0.5), Literal.vector(1, 3)),
                                Literal.vector(-0.5, 0.5)),
                OpSpec.of(LogSoftmaxGrad.class, d -> {
                            Shape shape = d.shape(d.between(1, 3));
                            Operand y = Operand.uniform(shape, -4, 0);
                            return Drawn.of(
                                    new LogSoftmaxGrad(d.between(0, shape.rank() - 1)),
                                    y,
                                    Operand.uniform(shape, -1, 1));
                        })
                        .ulps(8)
                        .terms(ReductionSpecs::size)
                        .example(
                                new LogSoftmaxGrad(1),
                                List.of(Literal.of(Shape.of(1, 2), 0, -2000), Literal.of(Shape.of(1, 2), 1, 3)),
                                Literal.of(Shape.of(1, 2), -3, 3)));
    }

    private static double size(OpCase c) {
        return c.operands().get(0).shape().size();
    }
}
