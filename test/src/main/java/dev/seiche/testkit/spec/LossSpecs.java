package dev.seiche.testkit.spec;

import dev.seiche.tensor.Shape;
import dev.seiche.tensor.op.CrossEntropy;
import dev.seiche.tensor.op.CrossEntropyGrad;
import dev.seiche.tensor.op.Moments;
import dev.seiche.tensor.op.Standardise;
import dev.seiche.tensor.op.StandardiseGrad;
import dev.seiche.testkit.Literal;
import dev.seiche.testkit.OpCase;
import dev.seiche.testkit.OpSpec;
import dev.seiche.testkit.OpSpec.Drawn;
import dev.seiche.testkit.Operand;
import java.util.List;

/** Specs of losses and norms, and of their gradients. */
final class LossSpecs {
    private static final Literal LOGITS = Literal.of(Shape.of(2, 2), 0, 0, 1000, 3000);
    private static final Literal LABELS = Literal.ids(Shape.of(2), 1, 0);

    private LossSpecs() {}

    static List<OpSpec<?>> all() {
        return List.of(
                OpSpec.of(CrossEntropy.class, d -> {
                            Shape rows = MovementSpecs.smallIds(d);
                            int classes = d.ragged();
                            return Drawn.of(
                                    new CrossEntropy(),
                                    Operand.uniform(rows.concat(Shape.of(classes)), -4, 4),
                                    Operand.ids(rows, classes));
                        })
                        .ulps(8)
                        .terms(LossSpecs::classes)
                        .example(new CrossEntropy(), List.of(LOGITS, LABELS), Literal.vector(0.6931471805599453, 2000)),
                OpSpec.of(CrossEntropyGrad.class, d -> {
                            Shape rows = MovementSpecs.smallIds(d);
                            int classes = d.ragged();
                            return Drawn.of(
                                    new CrossEntropyGrad(),
                                    Operand.uniform(rows.concat(Shape.of(classes)), -4, 4),
                                    Operand.ids(rows, classes),
                                    Operand.uniform(rows, -1, 1));
                        })
                        .ulps(8)
                        .terms(LossSpecs::classes)
                        .example(
                                new CrossEntropyGrad(),
                                List.of(LOGITS, LABELS, Literal.vector(2, 3)),
                                Literal.of(Shape.of(2, 2), 1, -1, -3, 3)),
                OpSpec.of(Moments.class, d -> {
                            Shape shape = d.shape(d.between(1, 4));
                            return Drawn.of(new Moments(d.axes(shape, 1)), Operand.uniform(shape, -4, 4));
                        })
                        .ulps(8)
                        .terms(LossSpecs::size)
                        .example(
                                new Moments(List.of(0)),
                                List.of(Literal.of(Shape.of(2, 2), 1, 3, 5, 1003)),
                                Literal.of(Shape.of(2, 2), 3, 503, 4, 250000))
                        .example(
                                new Moments(List.of(0, 1)),
                                List.of(Literal.of(Shape.of(2, 2), 1, 2, 3, 6)),
                                Literal.vector(3, 3.5))
                        .example(new Moments(List.of()), List.of(Literal.vector(5)), Literal.of(Shape.of(2, 1), 5, 0)),
                OpSpec.of(Standardise.class, d -> {
                            Shape shape = d.shape(d.between(1, 4));
                            return Drawn.of(
                                    new Standardise(d.uniform(0.5, 1.5), d.axes(shape, 1)),
                                    Operand.uniform(shape, -4, 4));
                        })
                        .ulps(8)
                        .terms(LossSpecs::size)
                        .example(
                                new Standardise(0, List.of(1)),
                                List.of(Literal.of(Shape.of(2, 2), 1, 3, 1000, 1008)),
                                Literal.of(Shape.of(2, 2), -1, 1, -1, 1))
                        .example(
                                new Standardise(5, List.of(0)),
                                List.of(Literal.vector(-2, 2, 6, 6, 3)),
                                Literal.vector(
                                        -5 / Math.sqrt(13.8),
                                        -1 / Math.sqrt(13.8),
                                        3 / Math.sqrt(13.8),
                                        3 / Math.sqrt(13.8),
                                        0)),
                OpSpec.of(StandardiseGrad.class, d -> {
                            Shape shape = d.shape(d.between(1, 4));
                            return Drawn.of(
                                    new StandardiseGrad(d.uniform(0.5, 1.5), d.axes(shape, 1)),
                                    Operand.uniform(shape, -4, 4),
                                    Operand.uniform(shape, -1, 1));
                        })
                        .ulps(16)
                        .terms(LossSpecs::size)
                        .example(
                                new StandardiseGrad(3, List.of(0)),
                                List.of(Literal.vector(1, 3), Literal.vector(8, 0)),
                                Literal.vector(1.5, -1.5)));
    }

    private static double size(OpCase c) {
        return c.operands().get(0).shape().size();
    }

    private static double classes(OpCase c) {
        return c.operands().get(0).shape().dim(-1);
    }
}
