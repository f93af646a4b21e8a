package dev.seiche.testkit.spec;

import dev.seiche.tensor.Shape;
import dev.seiche.tensor.op.Linear;
import dev.seiche.tensor.op.Matmul;
import dev.seiche.testkit.Draw;
import dev.seiche.testkit.Literal;
import dev.seiche.testkit.OpSpec;
import dev.seiche.testkit.OpSpec.Drawn;
import dev.seiche.testkit.Operand;
import java.util.List;

/** Specs of the matrix products. */
final class LinearAlgebraSpecs {
    private LinearAlgebraSpecs() {}

    static List<OpSpec<?>> all() {
        Literal a = Literal.of(Shape.of(2, 3), 1, 2, 3, 4, 5, 6);
        Literal b = Literal.of(Shape.of(3, 2), 1, 0, 0, 1, 1, 1);
        return List.of(
                OpSpec.of(Matmul.class, LinearAlgebraSpecs::matmul)
                        .terms(c -> c.operands().get(0).shape().dim(((Matmul) c.op()).transposeA() ? -2 : -1))
                        .flops(c -> 2.0
                                * c.operands().get(0).shape().size()
                                * c.operands().get(1).shape().dim(((Matmul) c.op()).transposeB() ? -2 : -1))
                        .example(new Matmul(false, false), List.of(a, b), Literal.of(Shape.of(2, 2), 4, 5, 10, 11))
                        .example(new Matmul(true, true), List.of(b, a), Literal.of(Shape.of(2, 2), 4, 10, 5, 11)),
                OpSpec.of(Linear.class, d -> {
                            int in = d.ragged();
                            int out = d.ragged();
                            Shape x = d.chance(0.7) ? Shape.of(d.ragged(), in) : Shape.of(d.dim(), d.dim(), in);
                            Operand input = Operand.uniform(x, -1, 1);
                            Operand w = Operand.uniform(Shape.of(in, out), -1, 1);
                            return d.chance(0.3)
                                    ? Drawn.of(new Linear(), input, w)
                                    : Drawn.of(new Linear(), input, w, Operand.uniform(Shape.of(out), -1, 1));
                        })
                        .terms(c -> c.operands().get(0).shape().dim(-1) + 1)
                        .flops(c -> 2.0
                                * c.operands().get(0).shape().size()
                                * c.operands().get(1).shape().dim(1))
                        .example(
                                new Linear(),
                                List.of(a, b, Literal.vector(10, 20)),
                                Literal.of(Shape.of(2, 2), 14, 25, 20, 31)));
    }

    private static Drawn matmul(Draw d) {
        boolean ta = d.chance(0.5);
        boolean tb = d.chance(0.5);
        int m = d.ragged();
        int n = d.ragged();
        int k = d.ragged();
        Shape batch = d.chance(0.6) ? Shape.scalar() : Shape.of(d.dim(), d.dim());
        Shape a = d.stretchable(batch).concat(ta ? Shape.of(k, m) : Shape.of(m, k));
        Shape b = d.stretchable(batch).concat(tb ? Shape.of(n, k) : Shape.of(k, n));
        return Drawn.of(new Matmul(ta, tb), Operand.uniform(a, -1, 1), Operand.uniform(b, -1, 1));
    }
}
