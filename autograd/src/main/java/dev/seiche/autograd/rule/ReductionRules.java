package dev.seiche.autograd.rule;

import static dev.seiche.autograd.rule.Rule.general;
import static dev.seiche.autograd.rule.Rule.linear;
import static dev.seiche.autograd.rule.Rule.nonDifferentiable;

import dev.seiche.tensor.Ops;
import dev.seiche.tensor.Value;
import dev.seiche.tensor.op.ArgMax;
import dev.seiche.tensor.op.Max;
import dev.seiche.tensor.op.Sum;
import java.util.List;

/** Rules of ops that fold axes. k interpreter, s site, dy cotangent of y, t tangent of x; see {@link Rule} for the verbs. */
final class ReductionRules {
    private ReductionRules() {}

    static List<Rule<?>> rows() {
        return List.of(
                linear(Sum.class, (k, s, dy) -> k.expand(kept(k, s, s.op().axes(), dy), s.shape()))
                        .perSample((s, y, i) -> samples(s.op().axes(), s.op().keepDims(), y)),
                general(
                                Max.class,
                                (k, s, dy) -> k.mul(kept(k, s, s.op().axes(), dy), maximaShare(k, s)),
                                (k, s, t) -> k.apply(
                                        new Sum(s.op().axes(), s.op().keepDims()),
                                        List.of(k.mul(t, maximaShare(k, s)))))
                        .perSample((s, y, i) -> samples(s.op().axes(), s.op().keepDims(), y)),
                nonDifferentiable(ArgMax.class, "an index jumps"));
    }

    private static SampleFlow samples(List<Integer> axes, boolean keepDims, SampleAxis y) {
        return keepDims ? SampleFlow.at(y) : SampleFlows.reduced(y, axes);
    }

    /** {@code v}, of y's shape, with the reduced axes back at size 1. */
    private static Value kept(Ops<Value> k, Site<?> s, List<Integer> axes, Value v) {
        return k.reshape(v, s.shape().reduce(axes, true));
    }

    /** In x's shape: 1 / (number of equal maxima) where x is the maximum, else 0; NaN where the maximum is NaN. */
    private static Value maximaShare(Ops<Value> k, Site<Max> s) {
        Value isMax = k.equal(s.x(), kept(k, s, s.op().axes(), s.y()));
        return k.div(isMax, k.apply(new Sum(s.op().axes(), true), List.of(isMax)));
    }
}
