package dev.seiche.autograd.rule;

import static dev.seiche.autograd.rule.Rule.bilinear;

import dev.seiche.tensor.Ops;
import dev.seiche.tensor.Shape;
import dev.seiche.tensor.Value;
import dev.seiche.tensor.op.Linear;
import dev.seiche.tensor.op.Matmul;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Rules of matrix products. k interpreter, s site, dy cotangent of y; see {@link Rule} for the verbs. */
final class LinearAlgebraRules {
    private LinearAlgebraRules() {}

    static List<Rule<?>> rows() {
        return List.of(
                // y = A B with A = a or aT, B = b or bT: dA = dy BT, dB = AT dy, each transposed back
                bilinear(Matmul.class, LinearAlgebraRules::toA, LinearAlgebraRules::toB)
                        .perSample(
                                (s, y, i) -> SampleFlows.product(
                                        s.in(i).shape(),
                                        s.y().shape(),
                                        y,
                                        i,
                                        i == 0 ? s.op().transposeA() : s.op().transposeB()),
                                LinearAlgebraRules::productFactors),
                // y = x w + bias over positions: dx = dy wT, dw = xT dy, dbias = dy (summed over positions by the verb)
                bilinear(
                                Linear.class,
                                (k, s, dy) -> k.reshape(k.matmul(rows(k, dy), s.in(1), false, true), s.shape()),
                                (k, s, dy) -> k.matmul(rows(k, s.x()), rows(k, dy), true, false),
                                (k, s, dy) -> dy)
                        .perSample(LinearAlgebraRules::linearFlow, LinearAlgebraRules::linearFactors));
    }

    private static Value toA(Ops<Value> k, Site<Matmul> s, Value dy) {
        return s.op().transposeA()
                ? k.matmul(s.in(1), dy, s.op().transposeB(), true)
                : k.matmul(dy, s.in(1), false, !s.op().transposeB());
    }

    private static Value toB(Ops<Value> k, Site<Matmul> s, Value dy) {
        return s.op().transposeB()
                ? k.matmul(dy, s.in(0), true, s.op().transposeA())
                : k.matmul(s.in(0), dy, !s.op().transposeA(), false);
    }

    /** Of an operand without leading axes: outer products of the other operand with dy, in the order of its own axes. */
    private static @Nullable Factors<Value> productFactors(
            Ops<Value> k, Site<Matmul> s, SampleAxis y, Value dy, int input) {
        Shape shape = s.in(input).shape();
        int rank = dy.shape().rank();
        if (shape.slice(0, shape.rank() - 2).size() != 1) {
            boolean leading = y.axis() < rank - 2;
            return leading
                    ? new Factors.Rows<>(y.summedTo(k, input == 0 ? toA(k, s, dy) : toB(k, s, dy), shape))
                    : null;
        }
        if (s.in(1 - input).shape().rank() < rank) {
            return null;
        }
        // the other operand and dy as rows over the positions that the shared one was multiplied with
        boolean a = input == 0;
        boolean transposed = a ? s.op().transposeA() : s.op().transposeB();
        boolean turned = a ? !s.op().transposeB() : s.op().transposeA();
        Value other = turned ? k.swapAxes(s.in(1 - input), -1, -2) : s.in(1 - input);
        Value back = a ? k.swapAxes(dy, -1, -2) : dy;
        SampleAxis at = a && y.axis() == rank - 1 ? y.on(rank - 2) : y;
        Side.Dense<Value> x = new Side.Dense<>(at.positions(k, other), 1);
        Side.Dense<Value> g = new Side.Dense<>(at.positions(k, back), 1);
        return a == transposed ? new Factors.Outer<>(x, g, shape) : new Factors.Outer<>(g, x, shape);
    }

    /** Positions lead; the last axis is the columns of the weight. */
    private static SampleFlow linearFlow(Site<Linear> s, SampleAxis y, int input) {
        boolean columns = y.axis() == s.y().shape().rank() - 1;
        if (input == 0) {
            return columns ? SampleFlow.shared() : SampleFlow.at(y);
        }
        return columns ? SampleFlow.at(y.on(input == 1 ? 1 : 0)) : SampleFlow.shared();
    }

    /** G = sum over positions of x dyT for the weight, dy for the bias. */
    private static @Nullable Factors<Value> linearFactors(
            Ops<Value> k, Site<Linear> s, SampleAxis y, Value dy, int input) {
        return switch (input) {
            case 1 ->
                new Factors.Outer<>(
                        new Side.Dense<>(y.positions(k, s.x()), 1),
                        new Side.Dense<>(y.positions(k, dy), 1),
                        s.in(1).shape());
            case 2 -> new Factors.Rows<>(y.summedTo(k, dy, s.in(2).shape()));
            default -> null;
        };
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
