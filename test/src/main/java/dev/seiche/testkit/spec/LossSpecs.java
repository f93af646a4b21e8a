package dev.seiche.testkit.spec;

import dev.seiche.tensor.Shape;
import dev.seiche.tensor.op.CrossEntropy;
import dev.seiche.tensor.op.CrossEntropyGrad;
import dev.seiche.testkit.Literal;
import dev.seiche.testkit.OpCase;
import dev.seiche.testkit.OpSpec;
import dev.seiche.testkit.OpSpec.Drawn;
import dev.seiche.testkit.Operand;
import java.util.List;

/** Specs of losses, and of their gradients. */
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
                                Literal.of(Shape.of(2, 2), 1, -1, -3, 3)));
    }

    private static double classes(OpCase c) {
        return c.operands().get(0).shape().dim(-1);
    }
}
