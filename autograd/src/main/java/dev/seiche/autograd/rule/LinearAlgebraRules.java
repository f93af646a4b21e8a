package dev.seiche.autograd.rule;

import static dev.seiche.autograd.rule.Rule.bilinear;

import dev.seiche.tensor.Ops;
import dev.seiche.tensor.Shape;
import dev.seiche.tensor.Value;
import dev.seiche.tensor.op.Linear;
import dev.seiche.tensor.op.Matmul;
import java.util.List;

/** Rules of matrix products. k interpreter, s site, dy cotangent of y; see {@link Rule} for the verbs. */
final class LinearAlgebraRules {
    private LinearAlgebraRules() {}

    static List<Rule<?>> rows() {
        return List.of(
                // y = A B with A = a or aT, B = b or bT: dA = dy BT, dB = AT dy, each transposed back
                bilinear(
                        Matmul.class,
                        (k, s, dy) -> s.op().transposeA()
                                ? k.matmul(s.in(1), dy, s.op().transposeB(), true)
                                : k.matmul(dy, s.in(1), false, !s.op().transposeB()),
                        (k, s, dy) -> s.op().transposeB()
                                ? k.matmul(dy, s.in(0), true, s.op().transposeA())
                                : k.matmul(s.in(0), dy, !s.op().transposeA(), false)),
                // y = x w + bias over positions: dx = dy wT, dw = xT dy, dbias = dy (summed over positions by the verb)
                bilinear(
                        Linear.class,
                        (k, s, dy) -> k.reshape(k.matmul(rows(k, dy), s.in(1), false, true), s.shape()),
                        (k, s, dy) -> k.matmul(rows(k, s.x()), rows(k, dy), true, false),
                        (k, s, dy) -> dy));
    }

    /** All leading axes made into one: a matrix with one position per row. */
    private static Value rows(Ops<Value> k, Value x) {
        int rank = x.shape().rank();
        if (rank == 2) {
            return x;
        }
        long positions = x.shape().slice(0, rank - 1).size();
        return k.reshape(x, Shape.of(Math.toIntExact(positions), x.shape().dim(-1)));
    }
}
